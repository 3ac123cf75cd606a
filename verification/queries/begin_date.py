"""The first date of service of what a determination changes: whether it must be given, and what it is where not."""

from datetime import date

from verification.models import ApplicationKind, Determination
from verification.queries.planned_changes import planned_changes


def begin_date_is_needed(determination: Determination) -> bool:
    """Where it assigns a code; of a reconsideration, where it changes a listing: one that ends, ends the day before."""
    if determination.application.kind == ApplicationKind.RECONSIDERATION:
        return bool(planned_changes(determination))
    return determination.assigns_codes


def begin_date(determination: Determination, given: date | None) -> date | None:
    """The one given; where a reconsideration upholds listings, the one with which they began."""
    first = determination.application.reconsiders
    if given is None and first is not None and determination.assigns_codes:
        return first.begins
    return given
