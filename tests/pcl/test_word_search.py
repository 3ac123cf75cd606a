"""Kept SQL finds what the filter finds, on every way, whatever was asked before with the same SQL."""

from datetime import date
from itertools import product as each_of

import pytest
from django.http import QueryDict

from pcl.models import RegisterEntry
from pcl.queries import listing_filter, size, word_search, words_in_order
from pcl.queries.common_words import Common
from pcl.queries.kept_sql import Given, KeptSQL
from pcl.queries.listing_columns import listing_rows
from pcl.queries.listing_facets import spread
from pcl.queries.listing_filter import ListingFilter
from pcl.queries.word_search import WordSearch
from pcl.queries.words_in_order import matching_in_order
from tests.factories.register import publish

pytestmark = pytest.mark.django_db
SITE = "https://register.example"
WORDS = ("rewalk", "re", "k1007 rewalk", "rewa-lk", "ab 12", "össur", "nothing", "%", "' \\ :*")
NARROWED = ("", "&status=all", "&status=ended", "&status=future", "&on=2020-06-01", "&sort=newest", "&sort=product")


@pytest.mark.usefixtures("walkers")
@pytest.mark.parametrize(
    ("counted", "broad", "many"),
    [(1000, 5000, 200), (1, 5000, 200), (1, 2, 1), (1, 2, 200)],
    ids=["few", "more than are counted", "broad", "broad, few told of"],
)
@pytest.mark.parametrize("dense", [False, True], ids=["", "dense"])
def test_kept_sql_finds_what_the_filter_finds(
    monkeypatch: pytest.MonkeyPatch, counted: int, broad: int, many: int, *, dense: bool
) -> None:
    for name, value in (("COUNTED_EXACTLY", counted), ("BROAD", broad), ("MANY", many)):
        monkeypatch.setattr(size, name, value)
    walked = []
    if dense:
        # As if very many had these words; the walk has to be right also where they have not.
        shares = Common(
            dict.fromkeys(("re", "rewalk", "k1007", "nothing"), 1.0), dict.fromkeys(("K1007", "E2601"), 0.5)
        )
        monkeypatch.setattr(words_in_order, "common", lambda: shares)
        monkeypatch.setattr(
            listing_filter, "matching_in_order", lambda *asked: walked.append(asked) or matching_in_order(*asked)
        )
    word_search._counting.cache_clear()
    word_search._counting_and_first.cache_clear()
    word_search._first.cache_clear()
    publish("Rewalk later", code="E2601", begins=date(2099, 1, 1))
    found_something = 0

    for words, narrowed, limit in each_of(WORDS, NARROWED, (2, 100)):
        given = QueryDict(f"q={words.replace('%', '%25')}{narrowed}")
        plain = ListingFilter(given, RegisterEntry.objects.all())
        assert plain.is_valid(), plain.errors
        expected = listing_rows(on=plain.day, site=SITE)(plain.order.sorted(plain.qs, backward=False)[: limit + 1])
        asked = WordSearch.meant_by(given)
        if asked is None:
            # Only punctuation.
            assert not expected
            continue
        assert (asked.kind.day, asked.kind.order) == (plain.day, plain.order)
        counted = asked.size(limit=limit)
        plainly_counted = size.size_of(plain.qs)
        assert (counted.count, counted.is_exact) == (plainly_counted.count, plainly_counted.is_exact)
        assert asked.first_rows(counted, limit=limit, site=SITE) == expected, given
        assert asked.sized_rows(limit=limit, site=SITE) == (counted, expected), given
        assert asked.spread(limit=limit) == spread(
            plain.at_any_time, found=plain.qs, status=plain.asked_status, on=plain.day
        )
        found_something += bool(expected)

    assert found_something > 30
    assert bool(walked) == dense or broad == 2
    word_search._counting.cache_clear()
    word_search._counting_and_first.cache_clear()
    word_search._first.cache_clear()


@pytest.mark.parametrize(
    "query",
    [
        "",
        "q=",
        "q=+++",
        "q=---",
        "status=all",
        "q=walk&code=K1007",
        "q=walk&as_published=2025-01-01",
        "q=walk&status=often",
        "q=walk&on=2024-02-30",
        "q=walk&sort=size",
        f"q={'w' * 401}",
        "q=wa%00lk",
    ],
)
def test_more_than_words_and_what_is_wrong_is_left_to_the_filter(query: str) -> None:
    assert WordSearch.meant_by(QueryDict(query)) is None


def test_empty_parameters_mean_nothing_here_as_there() -> None:
    assert WordSearch.meant_by(QueryDict("q=walk&code=&product=&on=&limit=5&cursor=")) is not None


@pytest.mark.usefixtures("walkers")
def test_a_kept_question_is_asked_with_the_values_of_each_asking() -> None:
    under = RegisterEntry.objects.filter(code=Given("code")).order_by("listing_id").values_list("product", "origin")
    kept = KeptSQL(under)

    assert [name for name, _ in kept.rows(code="E2601")] == ["Cushion"]
    assert [name for name, _ in kept.rows(code="K1007' OR true --")] == []
    assert [name for name, _ in kept.rows(code="A5512")] == ["Footbed"]
    with pytest.raises(KeyError):
        kept.rows()
