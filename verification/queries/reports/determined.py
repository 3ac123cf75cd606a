"""What was determined: with which outcome, under which codes, and who reviewed it."""

from verification.queries.reports.figures import Figures
from verification.queries.reports.scope import Scope

_DAYS = "(application.closed_at AT TIME ZONE %(zone)s)::date - (application.submitted_at AT TIME ZONE %(zone)s)::date"
_CLOSED = "application.closed_at >= %(begin)s AND application.closed_at < %(end)s"

_OUTCOMES_SQL = """
WITH determined AS (
    SELECT {days} AS days,
        ARRAY(SELECT DISTINCT assigned.code_id FROM verification_determinedcode assigned
              WHERE assigned.determination_id = determination.id ORDER BY 1) AS assigned,
        ARRAY(SELECT requested.code_id FROM verification_requestedcode requested
              WHERE requested.application_id = application.id ORDER BY 1) AS requested
    FROM verification_application application
    JOIN verification_determination determination ON determination.application_id = application.id
    WHERE {of} AND application.status = 'determined' AND {closed}
)
SELECT CASE WHEN assigned = '{{}}' THEN 2 WHEN assigned = requested THEN 0 ELSE 1 END AS outcome,
    count(*), percentile_disc(0.5) WITHIN GROUP (ORDER BY days)
FROM determined GROUP BY outcome
"""

_CODES_SQL = """
SELECT code.code, count(DISTINCT determination.id), count(*)
FROM verification_application application
JOIN verification_determination determination ON determination.application_id = application.id
JOIN verification_determinedcode assigned ON assigned.determination_id = determination.id
JOIN hcpcs_code code ON code.id = assigned.code_id
WHERE {of} AND application.status = 'determined' AND {closed}
GROUP BY code.code ORDER BY 2 DESC, 1
"""

_REVIEWERS_SQL = """
SELECT coalesce(reviewer.name, 'Nobody'),
    count(*) FILTER (WHERE application.status = 'determined'),
    count(*) FILTER (WHERE application.status = 'rejected'),
    count(*) FILTER (WHERE application.status = 'withdrawn'),
    percentile_disc(0.5) WITHIN GROUP (ORDER BY {days}) FILTER (WHERE application.status = 'determined')
FROM verification_application application
LEFT JOIN accounts_user reviewer ON reviewer.id = application.reviewer_id
WHERE {of} AND {closed}
GROUP BY reviewer.id, reviewer.name ORDER BY 2 DESC, 1
"""

_OUTCOMES = (
    "The codes that were asked for",
    "Other codes, or not all that were asked for",
    "No HCPCS Code Assigned",
)


def _sql(sql: str, scope: Scope) -> str:
    return sql.format(of=scope.of, closed=_CLOSED, days=_DAYS)


def by_outcome(scope: Scope) -> Figures:
    found = {outcome: rest for outcome, *rest in scope.rows(_sql(_OUTCOMES_SQL, scope))}
    return Figures(
        ("Outcome", "Determinations", "Days, median"),
        [(label, *found.get(number, (0, None))) for number, label in enumerate(_OUTCOMES)],
    )


def by_code(scope: Scope) -> Figures:
    """Codes assigned; a determination that assigns two counts under both."""
    return Figures(("Code", "Determinations", "Models"), scope.rows(_sql(_CODES_SQL, scope)))


def by_reviewer(scope: Scope) -> Figures:
    """By whom an application was assigned to when it was closed; days from submission to determination."""
    return Figures(
        ("Reviewer", "Determined", "Rejected", "Withdrawn", "Days, median"),
        scope.rows(_sql(_REVIEWERS_SQL, scope)),
    )
