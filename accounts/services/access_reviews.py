"""Saying that one has looked through who may do what, and noting who took such a list out of the house."""

from typing import Any

from accounts.models import AccountEvent, EventKind, User


def record_access_review(*, note: str, counts: dict[str, int], by: User) -> AccountEvent:
    """`counts` are what the list held at that moment. Never changed afterwards."""
    return AccountEvent.objects.create(
        kind=EventKind.ACCESS_REVIEWED, by=by, person=by, reason=note.strip(), about={"counts": counts}
    )


def record_export(*, what: str, asked: dict[str, Any], by: User) -> AccountEvent:
    """Before the first row leaves: `what` was exported, and which of it (`asked`, the filters)."""
    return AccountEvent.objects.create(kind=EventKind.EXPORTED, by=by, person=by, about={"what": what, "asked": asked})
