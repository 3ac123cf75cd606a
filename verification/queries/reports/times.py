"""How long applications stood in each state, reckoned of the log; the applicant's time apart from the contractor's."""

from decimal import Decimal
from typing import Any

from verification.queries.reports.figures import Figures
from verification.queries.reports.scope import Scope
from verification.workflow.states import Status

# While it stands there, the applicant has the word and the contractor's clock stops.
THE_APPLICANTS = Status.INFORMATION_REQUESTED

# A stay counts in the period in which it ended: only then is it known how long it was.
_STATES_SQL = """
SELECT step.source, count(*),
    percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM step.at - entered.at) / 86400),
    percentile_cont(0.9) WITHIN GROUP (ORDER BY extract(epoch FROM step.at - entered.at) / 86400)
FROM verification_transitionlog step
JOIN verification_transitionlog entered
    ON entered.application_id = step.application_id AND entered.number = step.number - 1
{of_the_scope} WHERE step.at >= %(begin)s AND step.at < %(end)s AND step.source NOT IN ('', 'draft')
GROUP BY step.source
"""

_WHOLE_SQL = """
WITH took AS MATERIALIZED (
    SELECT extract(epoch FROM application.closed_at - application.submitted_at) / 86400 AS whole,
        coalesce((
            SELECT sum(extract(epoch FROM step.at - entered.at)) / 86400
            FROM verification_transitionlog step
            JOIN verification_transitionlog entered
                ON entered.application_id = step.application_id AND entered.number = step.number - 1
            WHERE step.application_id = application.id AND step.source = %(applicants)s
        ), 0) AS waiting
    FROM verification_application application
    WHERE {of} AND application.closed_at >= %(begin)s AND application.closed_at < %(end)s
)
SELECT count(*),
    percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY whole),
    percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY waiting),
    percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY whole - waiting)
FROM took
"""
_TIME_COLUMNS = ("How many", "Days, median", "Days, nine of ten within")


def time_in_each_state(scope: Scope) -> Figures:
    """Days with one decimal, for stays that ended within the period."""
    # Of everything, there is nothing to ask of the applications: a step out of another state than draft was submitted.
    only = f"JOIN verification_application application ON application.id = step.application_id AND {scope.of}"
    sql = _STATES_SQL.format(of_the_scope=only if scope.is_part else "")
    found = {state: rest for state, *rest in scope.rows(sql)}
    rows: list[tuple[Any, ...]] = []
    for state in Status:
        if state in found:
            whose = "the applicant’s time" if state == THE_APPLICANTS else "the contractor’s time"
            count, half, most = found[state]
            rows.append((f"{state.label} ({whose})", count, _days(half), _days(most)))
    return Figures(("State", *_TIME_COLUMNS), rows, drawn=2)


def whole_time(scope: Scope) -> Figures:
    """From submission to closing, of what was closed in the period; and of it, what each side took."""
    ((count, whole, waiting, own),) = scope.rows(_WHOLE_SQL.format(of=scope.of), applicants=THE_APPLICANTS.value)
    if not count:
        return Figures(("Time", *_TIME_COLUMNS), [], drawn=2)
    told = (
        ("From submission to the end", whole),
        ("Of it, waiting for the applicant", waiting),
        ("Of it, the contractor’s own", own),
    )
    return Figures(
        ("Time", *_TIME_COLUMNS), [(label, count, _days(half), _days(most)) for label, (half, most) in told], drawn=2
    )


def _days(days: float | Decimal) -> float:
    return round(float(days), 1)
