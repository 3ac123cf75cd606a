"""Old workbooks (.xls), and workbooks that would fill the memory."""

import zipfile
from pathlib import Path

import pytest

from hcpcs.models import FileFormat
from hcpcs.parsing.file import parse_release_file, read_release_file
from hcpcs.parsing.record import ReleaseFileError
from hcpcs.parsing.workbook import parse_workbook
from tests.hcpcs.files import COLUMNS, release_workbook, workbook_row
from tests.hcpcs.old_workbook import old_workbook


def test_an_old_workbook_is_read_like_a_new_one(tmp_path: Path) -> None:
    rows = [
        workbook_row("E0001", "A thing with a long description"),
        workbook_row("A1", "A modifier"),
        workbook_row("E0002", TERM_DT=20231231.0, ADD_DT=43831.0),
    ]
    cells = [["*Disclaimer"], COLUMNS, *[[row.get(name, "") for name in COLUMNS] for row in rows]]
    path = tmp_path / "HCPC2012_APR_ANWEB.xls"
    path.write_bytes(old_workbook(cells))
    file_format, old = parse_release_file(read_release_file(path))
    new = parse_workbook(release_workbook(tmp_path, rows).read_bytes())
    assert file_format == FileFormat.WORKBOOK
    assert old.records == new.records
    assert [record.code for record in old.records] == ["E0001", "A1", "E0002"]


def test_a_damaged_old_workbook_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReleaseFileError, match="opened as a workbook"):
        parse_workbook(old_workbook([COLUMNS])[:700])


@pytest.mark.parametrize(("row", "column"), [(1_048_576, 1), (40_000, 3), (2, 16_384), (2, 105)])
def test_a_cell_far_out_is_refused_before_a_table_is_made_of_it(tmp_path: Path, row: int, column: int) -> None:
    """A table has room for every cell up to the last one: two cells can cost gigabytes."""
    path = release_workbook(tmp_path, [workbook_row("E0001")])
    with zipfile.ZipFile(path) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    sheet = next(name for name in parts if name.endswith("sheet1.xml"))
    letters = ""
    while column:
        column, letter = divmod(column - 1, 26)
        letters = chr(65 + letter) + letters
    cell = f'<row r="{row}"><c r="{letters}{row}" t="inlineStr"><is><t>x</t></is></c></row></sheetData>'
    parts[sheet] = parts[sheet].replace(b"</sheetData>", cell.encode())
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for name, part in parts.items():
            book.writestr(name, part)
    with pytest.raises(ReleaseFileError, match="cells beyond column CZ or row 39,999"):
        parse_workbook(path.read_bytes())


def test_a_workbook_that_is_a_bomb_is_refused(tmp_path: Path) -> None:
    path = release_workbook(tmp_path, [workbook_row("E0001")])
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/worksheets/sheet9.xml", b" " * 20_000_000)
    with pytest.raises(ReleaseFileError, match="more than 100 times its packed size"):
        parse_workbook(path.read_bytes())


@pytest.mark.parametrize(
    "rows",
    [b'<row r="1">' + b"<c><v>1</v></c>" * 105 + b"</row>", b"<row><c><v>1</v></c></row>" * 40_000],
    ids=["wide", "long"],
)
def test_cells_and_rows_without_an_address_are_counted(tmp_path: Path, rows: bytes) -> None:
    path = release_workbook(tmp_path, [workbook_row("E0001")])
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/worksheets/sheet9.xml", b"<worksheet><sheetData>" + rows + b"</sheetData></worksheet>")
    with pytest.raises(ReleaseFileError, match="cells beyond column CZ or row 39,999"):
        parse_workbook(path.read_bytes())


def test_a_text_shared_by_many_cells_counts_for_each(tmp_path: Path) -> None:
    path = release_workbook(tmp_path, [workbook_row("E0001")])
    cells = b'<row><c t="s"><v>0</v></c></row>' * 30_000
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/worksheets/sheet9.xml", b"<worksheet><sheetData>" + cells + b"</sheetData></worksheet>")
        book.writestr("xl/sharedStrings.xml", b"<sst><si><t>" + b"abcd" * 1000 + b"</t></si></sst>")
    with pytest.raises(ReleaseFileError, match="unpacks to more than 100 MB"):
        parse_workbook(path.read_bytes())


def test_a_workbook_of_opendocument_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "HCPC2024_JAN_ANWEB.xlsx"
    with zipfile.ZipFile(path, "w") as book:
        book.writestr("content.xml", "<x/>")
    with pytest.raises(ReleaseFileError, match="OpenDocument"):
        parse_workbook(path.read_bytes())


def test_a_binary_workbook_is_refused_by_its_name(tmp_path: Path) -> None:
    path = tmp_path / "HCPC2024_JAN_ANWEB.xlsx"
    with zipfile.ZipFile(path, "w") as book:
        book.writestr("xl/workbook.bin", b"x")
    with pytest.raises(ReleaseFileError, match="binary workbook"):
        parse_workbook(path.read_bytes())
