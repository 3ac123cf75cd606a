from collections.abc import Iterator

from django.utils import timezone

from verification.checks.gap import Gap
from verification.models import Application
from verification.queries.name_change import name_change, other_people_act_for_it


def check(application: Application) -> Iterator[Gap]:
    """A name that is another's is a merger; nobody merges into itself, or into others who have not agreed."""
    change = name_change(application)
    if not change.name:
        return
    if change.organization.merged_into is not None:
        yield Gap(
            "questions",
            f"{change.organization.name} became part of {change.organization.merged_into.name} meanwhile.",
            "change",
        )
    if change.since is not None and change.since > timezone.localdate():
        yield Gap("questions", "The change lies ahead. Attest it on the day on which it holds, or later.", "since")
    if not any(character.isalpha() for character in change.name):
        yield Gap("questions", "Give the name in letters.", "into" if change.is_merger else "new-name")
    elif change.is_into_itself:
        yield Gap("questions", "An organization cannot become part of itself. Name the other one.", "into")
    elif not change.is_merger and change.name == change.organization.name:
        yield Gap("questions", "That is its name already. Give the new one.", "new-name")
    elif not change.is_merger and change.into not in (None, change.organization):
        yield Gap(
            "questions",
            f"The register knows another organization of that name. If yours became part of it, choose “It became "
            f"part of another organization” and name {change.into}.",
            "new-name",
        )
    elif change.is_merger and change.into is not None and other_people_act_for_it(application, change.into):
        attached = application.documents.filter(removed_at=None, kind="agreement").exists()
        if not attached:
            yield Gap(
                "documents",
                f"Other people act for {change.into.name}. Attach its agreement, on its letterhead.",
                "agreement",
            )
