"""What stands on the register already and may be the same, or the like."""

from django.contrib.postgres.search import SearchRank
from django.db.models import F, QuerySet

from pcl.models import RegisterEntry
from pcl.queries.word_query import WordQuery
from pcl.text import SearchedPart, fold
from verification.models import Application

SHOWN = 5
# Ranked at most; a name of everyday words must not rank the whole register.
LOOKED_AT = 500
MOST_WORDS = 5
LONGEST_WORD = 60


def similar_listings(application: Application) -> list[RegisterEntry]:
    """Listings of products with a like name, the likest first, then others under a requested code. Few, never all."""
    others = RegisterEntry.objects.exclude(listing__determined_code__determination__application=application)
    by_name = _with_a_like_name(application.product_name, others)
    codes = [requested.code_id for requested in application.requested_codes.all()]
    by_code = (
        others.filter(code_meaning__in=codes)
        .exclude(pk__in=[entry.pk for entry in by_name])
        .order_by("code", "manufacturer", "product", "model_number", "listing_id")[:SHOWN]
    )
    return [*by_name, *by_code]


def _with_a_like_name(name: str, others: QuerySet[RegisterEntry]) -> list[RegisterEntry]:
    words = sorted({word for word in fold(name).split() if len(word) > 2}, key=len, reverse=True)[:MOST_WORDS]
    if not words:
        return []
    # Only letters and digits are left by fold, so no word is an operator.
    any_of = WordQuery(" | ".join(f"{word[:LONGEST_WORD]}:*{SearchedPart.PRODUCT}" for word in words))
    candidates = RegisterEntry.objects.filter(search=any_of).order_by().values("pk")[:LOOKED_AT]
    ranked = others.filter(pk__in=candidates).annotate(rank=SearchRank(F("search"), any_of))
    return list(ranked.order_by("-rank", "code", "listing_id")[:SHOWN])
