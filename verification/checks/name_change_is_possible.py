from collections.abc import Iterator

from django.utils import timezone

from verification.checks.gap import Gap
from verification.letters.compose import character_no_letter_can_show
from verification.models import Application
from verification.queries.name_change import NameChange, name_change, other_people_act_for_it


def check(application: Application) -> Iterator[Gap]:
    """A name that is another's is a merger; nobody merges into itself, or into others who have not agreed."""
    change = name_change(application)
    if not change.name:
        return
    became = change.organization.merged_into
    if became is not None:
        yield Gap("questions", f"{change.organization.name} became part of {became.name} meanwhile.", "change")
    if change.since is not None and change.since > timezone.localdate():
        yield Gap("questions", "The change lies ahead. Attest it on the day on which it holds, or later.", "since")
    if unshown := character_no_letter_can_show(change.name):
        yield Gap("questions", f"Write the name without “{unshown}”: the letter cannot show it.", _field(change))
    if not any(character.isalpha() for character in change.name):
        yield Gap("questions", "Give the name in letters.", _field(change))
    elif change.is_merger:
        yield from _merger(application, change)
    else:
        yield from _renaming(change)


def _field(change: NameChange) -> str:
    return "into" if change.is_merger else "new-name"


def _merger(application: Application, change: NameChange) -> Iterator[Gap]:
    if change.is_into_itself:
        yield Gap("questions", "An organization cannot become part of itself. Name the other one.", "into")
    elif change.into is not None and other_people_act_for_it(application, change.into):
        attached = application.documents.filter(removed_at=None, kind="agreement").exists()
        if not attached:
            yield Gap(
                "documents",
                f"Other people act for {change.into.name}. Attach its agreement, on its letterhead.",
                "agreement",
            )


def _renaming(change: NameChange) -> Iterator[Gap]:
    if change.name == change.organization.name:
        yield Gap("questions", "That is its name already. Give the new one.", "new-name")
    elif change.into not in (None, change.organization):
        yield Gap(
            "questions",
            "The register knows another organization of that name. If yours became part of it, choose “It became part "
            f"of another organization” and name {change.into}.",
            "new-name",
        )
