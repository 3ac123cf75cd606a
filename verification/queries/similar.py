"""What stands on the register already and may be the same product, or the like. Few of each, never all."""

from dataclasses import dataclass

from django.contrib.postgres.search import SearchRank
from django.db.models import F, IntegerField, QuerySet, Value

from pcl.models import Organization, RegisterEntry
from pcl.queries.word_query import WordQuery
from pcl.text import SearchedPart, fold
from verification.models import Application

SHOWN = 5
# Ranked at most; a name of everyday words must not rank the whole register.
LOOKED_AT = 500
MOST_WORDS = 5
LONGEST_WORD = 60
# By what they are found, the strongest first.
BY_NUMBER, BY_NAME, BY_MAKER, BY_CODE = range(4)


@dataclass(frozen=True)
class Similar:
    """Listings by what they have in common with the application; each listing under the strongest of them."""

    by_model_number: list[RegisterEntry]
    by_name: list[RegisterEntry]
    by_manufacturer: list[RegisterEntry]
    by_code: list[RegisterEntry]

    def __bool__(self) -> bool:
        return bool(self.by_model_number or self.by_name or self.by_manufacturer or self.by_code)


def similar_listings(application: Application, *, maker: Organization | None) -> Similar:
    """`maker`: the organization that the register knows under the manufacturer's name. Not what came of itself.

    Two questions to the database, whatever the register holds.
    """
    found: dict[int, int] = {}
    for pk, by in _candidates(application, maker):
        found[pk] = min(by, found.get(pk, by))
    others = RegisterEntry.objects.exclude(listing__determined_code__determination__application=application)
    entries = others.defer("search").in_bulk(list(found)) if found else {}
    chosen: dict[int, list[RegisterEntry]] = {by: [] for by in (BY_NUMBER, BY_NAME, BY_MAKER, BY_CODE)}
    for pk, by in found.items():
        if pk in entries and len(chosen[by]) < SHOWN:
            chosen[by].append(entries[pk])
    return Similar(chosen[BY_NUMBER], chosen[BY_NAME], chosen[BY_MAKER], chosen[BY_CODE])


def _candidates(application: Application, maker: Organization | None) -> list[tuple[int, int]]:
    """Ids of entries and by what each is found. More than are shown: some are the application's own, or the same."""
    entries = RegisterEntry.objects.all()
    numbers = {model.normalized for model in application.models.all()}
    codes = [row.code_id for row in application.requested_codes.all()]
    asked: dict[int, QuerySet[RegisterEntry]] = {
        BY_NUMBER: entries.filter(model_normalized__in=numbers).order_by("model_normalized", "listing_id"),
        BY_NAME: _with_a_like_name(application.product_name),
        BY_CODE: entries.filter(code_meaning__in=codes).order_by(
            "code", "manufacturer", "product", "model_number", "listing_id"
        ),
    }
    if maker is not None:
        asked[BY_MAKER] = entries.filter(manufacturer_organization=maker).order_by("code", "listing_id")
    # An application that comes back has listings of its own, up to one for each model and code.
    most = SHOWN * 3 + len(numbers) * max(len(codes), 1)
    few = [
        found.values_list("pk", Value(by, output_field=IntegerField()))[:most]
        for by, found in sorted(asked.items())
        if not found.query.is_empty()
    ]
    return list(few[0].union(*few[1:], all=True)) if few else []


def any_word_of(name: str, *, weight: str = "") -> str:
    """A tsquery that finds what holds a word of `name`, or one that begins so; empty for a name without words."""
    words = sorted({word for word in fold(name).split() if len(word) > 2}, key=len, reverse=True)[:MOST_WORDS]
    # Only letters and digits are left by fold, so no word is an operator.
    return " | ".join(f"{word[:LONGEST_WORD]}:*{weight}" for word in words)


def _with_a_like_name(name: str) -> QuerySet[RegisterEntry]:
    words = any_word_of(name, weight=SearchedPart.PRODUCT)
    if not words:
        return RegisterEntry.objects.none()
    query = WordQuery(words)
    candidates = RegisterEntry.objects.filter(search=query).order_by().values("pk")[:LOOKED_AT]
    ranked = RegisterEntry.objects.filter(pk__in=candidates).annotate(rank=SearchRank(F("search"), query))
    return ranked.order_by("-rank", "code", "listing_id")
