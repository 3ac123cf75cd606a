"""Why applications were rejected, and how often a determination was asked to be reconsidered."""

from verification.product_groups import reasons
from verification.product_groups.titles import group_title
from verification.queries.reports.figures import Figures
from verification.queries.reports.scope import Scope

# What the system gives as reason when no answer came (workflow/effects.py).
NO_ANSWER = "no-answer"

_REASONS_SQL = """
SELECT coalesce(nullif(step.given->>'reason_code', ''), %(no_answer)s) AS why, count(*)
FROM verification_transitionlog step
JOIN verification_application application ON application.id = step.application_id
WHERE {of} AND step.at >= %(begin)s AND step.at < %(end)s AND step.target = 'rejected'
GROUP BY why ORDER BY count(*) DESC, why
"""

_RECONSIDERED_SQL = """
SELECT application.product_group, count(*),
    count(*) FILTER (WHERE EXISTS (
        SELECT FROM verification_determination first
        JOIN verification_application again ON again.reconsiders_id = first.id
        WHERE first.application_id = application.id AND again.status <> 'draft'
    ))
FROM verification_application application
WHERE {of} AND application.status = 'determined'
    AND application.closed_at >= %(begin)s AND application.closed_at < %(end)s
GROUP BY application.product_group
"""


def rejection_reasons(scope: Scope) -> Figures:
    found = scope.rows(_REASONS_SQL.format(of=scope.of), no_answer=NO_ANSWER)
    labels = {reason.key: reason.label for reason in reasons().rejection}
    return Figures(("Reason", "Rejections"), [(labels.get(key, key), count) for key, count in found])


def reconsiderations(scope: Scope) -> Figures:
    """Of the determinations made in the period: for how many a reconsideration was asked, until today."""
    found = scope.rows(_RECONSIDERED_SQL.format(of=scope.of))
    rows = sorted((group_title(group), count, asked) for group, count, asked in found)
    if len(rows) > 1:
        rows.append(("All of them", sum(row[1] for row in rows), sum(row[2] for row in rows)))
    return Figures(
        ("Product group", "Determinations", "Asked to be reconsidered", "Percent"),
        [(label, count, asked, round(100 * asked / count, 1)) for label, count, asked in rows],
        drawn=3,
    )
