"""How long reviews of one kind usually took: for the applicant who waits, and for everybody.

The days from the submission of an application to its determination, all of them: also those during which the applicant
had the word. Rejected and withdrawn applications took a time, too, but had no review of that kind.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.utils import timezone

KEPT_SECONDS = 3600
_KEPT_AS = "verification.usual_times"

_SQL = """
SELECT product_group, kind, count(*),
    percentile_disc(0.5) WITHIN GROUP (ORDER BY days), percentile_disc(0.9) WITHIN GROUP (ORDER BY days)
FROM (
    SELECT product_group, kind,
        (closed_at AT TIME ZONE %(zone)s)::date - (submitted_at AT TIME ZONE %(zone)s)::date AS days
    FROM verification_application
    WHERE status = 'determined' AND closed_at >= %(since)s
) AS took
GROUP BY GROUPING SETS ((product_group, kind), (kind))
HAVING count(*) >= %(enough)s
"""


@dataclass(frozen=True)
class UsualTime:
    """Of `count` past applications, half were determined within `half_days` days, nine of ten within `most_days`."""

    half_days: int
    """Calendar days, US Eastern, at least 1."""
    most_days: int
    count: int
    since: date
    """Determined on this day or later."""


def usual_time(product_group: str, kind: str) -> UsualTime | None:
    """What is usual for a product group (its slug; empty: all of them) and a kind of application.

    None where fewer than USUAL_TIME_LEAST were determined in the last USUAL_TIME_DAYS days: no single one may show
    through. Up to an hour old.
    """
    return usual_times().get((product_group, kind))


def usual_times() -> dict[tuple[str, str], UsualTime]:
    """By product group (empty: all of them) and kind; only where there were enough. Up to an hour old."""
    kept: dict[tuple[str, str], UsualTime] | None = cache.get(_KEPT_AS)
    if kept is None:
        kept = _reckoned()
        cache.set(_KEPT_AS, kept, KEPT_SECONDS)
    return kept


def _reckoned() -> dict[tuple[str, str], UsualTime]:
    since = timezone.localdate() - timedelta(days=settings.USUAL_TIME_DAYS)
    with connection.cursor() as cursor:
        cursor.execute(
            _SQL,
            {
                "since": timezone.make_aware(datetime.combine(since, time.min)),
                "enough": settings.USUAL_TIME_LEAST,
                "zone": settings.TIME_ZONE,
            },
        )
        return {
            (group or "", kind): UsualTime(max(half, 1), max(most, 1), count, since)
            for group, kind, count, half, most in cursor.fetchall()
        }
