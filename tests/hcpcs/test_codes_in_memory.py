"""Searching in memory finds what searching in the database finds, in the same order, or says that it cannot tell."""

import string
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest
from django.contrib.postgres.search import SearchQuery
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hcpcs.models import Code
from hcpcs.queries import codes_in_memory as module
from hcpcs.queries.codes import Status, search_codes
from hcpcs.queries.codes_in_memory import CannotTell, CatalogueRead, first_places, read_catalogue
from hcpcs.services.import_release import import_release
from tests.hcpcs.conftest import TEXT_2025, published_file
from tests.hcpcs.files import first_line, release_file

pytestmark = pytest.mark.django_db
STATUSES: tuple[Status, ...] = ("all", "current", "ended", "future")
QUESTIONS = 400


@pytest.fixture(params=["made up", "published"])
def catalogue(request: pytest.FixtureRequest, tmp_path: Path) -> CatalogueRead:
    """CMS's own where it is at hand, and one whose words and codes lie close together."""
    if request.param == "published":
        import_release(path=published_file(TEXT_2025))
    else:
        random = Random(1)  # noqa: S311
        stems = ("garment", "batter", "compress", "inject", "oxygen", "wheel", "mg", "the", "12", "5mg", "bi-level")
        ends = ("", "s", "ies", "y", "ion", "ing", "ed", "chair", "/other")
        lines = [
            first_line(
                f"{random.choice('AEKL')}{number:04}",
                " ".join(random.choice(stems) + random.choice(ends) for _ in range(random.randint(1, 6))),
                added=f"20{random.randint(10, 26)}0101",
                terminated=random.choice(["", "", f"20{random.randint(26, 30)}1231"]),
            )
            for number in range(1000, 1600)
        ]
        import_release(path=release_file(tmp_path, [*lines, first_line("GY", "Item statutorily excluded")]))
    read = read_catalogue(("id",))
    assert read is not None
    return read


def in_memory(read: CatalogueRead, *, q: str, on: date, status: Status) -> list[int]:
    bits = read.index.search(q=q, on=on, status=status)
    return [read.rows[place][0] for place in first_places(bits, bits.bit_count())]


def in_database(*, q: str, on: date, status: Status) -> list[int]:
    return list(search_codes(q=q, on=on, status=status).values_list("pk", flat=True))


def questions(random: Random) -> list[str]:
    """Words as they are in the catalogue, cut, bent and in each other's company; and what nobody would type."""
    words = [
        word
        for text in Code.objects.order_by("?").values_list("long_description", flat=True)[:400]
        for word in text.split()
    ]
    codes = list(Code.objects.values_list("code", flat=True))

    def one() -> str:
        kind = random.random()
        word = random.choice(codes if kind < 0.2 else words)
        if kind < 0.6:
            word = word[: random.randint(1, len(word))]
        elif kind > 0.85:
            word += random.choice(["s", "ies", "ing", "ed", "y", "1"])
        return random.choice([word, word.upper(), word.lower()])

    made = [" ".join(one() for _ in range(random.choice([1, 1, 1, 2, 2, 3]))) for _ in range(QUESTIONS)]
    odd = ["".join(random.choices(string.printable, k=random.randint(1, 12))) for _ in range(QUESTIONS // 4)]
    return [
        *made,
        *odd,
        "",
        "  ",
        "---",
        "the",
        "The and",
        "1e5",
        "12e",
        "1e5x",
        "x" * 500,
        "batteries",
        "gar ments",
        "é",
    ]


def test_memory_and_database_find_the_same(catalogue: CatalogueRead) -> None:
    random = Random(20261121)  # noqa: S311
    days = [date(2026, 11, 21), date(2019, 1, 1), date(2025, 12, 31), date(2026, 1, 1), date(1900, 1, 1)]
    told = found = 0
    for q in questions(random):
        status = random.choice(STATUSES)
        on = random.choice([*days, date(2000, 1, 1) + timedelta(days=random.randrange(10_000))])
        try:
            rows = in_memory(catalogue, q=q, on=on, status=status)
        except CannotTell:
            continue
        told += 1
        found += bool(rows)
        assert rows == in_database(q=q, on=on, status=status), (q, on, status)
    assert told >= 0.95 * QUESTIONS
    assert found >= 0.4 * QUESTIONS


@pytest.mark.parametrize("status", STATUSES)
def test_the_first_and_the_last_day_are_both_included(catalogue: CatalogueRead, status: Status) -> None:
    with_both = Code.objects.filter(added__isnull=False, terminated__isnull=False).first()
    assert with_both is not None
    assert with_both.added is not None
    assert with_both.terminated is not None
    for day in (with_both.added, with_both.terminated):
        for on in (day - timedelta(days=1), day, day + timedelta(days=1)):
            assert in_memory(catalogue, q="", on=on, status=status) == in_database(q="", on=on, status=status)


def test_a_word_is_asked_of_the_database_once(catalogue: CatalogueRead) -> None:
    module._forms.cache_clear()
    on = date(2026, 11, 21)
    with CaptureQueriesContext(connection) as queries:
        for _ in range(3):
            catalogue.index.search(q="garments batteries", on=on, status="current")
    assert len(queries) == 2


def test_what_postgresql_parts_further_is_left_to_it(catalogue: CatalogueRead, monkeypatch: pytest.MonkeyPatch) -> None:
    both = SearchQuery("com & pression", config="simple", search_type="raw")
    monkeypatch.setattr(module, "word_forms", lambda _: [both])
    module._forms.cache_clear()
    with pytest.raises(CannotTell):
        catalogue.index.search(q="compression", on=date(2026, 11, 21), status="all")


def test_a_catalogue_that_changes_while_it_is_read_is_not_taken(
    catalogue: CatalogueRead, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = iter(["before", "after"])
    monkeypatch.setattr(module, "catalogue_fingerprint", lambda: next(seen))
    assert read_catalogue(("id",)) is None


def test_places_come_in_order_and_no_more_than_asked() -> None:
    bits = 0b1010_0000_0000_0101
    assert first_places(bits, 10) == [0, 2, 13, 15]
    assert first_places(bits, 3) == [0, 2, 13]
    assert first_places(bits, 0) == first_places(0, 5) == []
