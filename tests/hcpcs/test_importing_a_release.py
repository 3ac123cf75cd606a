from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pytest

from hcpcs.models import Code, Release, ReleaseRecord
from hcpcs.parsing.file import ReleaseName, release_name
from hcpcs.parsing.record import ReleaseFileError
from hcpcs.services import import_release as module
from hcpcs.services.derive_catalogue import CatalogueError
from hcpcs.services.import_release import import_release
from hcpcs.services.import_report import ImportReport
from tests.factories.register import require
from tests.hcpcs.files import first_line, release_file, release_workbook, workbook_row

pytestmark = pytest.mark.django_db


def load(folder: Path, lines: Iterable[str], name: str = "HCPC2024_JAN_ANWEB_v1.txt") -> ImportReport:
    return import_release(path=release_file(folder, lines, name=name))


def everything() -> list[object]:
    return [*Release.objects.values_list(), *ReleaseRecord.objects.values_list(), *Code.objects.values_list()]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("HCPC2019_CONTR_ANWEB.txt", ReleaseName(2019, None, 1)),
        ("HCPC2015_CONTR_ANWEB_v2.txt", ReleaseName(2015, None, 2)),
        ("HCPC2025_OCT_ANWEB_v3_reconstructed.txt", ReleaseName(2025, 4, 3)),
        ("HCPC2026_JUL_ANWEB_06172026.txt", ReleaseName(2026, 3, 1)),
        ("hcpc2024_apr_anweb_v5.XLSX", ReleaseName(2024, 2, 5)),
        ("codes.txt", ReleaseName(None, None, 1)),
    ],
)
def test_release_by_file_name(name: str, expected: ReleaseName) -> None:
    assert release_name(name) == expected


def test_report_says_what_was_added_changed_and_ended(tmp_path: Path) -> None:
    load(tmp_path, [first_line("A1"), first_line("E0001"), first_line("E0002"), first_line("E0003")])
    report = load(
        tmp_path,
        [
            first_line("A1"),
            first_line("E0001", coverage="M"),
            first_line("E0002", terminated="20240331"),
            first_line("E0003"),
            first_line("E0004", added="20240401"),
        ],
        "HCPC2024_APR_ANWEB.txt",
    )
    assert report.added == [("code", "E0004")]
    assert [(change.code, change.fields) for change in report.changed] == [
        ("E0001", {"coverage": ("C", "M")}),
        ("E0002", {"terminated": (None, date(2024, 3, 31))}),
    ]
    assert report.ended == [("code", "E0002", date(2024, 3, 31))]
    assert (report.codes, report.modifiers, report.absent, report.removed) == (4, 1, [], [])


def test_code_missing_in_a_newer_release_is_reported_and_not_ended(tmp_path: Path) -> None:
    load(tmp_path, [first_line("E0001"), first_line("E0002")])
    report = load(tmp_path, [first_line("E0002")], "HCPC2024_APR_ANWEB.txt")
    assert report.absent == [("code", "E0001")]
    assert Code.objects.get(code="E0001").valid_on(date(2030, 1, 1))


def test_release_cut_off_between_two_lines_is_refused_by_what_is_missing(tmp_path: Path) -> None:
    lines = [first_line(f"E{number:04}") for number in range(200)]
    load(tmp_path, lines)
    before = everything()
    path = release_file(tmp_path, lines[:140], name="HCPC2024_APR_ANWEB.txt")
    with pytest.raises(ReleaseFileError, match="60 codes of older releases are missing in it, from E0140 to E0199"):
        import_release(path=path)
    assert everything() == before
    assert import_release(path=path, is_complete=False).anything_written


def test_same_file_twice_changes_nothing_and_says_so(tmp_path: Path) -> None:
    load(tmp_path, [first_line("E0001")])
    before = everything()
    report = load(tmp_path, [first_line("E0001")])
    assert not report.anything_written
    assert "already" in report.note
    assert everything() == before


def test_workbook_with_the_texts_content_changes_nothing(tmp_path: Path) -> None:
    load(tmp_path, [first_line("E0001")])
    before = everything()
    report = import_release(path=release_workbook(tmp_path, [workbook_row("E0001")]))
    assert not report.anything_written
    assert "says what the loaded file HCPC2024_JAN_ANWEB_v1.txt says" in report.note
    assert everything() == before


