"""Whether a determination needs a first date of service."""

from verification.models import ApplicationKind, Determination
from verification.queries.planned_changes import planned_changes


def begin_date_is_needed(determination: Determination) -> bool:
    """Where it assigns a code; and where a reconsideration ends a listing, which then ends on the day before."""
    if determination.assigns_codes:
        return True
    is_reconsideration = determination.application.kind == ApplicationKind.RECONSIDERATION
    return is_reconsideration and bool(planned_changes(determination))
