"""Keeping saved replies: the words that reviewers begin with."""

from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils import timezone

from pcl.text import clean_text
from verification.models import Purpose, SavedReply
from verification.queries.saved_replies import wrong_placeholders
from verification.workflow.errors import NotGiven, Stale

if TYPE_CHECKING:
    from accounts.models import User


def save_reply(
    *, reply: SavedReply | None, purpose: Purpose, title: str, text: str, by: "User", seen_version: int = 0
) -> SavedReply:
    """A new reply, or `reply` changed. What was sent with it before stays as it was sent.

    Raises NotGiven for a title that another one has and for a placeholder that cannot be filled in; Stale.
    """
    text, title = clean_text(text).strip(), " ".join(clean_text(title).split())
    if wrong := wrong_placeholders(text, purpose):
        raise NotGiven("text", " ".join(wrong))
    try:
        with transaction.atomic():
            kept = SavedReply() if reply is None else SavedReply.objects.select_for_update().get(pk=reply.pk)
            if reply is not None and kept.version != seen_version:
                raise Stale("Somebody changed this reply after you opened the page. Your text is still here: compare.")
            kept.purpose, kept.title, kept.text = purpose, title, text
            kept.saved_by, kept.saved_at = by, timezone.now()
            kept.version += 0 if reply is None else 1
            kept.save()
    except IntegrityError as error:
        raise NotGiven("title", f"Another reply used there is named “{title}”. Choose another title.") from error
    return kept


@transaction.atomic
def retire_reply(*, reply: SavedReply, by: "User") -> None:
    """Offer it no more. Twice is once."""
    SavedReply.objects.filter(pk=reply.pk, retired_at=None).update(
        retired_at=timezone.now(), saved_by=by, saved_at=timezone.now()
    )