def test_workbook_that_differs_does_not_replace_the_safer_text(tmp_path: Path) -> None:
    load(tmp_path, [first_line("E0001")])
    report = import_release(path=release_workbook(tmp_path, [workbook_row("E0001", COV="M")]))
    assert "1 records differ" in report.note
    assert Code.objects.get().coverage == "C"


def test_text_replaces_the_workbook_of_the_release(tmp_path: Path) -> None:
    import_release(path=release_workbook(tmp_path, [workbook_row("E0001", COV="M")]))
    code_id = Code.objects.get().pk
    report = load(tmp_path, [first_line("E0001")])
    assert [change.fields for change in report.changed] == [{"coverage": ("M", "C")}]
    assert (Code.objects.get().pk, Release.objects.get().file_name) == (code_id, "HCPC2024_JAN_ANWEB_v1.txt")


def test_reissued_file_replaces_its_release_and_keeps_ids(tmp_path: Path) -> None:
    load(tmp_path, [first_line("E0001"), first_line("E0002")])
    ids = {code.code: code.pk for code in Code.objects.all()}
    report = load(tmp_path, [first_line("E0001", added="20200201"), first_line("E0002")])
    assert report.note.startswith("It replaces")
    assert [change.fields["added"] for change in report.changed] == [(date(2020, 1, 1), date(2020, 2, 1))]
    assert {code.code: code.pk for code in Code.objects.all()} == ids
    assert (Release.objects.count(), ReleaseRecord.objects.count()) == (1, 2)


def test_year_quarter_and_revision_may_be_given(tmp_path: Path) -> None:
    path = release_file(tmp_path, [first_line("E0001")], name="codes.txt")
    release = import_release(path=path, year=2021, quarter=3, revision=4).release
    assert (release.year, release.quarter, release.revision, release.in_force_from) == (2021, 3, 4, date(2021, 7, 1))


def test_dry_run_reports_and_writes_nothing(tmp_path: Path) -> None:
    path = release_file(tmp_path, [first_line("E0001")])
    assert import_release(path=path, dry_run=True).added == [("code", "E0001")]
    assert everything() == []


def test_failure_half_way_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    load(tmp_path, [first_line("E0001")])
    before = everything()

    def fail(**given: object) -> None:
        raise RuntimeError("the power went")

    monkeypatch.setattr(module, "derive_catalogue", fail)
    with pytest.raises(RuntimeError):
        load(tmp_path, [first_line("E0001"), first_line("E0002")], "HCPC2024_APR_ANWEB.txt")
    assert everything() == before


def test_unknown_values_are_counted_and_loaded(tmp_path: Path) -> None:
    report = load(tmp_path, [first_line("E0001", pricing="77"), first_line("E0002", pricing="77"), first_line("E0003")])
    assert report.warnings == ["pricing indicators: the value '77' is unknown (in 2 records)"]
    assert Code.objects.get(code="E0001").pricing_indicators == ["77"]


def test_code_added_after_its_end_is_kept_with_the_release_and_left_out_of_the_catalogue(tmp_path: Path) -> None:
    report = load(tmp_path, [first_line("E0001", added="20210101", terminated="20201231"), first_line("E0002")])
    assert [code.code for code in Code.objects.all()] == ["E0002"]
    assert ReleaseRecord.objects.get(code="E0001").dates_contradict
    assert "never valid" in report.warnings[0]


def test_backslashes_quotes_and_tabs_survive(tmp_path: Path) -> None:
    load(tmp_path, [first_line("E0001", 'A "thing\\n" of 3\\" {a,b}\tand NULL \\N', xref='"\\,{}')])
    code = Code.objects.get()
    assert code.long_description == 'A "thing\\n" of 3\\" {a,b} and NULL \\N'
    assert code.cross_references == ['"\\,{}']


def test_code_in_use_is_never_taken_away(tmp_path: Path) -> None:
    """The re-issued file of the only release lacks E0001, which a requirement names."""
    load(tmp_path, [first_line("E0001"), first_line("E0002")])
    require(Code.objects.get(code="E0001"), begins=date(2024, 1, 1))
    before = everything()
    with pytest.raises(CatalogueError, match=r"in use: E0001\. Nothing was changed"):
        load(tmp_path, [first_line("E0002")])
    assert everything() == before
