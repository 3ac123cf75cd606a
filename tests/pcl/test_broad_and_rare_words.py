"""A page of results is the same on each of the ways that lead to it, and what is not counted is said to be more."""

from datetime import date

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from pcl.models import RegisterEntry, Word
from pcl.queries import listing_facets, size
from pcl.queries.listing_facets import Facet, FacetValue, spread
from pcl.queries.listing_filter import ListingFilter
from pcl.queries.size import Size, size_of
from pcl.queries.words_in_order import CodesOfWords
from pcl.services.products import rename_product
from tests.factories.register import publish

pytestmark = pytest.mark.django_db
FEW = Size(3, is_exact=True, about=3)
MANY = Size(1000, is_exact=False, about=100_000)


def asked(query: str) -> ListingFilter:
    found = ListingFilter(QueryDict(query), RegisterEntry.objects.all())
    assert found.is_valid(), found.errors
    return found


@pytest.mark.usefixtures("walkers")
@pytest.mark.parametrize("sort", ["", "&sort=product", "&sort=manufacturer", "&sort=newest"])
@pytest.mark.parametrize(
    ("query", "products"),
    [
        ("q=rewalk", {"ReWalk", "Footbed", "Cushion"}),
        ("q=rewa", {"ReWalk", "Footbed", "Cushion"}),
        ("q=re", {"ReWalk", "Walker Plus", "Footbed", "Cushion"}),
        ("q=rewalk+personal", {"ReWalk"}),
        ("q=rewa-lk", {"ReWalk", "Footbed", "Cushion"}),
        ("q=k1007+rewalk", {"ReWalk"}),
        ("q=ab+12", {"Indego"}),
        ("q=walk", {"Walker Plus"}),
        ("q=walk&status=all", {"Walker Plus", "Old walker"}),
        ("q=walk&status=ended", {"Old walker"}),
        ("q=indego+ossur&organization=parker", {"Indego"}),
        ("product=rewalk", {"ReWalk"}),
        ("organization=rewind", {"Walker Plus"}),
        ("q=nothing", set()),
        ("q=---", set()),
        ("q=rewalk&code=A5512", {"Footbed"}),
        ("q=walk&as_published=now", {"Walker Plus"}),
    ],
)
def test_the_way_does_not_change_the_answer(query: str, products: set[str], sort: str) -> None:
    if query.endswith("=now"):
        now = RegisterEntry.objects.latest("changed_at").changed_at
        query = query.replace("=now", f"={now.isoformat().replace('+00:00', 'Z')}")
    question = asked(query + sort)
    plain = [entry.listing_id for entry in question.order.sorted(question.qs, backward=False)]

    assert {entry.product for entry in question.qs} == products
    counted = size_of(question.qs)
    assert sorted(counted.keys or ()) == sorted(entry.pk for entry in question.qs)
    for way in (FEW, MANY, counted):
        found = question.order.sorted(question.in_order(way), backward=False)
        assert [entry.listing_id for entry in found] == plain


@pytest.mark.usefixtures("walkers")
def test_a_broad_search_is_kept_to_the_codes_that_have_its_words() -> None:
    assert CodesOfWords(["walk"]).codes == ["E0147", "E0148"]
    assert CodesOfWords(["rewalk"]).codes == ["A5512", "E2601", "K1007"]
    assert CodesOfWords(["walk plus"]).codes == ["E0147"]
    assert CodesOfWords(["walk", "rewind"]).codes == ["E0147"]
    assert CodesOfWords(["nothing"]).codes == []
    # Pieces of a model number may stand in one word, which need not be known.
    assert CodesOfWords(["re-walk"]).codes is None
    assert CodesOfWords(["re-walk 12"]).codes == ["A5512", "E2601", "K1007"]
    # Words with digits in them may also stand in one.
    assert CodesOfWords(["walk 1e5x"]).codes == ["E0147"]
    assert CodesOfWords(["ab 12"]).codes == ["K1007"]
    assert CodesOfWords(["***"]).codes is None

    sql = str(asked("q=walk").in_order(MANY).query)
    assert "\"code\" = ANY (['E0147', 'E0148']" in sql
    assert "ts_match_vq" in sql


