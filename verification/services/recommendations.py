"""What was recommended, kept each time."""

from django.db.models import Max

from verification.models import Determination, Recommendation
from verification.queries.drafted import drafted


def keep_recommendation(determination: Determination) -> Recommendation:
    """Keep what `determination` says now as its next recommendation. In the transaction that recommends it."""
    assert determination.recommended_by is not None  # noqa: S101  # the step has just set both
    assert determination.recommended_at is not None  # noqa: S101
    last = determination.recommendations.aggregate(last=Max("number"))["last"] or 0
    return Recommendation.objects.create(
        determination=determination,
        number=last + 1,
        by=determination.recommended_by,
        at=determination.recommended_at,
        said=drafted(determination).as_json(),
    )
