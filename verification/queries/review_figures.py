"""How many applications came in and how they ended, by quarter and product group, for everybody.

No single applicant shows through: a small number is not told, and neither is another one from which, with the total, it
could be reckoned.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.utils import timezone

from verification.product_groups.loader import groups
from verification.product_groups.titles import group_title
from verification.queries.reports.scope import begin_of

MEASURES = ("received", "determined", "rejected", "withdrawn")
QUARTERS = 9
"""The present one, and two years before it."""
KEPT_SECONDS = 3600
_KEPT_AS = "verification.review_figures"

_SQL = """
WITH happened AS (
    SELECT date_trunc('quarter', submitted_at AT TIME ZONE %(zone)s)::date AS since, product_group, 'received' AS what
    FROM verification_application WHERE status <> 'draft' AND submitted_at >= %(begin)s
    UNION ALL
    SELECT date_trunc('quarter', closed_at AT TIME ZONE %(zone)s)::date, product_group, status
    FROM verification_application WHERE closed_at >= %(begin)s
)
SELECT since, product_group, what, count(*) FROM happened GROUP BY since, product_group, what
"""

Counts = dict[str, int | None]


@dataclass(frozen=True)
class Quarter:
    first: date
    counts: Counts
    """By measure; None: fewer than FIGURES_LEAST, or not told because another one could be reckoned from it."""

    @property
    def name(self) -> str:
        return f"{self.first.year}, quarter {(self.first.month + 2) // 3}"


def review_figures() -> dict[str, list[Quarter]]:
    """By product group (its slug; empty: all of them together), the quarters oldest first. Up to an hour old."""
    kept: dict[str, list[Quarter]] | None = cache.get(_KEPT_AS)
    if kept is None:
        kept = _reckoned()
        cache.set(_KEPT_AS, kept, KEPT_SECONDS)
    return kept


def _reckoned() -> dict[str, list[Quarter]]:
    quarters = _quarters()
    with connection.cursor() as cursor:
        cursor.execute(_SQL, {"begin": begin_of(quarters[0]), "zone": settings.TIME_ZONE})
        found = {(since, group, what): count for since, group, what, count in cursor.fetchall()}
    slugs = sorted({group.slug for group in groups()} | {group for _, group, _ in found}, key=group_title)
    told: dict[str, list[Quarter]] = {slug: [] for slug in ["", *slugs]}
    for since in quarters:
        by_measure = {
            what: without_small({slug: found.get((since, slug, what), 0) for slug in slugs}, settings.FIGURES_LEAST)
            for what in MEASURES
        }
        for slug in slugs:
            told[slug].append(Quarter(since, {what: by_measure[what][slug] for what in MEASURES}))
        totals = {what: sum(found.get((since, slug, what), 0) for slug in slugs) for what in MEASURES}
        told[""].append(
            Quarter(since, {what: total if total >= settings.FIGURES_LEAST else None for what, total in totals.items()})
        )
    return told


def without_small(counts: Mapping[str, int], least: int) -> Counts:
    """`counts` without those below `least`; and where that is a single one, without the next smallest, too.

    Otherwise the total would tell what was left out. Noughts are left out, too: with them the last one could be told.
    """
    hidden = {name for name, count in counts.items() if count < least}
    if len(hidden) == 1 and len(counts) > 1:
        hidden.add(min((name for name in counts if name not in hidden), key=lambda name: (counts[name], name)))
    return {name: None if name in hidden else count for name, count in counts.items()}


def _quarters() -> list[date]:
    today = timezone.localdate()
    number = today.year * 4 + (today.month - 1) // 3
    return [date(each // 4, each % 4 * 3 + 1, 1) for each in range(number - QUARTERS + 1, number + 1)]
