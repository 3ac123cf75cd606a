"""What came in and what was closed, over time."""

from typing import Any

from verification.queries.reports.figures import Figures
from verification.queries.reports.scope import Scope

# Days that a period may have to be told by the day, and by the week; longer ones are told by the month.
MOST_BY_DAY = 31
MOST_BY_WEEK = 26 * 7

_SQL = """
WITH happened AS (
    SELECT date_trunc(%(step)s, submitted_at AT TIME ZONE %(zone)s)::date AS since, 'received' AS what
    FROM verification_application application
    WHERE {of} AND submitted_at >= %(begin)s AND submitted_at < %(end)s
    UNION ALL
    SELECT date_trunc(%(step)s, closed_at AT TIME ZONE %(zone)s)::date, status
    FROM verification_application application
    WHERE {of} AND closed_at >= %(begin)s AND closed_at < %(end)s
)
SELECT slot::date,
    count(*) FILTER (WHERE what = 'received'),
    count(*) FILTER (WHERE what = 'determined'),
    count(*) FILTER (WHERE what = 'rejected'),
    count(*) FILTER (WHERE what = 'withdrawn')
FROM generate_series(
    date_trunc(%(step)s, %(first)s::timestamp), %(last)s::timestamp, ('1 ' || %(step)s)::interval
) AS slot
LEFT JOIN happened ON happened.since = slot::date
GROUP BY slot ORDER BY slot
"""
_HEADINGS = {"day": "Day", "week": "Week of", "month": "Month"}


def received_and_closed(scope: Scope) -> Figures:
    """By the day, week or month, as long as the period is; each also where nothing happened."""
    days = (scope.last - scope.first).days + 1
    step = "day" if days <= MOST_BY_DAY else "week" if days <= MOST_BY_WEEK else "month"
    rows: list[tuple[Any, ...]] = [
        (f"{since:%B %Y}" if step == "month" else f"{since:%b} {since.day}, {since.year}", *counts)
        for since, *counts in scope.rows(_SQL.format(of=scope.of), step=step)
    ]
    return Figures((_HEADINGS[step], "Received", "Determined", "Rejected", "Withdrawn"), rows, over_time=True)