def test_every_word_ever_shown_stays_in_the_vocabulary() -> None:
    listing = publish("Indego", manufacturer="Parker", model_number="XY-9")
    rename_product(
        product=listing.model.product, name="Zephyr", since=date(2026, 1, 1), source="Letter", reason="So.", by=None
    )

    words = Word.objects.order_by("word").values_list("word", "of_model_number", "codes")
    assert list(words) == [
        ("9", True, ["K1007"]),
        ("indego", False, ["K1007"]),
        ("k1007", False, ["K1007"]),
        ("parker", False, ["K1007"]),
        ("xy", True, ["K1007"]),
        ("xy9", True, ["K1007"]),
        ("zephyr", False, ["K1007"]),
    ]
    publish("Indego Two", manufacturer="Parker", code="E0147")
    assert Word.objects.get(word="indego", of_model_number=False).codes == ["E0147", "K1007"]


def test_what_is_large_is_told_from_what_is_small(monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(6):
        publish(f"Product {number}")
    monkeypatch.setattr(size, "COUNTED_EXACTLY", 5)
    found = RegisterEntry.objects.all()

    assert size_of(found.none() | found.filter(product="Product 1")) == Size(1, is_exact=True, about=1)
    assert size_of(found.filter(product="Nothing")) == Size(0, is_exact=True, about=0)
    assert size_of(found.filter(product__lt="Product 5")) == Size(5, is_exact=True, about=5)
    large = size_of(found)
    assert (large.count, large.is_exact) == (5, False)
    assert large.about >= 6


def facets(query: str) -> dict[str, list[tuple[str, int]]]:
    question = asked(query)
    found = spread(question.at_any_time, found=question.qs, status=question.asked_status, on=question.day)
    return {facet.name: [(value.text, value.count) for value in facet.values] for facet in found.facets}


@pytest.mark.usefixtures("walkers")
def test_facets_count_what_was_found() -> None:
    assert facets("q=walk&status=all") == {
        "classification": [("Powered Orthoses", 1), ("Walkers", 1)],
        "code": [("E0147", 1), ("E0148", 1)],
        "manufacturer": [("Argo Technologies", 1), ("Rewind Medical", 1)],
        "status": [("In force", 1), ("Ended", 1)],
    }
    # The status facet offers the others; what is chosen narrows the rest.
    assert facets("q=walk") == {
        "classification": [("Walkers", 1)],
        "code": [("E0147", 1)],
        "manufacturer": [("Rewind Medical", 1)],
        "status": [("In force", 1), ("Ended", 1)],
    }


@pytest.mark.usefixtures("walkers")
def test_a_facet_is_a_parameter_that_finds_as_many() -> None:
    question = asked("status=all")
    found = spread(question.at_any_time, found=question.qs, status="all", on=question.day)
    assert [facet.name for facet in found.facets] == ["classification", "code", "manufacturer", "status"]

    for facet in found.facets:
        for value in facet.values:
            query = QueryDict(mutable=True)
            query.update({"status": "all"} | {facet.name: value.value})
            assert asked(query.urlencode()).qs.count() == value.count, value
    assert asked("status=all&manufacturer=no-such").qs.count() == 0


@pytest.mark.usefixtures("walkers")
def test_beyond_what_is_counted_facets_are_lower_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing_facets, "COUNTED_EXACTLY", 2)
    question = asked("status=all")

    with CaptureQueriesContext(connection) as queries:
        found = spread(question.at_any_time, found=question.qs, status="all", on=question.day)

    assert not found.counts_exact
    assert found.at_any_time == 2
    assert found.size == Size(6, is_exact=True, about=6)
    code: Facet = found.facets[1]
    assert sum(value.count for value in code.values) == 2
    assert all(isinstance(value, FacetValue) for value in code.values)
    assert len(queries) == 2
