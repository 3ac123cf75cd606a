"""Swapped quarters: a file under the name of another release is loaded, and doubted."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from hcpcs.models import Release
from hcpcs.parsing.record import ParsedFile
from hcpcs.services.check_records import warnings_about_the_period
from hcpcs.services.import_release import import_release
from tests.hcpcs.conftest import TEXT_2019, TEXT_2025, WORKBOOK_2023
from tests.hcpcs.files import first_line, release_file

pytestmark = pytest.mark.django_db


def lines(newest: str, count: int = 1000) -> list[str]:
    return [first_line(f"E{number:04}", added="20180101") for number in range(count)] + [
        first_line("K0001", added=newest)
    ]


@pytest.mark.parametrize(
    ("name", "newest", "meant"),
    [
        ("HCPC2025_JAN_ANWEB.txt", "20251001", "October 2025"),
        ("HCPC2025_OCT_ANWEB.txt", "20250701", "July 2025"),
        ("HCPC2025_OCT_ANWEB.txt", "20260101", "January 2026"),
        ("HCPC2019_CONTR_ANWEB.txt", "20180101", "January 2018"),
    ],
)
def test_newest_codes_of_another_quarter_are_doubted(tmp_path: Path, name: str, newest: str, meant: str) -> None:
    report = import_release(path=release_file(tmp_path, lines(newest), name=name))
    assert report.anything_written
    [warning] = report.warnings
    assert f"as in a release of {meant}" in warning


@pytest.mark.parametrize(
    ("name", "newest"),
    [
        ("HCPC2025_OCT_ANWEB.txt", "20251001"),
        ("HCPC2025_OCT_ANWEB.txt", "20251231"),
        ("HCPC2025_JAN_ANWEB.txt", "20250124"),
        ("HCPC2019_CONTR_ANWEB.txt", "20190101"),
    ],
)
def test_a_release_of_its_quarter_is_not(tmp_path: Path, name: str, newest: str) -> None:
    assert import_release(path=release_file(tmp_path, lines(newest), name=name)).warnings == []


def test_an_excerpt_is_not(tmp_path: Path) -> None:
    path = release_file(tmp_path, lines("20180101"), name="HCPC2025_OCT_ANWEB.txt")
    assert import_release(path=path, is_complete=False).warnings == []


@pytest.mark.parametrize(
    ("name", "period"), [(TEXT_2019, (2019, None)), (WORKBOOK_2023, (2023, 1)), (TEXT_2025, (2025, 4))]
)
def test_cms_s_own_files_are_not(
    name: str, period: tuple[int, int | None], parsed: Callable[[str], ParsedFile]
) -> None:
    records = parsed(name).records
    year, quarter = period
    assert warnings_about_the_period(Release(year=year, quarter=quarter), records) == []
    other = Release(year=year, quarter=(quarter or 1) % 4 + 1)
    assert len(warnings_about_the_period(other, records)) == 1


def test_the_right_period_can_be_given(tmp_path: Path) -> None:
    path = release_file(tmp_path, lines("20251001"), name="HCPC2025_JAN_ANWEB.txt")
    report = import_release(path=path, year=2025, quarter=4)
    assert (report.warnings, report.release.in_force_from) == ([], date(2025, 10, 1))


def test_a_termination_before_the_added_date_keeps_the_record_out_of_the_catalogue(tmp_path: Path) -> None:
    path = release_file(tmp_path, [first_line("E0001"), first_line("E0002", added="20240401", terminated="20240331")])
    report = import_release(path=path)
    assert [code for _, code in report.added] == ["E0001"]
    assert "never valid" in report.warnings[0]
