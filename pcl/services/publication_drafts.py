"""Keep what is written for a publication until it is published or deleted. Nothing here is public."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from pcl.errors import RegisterError
from pcl.models import Publication, PublicationDraft
from pcl.text import clean_text

if TYPE_CHECKING:
    from accounts.models import User

# Room for a publication of the longest text, and for what is typed beside it.
LONGEST_DRAFT = 300_000


class DraftGoneError(RegisterError):
    """It was published or deleted since the page was opened."""

    def __init__(self) -> None:
        super().__init__(
            "Somebody else has published or deleted this draft since you opened it. Nothing of yours was saved, and "
            "your text is still below. Look at the publications, then save it as a new draft if it is still wanted."
        )


class DraftChangedError(RegisterError):
    """Somebody else has saved it since the page was opened."""


@transaction.atomic
def save_draft(
    *,
    said: Mapping[str, str],
    publication: Publication | None = None,
    draft: PublicationDraft | None = None,
    seen_version: int = 0,
    by: "User",
) -> PublicationDraft:
    """Keep the form's fields as they were typed: in a new draft, or instead of what `draft` says.

    `publication` is the one that a new draft would revise. Raises RegisterError for a draft that says nothing or is
    too long, DraftChangedError when `draft` is no longer the version that was seen, DraftGoneError when it is gone.
    """
    cleaned = {name: clean_text(value) for name, value in said.items()}
    if not cleaned.get("title", "").strip() and not cleaned.get("body", "").strip():
        raise RegisterError("There is nothing to save yet. Give a title or write some text.")
    if sum(map(len, cleaned.values())) > LONGEST_DRAFT:
        raise RegisterError(f"A draft can have {LONGEST_DRAFT:,} characters at most. Shorten it.")
    if draft is None:
        return PublicationDraft.objects.create(publication=publication, said=cleaned, written_by=by)
    now = _as_seen(draft, seen_version)
    now.said, now.written_by, now.saved_at = cleaned, by, timezone.now()
    now.version += 1
    now.save()
    return now


@transaction.atomic
def publish_draft(*, draft: PublicationDraft, seen_version: int, publish: Callable[[], Publication]) -> Publication:
    """Do `publish`, with what was typed last, and have no draft any more: both or neither.

    Raises as `save_draft` and `publish` do.
    """
    now = _as_seen(draft, seen_version)
    made = publish()
    now.delete()
    return made


@transaction.atomic
def delete_draft(*, draft: PublicationDraft, seen_version: int) -> None:
    """Raises as `save_draft` does: a text is deleted only as it was seen."""
    _as_seen(draft, seen_version).delete()


def _as_seen(draft: PublicationDraft, seen_version: int) -> PublicationDraft:
    now = PublicationDraft.objects.select_for_update(of=("self",)).filter(pk=draft.pk).first()
    if now is None:
        raise DraftGoneError
    if now.version != seen_version:
        raise DraftChangedError(
            f"{now.written_by} has saved this draft since you opened it. Nothing of yours was saved, and your text is "
            "still below. Take over from theirs what must stay, then save again."
        )
    return now
