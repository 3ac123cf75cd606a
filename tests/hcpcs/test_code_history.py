"""What each release said of a code, and which release speaks for a day."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from hcpcs.models import Code
from hcpcs.queries.code_history import code_history, first_day_after, record_as_of
from hcpcs.queries.codes import meanings
from hcpcs.services.import_release import import_release
from tests.hcpcs.files import first_line, release_file
from tests.hcpcs.releases import JANUARY_2023, JANUARY_2024, OCTOBER_2025, load_releases

pytestmark = pytest.mark.django_db


def events(code: str, kind: str = "code") -> list[list[tuple[str, bool, list[str]]]]:
    found = code_history(code, kind=kind)
    assert found is not None
    return [
        [(event.release.label.partition(",")[0], event.record is None, list(event.changes)) for event in each.events]
        for each in found.meanings
    ]


def test_only_releases_that_changed_something_are_told(tmp_path: Path) -> None:
    load_releases(tmp_path, OCTOBER_2025, JANUARY_2023, JANUARY_2024)

    assert events("A0002") == [
        [("January 2024", False, ["long_description", "short_description"]), ("January 2023", False, [])]
    ]
    history = code_history("A0002")
    assert history is not None
    assert [release.year for release in history.meanings[0].silent] == [2025]
    assert events("GY", "modifier")[0][0] == ("October 2025", False, ["long_description", "short_description"])


def test_a_release_that_no_longer_has_it_is_told(tmp_path: Path) -> None:
    load_releases(tmp_path)

    assert events("A0008") == [[("October 2025", True, []), ("January 2023", False, [])]]


def test_a_string_used_again_has_a_history_for_each_meaning(tmp_path: Path) -> None:
    for name, description, added, terminated in (
        ("HCPC2010_CONTR_ANWEB.txt", "A toxin", "20050101", "20101231"),
        ("HCPC2019_CONTR_ANWEB.txt", "A cell therapy", "20180101", ""),
        ("HCPC2020_JAN_ANWEB.txt", "A cell therapy, each", "20180101", ""),
    ):
        lines = [first_line("Q2040", description, added=added, terminated=terminated)]
        import_release(path=release_file(tmp_path, lines, name=name))

    assert events("Q2040") == [
        [("January 2020", False, ["long_description", "short_description"]), ("2019 annual", False, [])],
        [("2010 annual", False, [])],
    ]
    old, new = meanings("Q2040")
    known = list(meanings("Q2040").select_related("first_release", "last_release"))
    for meaning, on, said in (
        (old, date(2010, 6, 1), "A toxin"),
        (old, date(2025, 1, 1), "A toxin"),
        (new, date(2019, 6, 1), "A cell therapy"),
        (new, date(2015, 6, 1), "A cell therapy"),
        (new, date(2020, 1, 1), "A cell therapy, each"),
    ):
        as_of = record_as_of(meaning, known=known, on=on)
        assert as_of is not None
        assert as_of.record.long_description == said


@pytest.mark.parametrize(
    ("on", "description", "covers"),
    [
        (date(2022, 12, 31), "Garment, full leg, each", False),  # before the first release: the nearest is after it
        (date(2023, 1, 1), "Garment, full leg, each", True),
        (date(2023, 3, 31), "Garment, full leg, each", True),
        (date(2023, 4, 1), "Garment, full leg, each", False),
        (date(2025, 9, 30), "Garment, full leg, each", False),
        (date(2025, 10, 1), "Garment, half leg, each", True),
        (date(2025, 12, 31), "Garment, half leg, each", True),
        (date(2026, 1, 1), "Garment, half leg, each", False),
    ],
)
def test_the_release_that_speaks_for_a_day(tmp_path: Path, on: date, description: str, covers: bool) -> None:
    load_releases(tmp_path)
    known = list(Code.objects.filter(code="A0002").select_related("first_release", "last_release"))

    as_of = record_as_of(known[0], known=known, on=on)

    assert as_of is not None
    assert (as_of.record.long_description, as_of.covers_day) == (description, covers)


def test_an_annual_release_is_in_force_for_the_year(tmp_path: Path) -> None:
    lines = [first_line("A0001")]
    annual = import_release(path=release_file(tmp_path, lines, name="HCPC2019_CONTR_ANWEB.txt")).release

    assert (annual.in_force_from, first_day_after(annual)) == (date(2019, 1, 1), date(2020, 1, 1))


@pytest.mark.parametrize("code", ["", "Z9999", "\x00", "x" * 10_000, "'; DROP", "é"])
def test_what_was_never_a_code_has_no_history(code: str) -> None:
    assert code_history(code) is None


def test_history_costs_the_same_however_many_releases(tmp_path: Path, django_assert_num_queries: Any) -> None:
    load_releases(tmp_path, JANUARY_2023)
    with django_assert_num_queries(3):
        code_history("A0002")
    load_releases(tmp_path, JANUARY_2024, OCTOBER_2025)
    with django_assert_num_queries(3):
        code_history("A0002")
