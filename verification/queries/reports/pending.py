"""What is open, by how long it has been, and what is late."""

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
    -- Without a due day while the applicant has the word.
    SELECT application.due_on AS due, coalesce(application.days_left >= 0, true) AS had_days_left,
        (closed_at AT TIME ZONE %(zone)s)::date AS closed
    FROM verification_application application
    WHERE {of} AND submitted_at < %(end)s
        AND (closed_at IS NULL OR (closed_at >= %(begin)s AND closed_at < %(end)s))
), judged AS (
    SELECT closed IS NULL AS is_open, coalesce(closed, %(today)s) - due AS days_over, had_days_left FROM told
)
SELECT
    count(*) FILTER (WHERE is_open AND coalesce(days_over <= 0, had_days_left)),
    count(*) FILTER (WHERE is_open AND NOT coalesce(days_over <= 0, had_days_left)),
    count(*) FILTER (WHERE NOT is_open AND coalesce(days_over <= 0, had_days_left)),
    count(*) FILTER (WHERE NOT is_open AND NOT coalesce(days_over <= 0, had_days_left)),
    max(days_over) FILTER (WHERE is_open AND days_over > 0),
    max(days_over) FILTER (WHERE NOT is_open AND days_over > 0)
FROM judged
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
    """Open now, and closed within the period: by whether it was in time; the last day of a clock is in time."""
    ((open_in_time, open_late, closed_in_time, closed_late, latest_open, latest_closed),) = scope.rows(
        _LATE_SQL.format(of=scope.of)
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
