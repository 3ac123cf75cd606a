from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from hcpcs.parsing.file import parse_release_file, read_release_file
from hcpcs.parsing.record import LayoutRecord, ParsedFile, ReleaseFileError
from tests.hcpcs.files import COLUMNS, continuation, first_line, release_file, release_workbook, workbook_row


def read(path: Path) -> ParsedFile:
    return parse_release_file(read_release_file(path))[1]


def only_record(folder: Path, **cells: Any) -> LayoutRecord:
    [record] = read(release_workbook(folder, [workbook_row("E0001", **cells)])).records
    return record


def test_workbook_says_what_the_text_file_says(tmp_path: Path) -> None:
    text = read(
        release_file(tmp_path, [first_line("A1"), first_line("E0001", "A thing, "), continuation("E0001", "each")])
    )
    book = read(release_workbook(tmp_path, [workbook_row("A1"), workbook_row("E0001", "A thing,  each ")]))
    blank_modifier = text.records[0]._replace(anesthesia_base_units=0)
    assert [blank_modifier, text.records[1]._replace(short_description="A thing, each")] == book.records


@pytest.mark.parametrize(
    "cell",
    [
        "20190401",
        20190401,
        43556,
        datetime(2019, 4, 1),  # noqa: DTZ001  # as a spreadsheet has it
        date(2019, 4, 1),
        "04/01/2019",
        " 20190401 ",
    ],
)
def test_date_may_be_text_number_or_serial(tmp_path: Path, cell: object) -> None:
    assert only_record(tmp_path, TERM_DT=cell).terminated == date(2019, 4, 1)


def test_number_gets_the_zeros_back_that_a_spreadsheet_drops(tmp_path: Path) -> None:
    record = only_record(tmp_path, PRICE1=0, LABCERT1=10, ANEST_BU=0)
    assert record.pricing_indicators == ("00",)
    assert record.lab_certifications == ("010",)
    assert record.anesthesia_base_units == 0


def test_stray_continuation_row_belongs_to_the_row_before(tmp_path: Path) -> None:
    rows = [workbook_row("G0503", "Assistance, includes"), {"HCPC": "G0503", "RECID": "4", "LONG DESCRIPTION": "goals"}]
    [record] = read(release_workbook(tmp_path, rows)).records
    assert record.long_description == "Assistance, includes goals"


def test_header_may_be_the_first_row(tmp_path: Path) -> None:
    assert len(read(release_workbook(tmp_path, [workbook_row("E0001")], preamble=0)).records) == 1


def test_row_is_reported_by_the_number_that_the_spreadsheet_shows(tmp_path: Path) -> None:
    rows = [workbook_row("E0001"), workbook_row("E0002", ADD_DT="soon"), workbook_row("E0003")]
    parsed = read(release_workbook(tmp_path, rows, preamble=3))
    assert [(line.number, "'soon'" in line.reason) for line in parsed.skipped] == [(6, True)]
    assert len(parsed.records) == 2


def test_value_longer_than_the_layout_is_reported(tmp_path: Path) -> None:
    parsed = read(release_workbook(tmp_path, [workbook_row("E0001"), workbook_row("E0002", COV="CC")]))
    assert "coverage 'CC' is longer than 1" in parsed.skipped[0].reason


def test_cpt_rows_are_dropped(tmp_path: Path) -> None:
    parsed = read(release_workbook(tmp_path, [workbook_row("99213"), workbook_row("E0001")]))
    assert ([record.code for record in parsed.records], parsed.copyrighted) == (["E0001"], 1)


def test_list_of_corrections_is_refused_by_its_columns(tmp_path: Path) -> None:
    path = release_workbook(tmp_path, [{"HCPC": "E0001"}], columns=["HCPC", "ACTION", "EFF DATE"])
    with pytest.raises(ReleaseFileError, match="no column RECID"):
        read(path)


def test_workbook_without_such_a_header_is_refused(tmp_path: Path) -> None:
    path = release_workbook(tmp_path, [{"NAME": "x"}], columns=["NAME", "PRICE"])
    with pytest.raises(ReleaseFileError, match="header row"):
        read(path)


def test_workbook_cut_in_the_middle_is_refused(tmp_path: Path) -> None:
    path = release_workbook(tmp_path, [workbook_row("E0001")])
    path.write_bytes(path.read_bytes()[:-400])
    with pytest.raises(ReleaseFileError):
        read(path)


def test_all_columns_of_the_layout_are_read(tmp_path: Path) -> None:
    """Each column filled with a value of its own; none may be lost."""
    cells = {name: name[-1] for name in COLUMNS[5:43] if name not in {"ASC_DT", "OPPS_DT", "BETOS"}}
    record = only_record(tmp_path, **cells, ASC_DT="20200102", OPPS_DT="20200103", TERM_DT="20200104")
    assert record.pricing_indicators == ("1", "2", "3", "4")
    assert record.cim_references == record.mcm_references == ("1", "2", "3")
    assert record.lab_certifications == ("1", "2", "3", "4", "5", "6", "7", "8")
    assert record.cross_references == record.types_of_service == ("1", "2", "3", "4", "5")
    assert (record.statute, record.coverage, record.asc_group, record.processing_note) == ("E", "V", "P", "E")
    assert (record.mog_group, record.mog_indicator) == ("S", "I")
    assert (record.asc_effective, record.mog_effective) == (date(2020, 1, 2), date(2020, 1, 3))
