"""The letter as it would be, of what is typed and not saved yet."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from hcpcs.models import Code
from verification.letters.compose import letter_text
from verification.models import Application, Outcome
from verification.services.review import ForModel, draft_determination

if TYPE_CHECKING:
    from accounts.models import User


def letter_as_typed(
    *,
    application: Application,
    outcome: Outcome,
    codes: Iterable[Code],
    exceptions: Mapping[int, ForModel],
    rationale: str,
    by: "User",
    seen_version: int,
) -> dict[str, Any]:
    """What the letter would say, dated today, if this were saved. Nothing is: it is saved and taken back.

    Raises NotFromHere, NotAllowed or Stale, as saving does.
    """
    with transaction.atomic():
        determination = draft_determination(
            application=application,
            outcome=outcome,
            codes=codes,
            exceptions=exceptions,
            rationale=rationale,
            by=by,
            seen_version=seen_version,
        )
        said = letter_text(determination, draft_of=timezone.localdate())
        transaction.set_rollback(True)
    return said
