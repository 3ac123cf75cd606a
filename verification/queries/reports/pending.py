"""What is open, by how long it has been, and what is late."""

from django.conf import settings

from verification.queries.reports.figures import Figures
from verification.queries.reports.scope import Scope

# Up to so many days; the last group has no end.
AGES = (7, 30, 60, 90)

_AGES_SQL = """
WITH pending AS (
    SELECT %(as_of)s - (submitted_at AT TIME ZONE %(zone)s)::date AS age
    FROM verification_application application
    WHERE {of} AND submitted_at < %(end)s AND (closed_at IS NULL OR closed_at >= %(end)s)
)
SELECT width_bucket(age, %(bounds)s::int[]) AS slot, count(*), max(age) FROM pending GROUP BY slot ORDER BY slot
"""

_LATE_SQL = """
WITH told AS (
    SELECT (submitted_at AT TIME ZONE %(zone)s)::date + %(review_days)s AS due,
        (closed_at AT TIME ZONE %(zone)s)::date AS closed
    FROM verification_application application
    WHERE {of} AND submitted_at < %(end)s
        AND (closed_at IS NULL OR (closed_at >= %(begin)s AND closed_at < %(end)s))
)
SELECT
    count(*) FILTER (WHERE closed IS NULL AND due >= %(today)s),
    count(*) FILTER (WHERE closed IS NULL AND due < %(today)s),
    count(*) FILTER (WHERE closed <= due),
    count(*) FILTER (WHERE closed > due),
    max(%(today)s - due) FILTER (WHERE closed IS NULL AND due < %(today)s),
    max(closed - due) FILTER (WHERE closed > due)
FROM told
"""


def pending_by_age(scope: Scope) -> Figures:
    """What was open at the end of the period's last day (today, where that is ahead), by calendar days since then."""
    as_of = min(scope.last, scope.parameters["today"])
    bounds = [0, *(age + 1 for age in AGES)]
    found = {
        slot: (count, oldest)
        for slot, count, oldest in scope.rows(_AGES_SQL.format(of=scope.of), as_of=as_of, bounds=bounds)
    }
    return Figures(
        ("Age", "Pending", "Oldest (days)"),
        [(label, *found.get(number + 1, (0, None))) for number, label in enumerate(_age_labels())],
    )


def _age_labels() -> list[str]:
    first = [0, *(age + 1 for age in AGES)]
    within = [f"{begin} to {end} days" for begin, end in zip(first, AGES, strict=False)]
    return [*within, f"More than {AGES[-1]} days"]


def overdue(scope: Scope) -> Figures:
    """Open now, and closed within the period: by whether it was in time. REVIEW_DAYS calendar days from submission."""
    ((open_in_time, open_late, closed_in_time, closed_late, latest_open, latest_closed),) = scope.rows(
        _LATE_SQL.format(of=scope.of), review_days=settings.REVIEW_DAYS
    )
    return Figures(
        ("Applications", "How many", "Latest by (days)"),
        [
            ("Open now, in time", open_in_time, None),
            ("Open now, overdue", open_late, latest_open),
            ("Closed in the period, in time", closed_in_time, None),
            ("Closed in the period, late", closed_late, latest_closed),
        ],
    )
