"""Code strings are used again; releases may be loaded in any order."""

import itertools
from datetime import date
from pathlib import Path

import pytest

from hcpcs.models import Code, Release
from hcpcs.queries.codes import code_in_force, latest_meaning, meanings
from hcpcs.services.import_release import import_release
from hcpcs.services.import_report import ImportReport
from tests.hcpcs.files import first_line, release_file

pytestmark = pytest.mark.django_db

# What CMS did with J9380: vincristine until 2010, teclistamab since July 2023.
VINCRISTINE = first_line("J9380", "Injection, vincristine sulfate, 5 mg", added="19840101", terminated="20101231")
VINCRISTINE_OPEN = first_line("J9380", "Injection, vincristine sulfate, 5 mg", added="19840101")
TECLISTAMAB = first_line("J9380", "Injection, teclistamab-cqyv, 0.5 mg", added="20230701")
TECLISTAMAB_ENDED = first_line("J9380", "Injection, teclistamab-cqyv, 0.5 mg", added="20230701", terminated="20250331")


def load(folder: Path, *releases: tuple[str, str]) -> list[ImportReport]:
    """Loads one-line releases, each given as the period of the file's name and the line."""
    return [
        import_release(path=release_file(folder, [line], name=f"HCPC{period}_ANWEB.txt")) for period, line in releases
    ]


def periods(code: str = "J9380") -> list[tuple[str, date | None, date | None]]:
    return [(each.long_description.split()[1], each.added, each.terminated) for each in meanings(code)]


def test_string_used_again_after_its_end_is_a_meaning_of_its_own(tmp_path: Path) -> None:
    *_, report = load(tmp_path, ("2011_CONTR", VINCRISTINE), ("2023_JUL", TECLISTAMAB))
    assert periods() == [
        ("vincristine", date(1984, 1, 1), date(2010, 12, 31)),
        ("teclistamab-cqyv,", date(2023, 7, 1), None),
    ]
    assert report.added == report.reused == [("code", "J9380")]


def test_each_date_of_service_finds_its_meaning(tmp_path: Path) -> None:
    load(tmp_path, ("2011_CONTR", VINCRISTINE), ("2023_JUL", TECLISTAMAB))
    old, new = meanings("J9380")
    assert code_in_force("J9380", on=date(2010, 12, 31)) == old
    assert code_in_force("J9380", on=date(2011, 1, 1)) is None
    assert code_in_force("J9380", on=date(2023, 6, 30)) is None
    assert code_in_force(" j9380 ", on=date(2023, 7, 1)) == new
    assert latest_meaning("J9380") == new


def test_earlier_meaning_whose_end_was_never_seen_ends_before_the_new_one(tmp_path: Path) -> None:
    """Only the releases of 2009 and 2023 are loaded, and CMS drops the old row when it uses a string again."""
    *_, report = load(tmp_path, ("2009_CONTR", VINCRISTINE_OPEN), ("2023_JUL", TECLISTAMAB))
    assert periods() == [
        ("vincristine", date(1984, 1, 1), date(2023, 6, 30)),
        ("teclistamab-cqyv,", date(2023, 7, 1), None),
    ]
    assert "no loaded release says when the earlier one ended; 2023-06-30" in report.warnings[0]


def test_release_in_between_gives_the_end_that_was_not_seen(tmp_path: Path) -> None:
    load(tmp_path, ("2009_CONTR", VINCRISTINE_OPEN), ("2023_JUL", TECLISTAMAB))
    ids = [each.pk for each in meanings("J9380")]
    load(tmp_path, ("2011_CONTR", VINCRISTINE))
    assert periods()[0] == ("vincristine", date(1984, 1, 1), date(2010, 12, 31))
    assert [each.pk for each in meanings("J9380")] == ids


@pytest.mark.parametrize("first_is_new", [False, True])
def test_id_stays_with_its_meaning_whichever_comes_first(tmp_path: Path, first_is_new: bool) -> None:
    releases = [("2009_CONTR", VINCRISTINE_OPEN), ("2023_JUL", TECLISTAMAB)]
    if first_is_new:
        releases.reverse()
    load(tmp_path, releases[0])
    before = Code.objects.get()
    load(tmp_path, releases[1])
    assert Code.objects.get(pk=before.pk).long_description == before.long_description
    assert Code.objects.count() == 2


def test_corrected_added_date_is_no_new_meaning(tmp_path: Path) -> None:
    load(
        tmp_path,
        ("2023_JUL", TECLISTAMAB),
        ("2023_OCT", first_line("J9380", "Injection, teclistamab", added="20230601")),
    )
    assert [added for _, added, _ in periods()] == [date(2023, 6, 1)]


def test_added_date_corrected_to_later_under_the_same_description_is_no_new_meaning(tmp_path: Path) -> None:
    later = first_line("J9380", "INJECTION, teclistamab-cqyv, 0.5 mg", added="20231001")
    load(tmp_path, ("2023_JUL", TECLISTAMAB), ("2023_OCT", later))
    assert [added for _, added, _ in periods()] == [date(2023, 10, 1)]


def test_reworded_description_is_no_new_meaning(tmp_path: Path) -> None:
    load(tmp_path, ("2023_JUL", TECLISTAMAB), ("2023_OCT", first_line("J9380", "Something else", added="20230701")))
    assert len(periods()) == 1


def test_end_taken_back_is_the_same_meaning(tmp_path: Path) -> None:
    load(tmp_path, ("2025_APR", TECLISTAMAB_ENDED), ("2025_OCT", TECLISTAMAB))
    assert periods() == [("teclistamab-cqyv,", date(2023, 7, 1), None)]


def test_correction_that_spans_two_meanings_makes_them_one(tmp_path: Path) -> None:
    load(tmp_path, ("2011_CONTR", VINCRISTINE), ("2023_JUL", TECLISTAMAB))
    first = Code.objects.order_by("pk")[0]
    load(tmp_path, ("2023_OCT", first_line("J9380", "Injection, teclistamab-cqyv", added="19840101")))
    assert [each.pk for each in meanings("J9380")] == [first.pk]


def test_any_order_of_releases_gives_the_same_catalogue(tmp_path: Path) -> None:
    releases = [
        ("2009_CONTR", VINCRISTINE_OPEN),
        ("2011_CONTR", VINCRISTINE),
        ("2023_JUL", TECLISTAMAB),
        ("2025_APR", TECLISTAMAB_ENDED),
    ]
    catalogues = set()
    for number, order in enumerate(itertools.permutations(releases)):
        Code.objects.all().delete()
        Release.objects.all().delete()
        folder = tmp_path / str(number)
        folder.mkdir()
        load(folder, *order)
        catalogues.add(
            tuple((*row, *periods()[index]) for index, row in enumerate(
                meanings("J9380").values_list("first_release__year", "last_release__year")
            ))
        )  # fmt: skip
    assert catalogues == {
        (
            (2009, 2011, "vincristine", date(1984, 1, 1), date(2010, 12, 31)),
            (2023, 2025, "teclistamab-cqyv,", date(2023, 7, 1), date(2025, 3, 31)),
        )
    }


def test_modifier_and_code_of_one_name_are_two(tmp_path: Path) -> None:
    load(tmp_path, ("2023_JUL", first_line("AB")))
    assert latest_meaning("AB") is None
    assert latest_meaning("AB", kind="modifier") is not None
