"""Files of lines as people bring them, and the data of patients that must not stay."""

import io
import zipfile
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest

from pcl.errors import RegisterError
from pcl.queries.check_file.columns import day_text, lines_of
from pcl.queries.check_file.patients import header_is_of_a_patient, value_is_of_a_patient
from pcl.queries.check_file.rows import rows_of

HEADER = "HCPCS Code,DOS,Mfr,Product Name,Model #"
LINE = "K1007,2024-06-01,Argo,ReWalk,AB-1"
READ = {"ref": "", "code": "K1007", "date_of_service": "2024-06-01", "manufacturer": "Argo", "product": "ReWalk"}


def read(text: str | bytes) -> list[tuple[int, dict[str, str]]]:
    return lines_of(rows_of(text.encode() if isinstance(text, str) else text))[1]


def workbook(*rows: list[Any]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_any_delimiter_and_encoding(delimiter: str, encoding: str) -> None:
    text = f"{HEADER}\r\n\r\n{LINE.replace('Argo', 'Bräce')}\r\n".replace(",", delimiter)
    assert read(text.encode(encoding)) == [(3, {**READ, "manufacturer": "Bräce", "model_number": "AB-1"})]


@pytest.mark.parametrize(
    "header",
    [
        "code,date of service,product",
        "PRODUCT NAME;Svc_Date;Procedure Code",
        "Item\tHCPCS\tService Date",
        "DOS,Code,Device",
    ],
)
def test_columns_in_any_order_and_case(header: str) -> None:
    delimiter = next(each for each in ";\t," if each in header)
    values = {"c": "K1007", "h": "K1007", "d": "2024-06-01", "s": "2024-06-01", "p": "ReWalk", "i": "ReWalk"}
    cells = [
        "K1007" if "procedure" in name.lower() else "ReWalk" if "device" in name.lower() else values[name.lower()[0]]
        for name in header.split(delimiter)
    ]
    ((_, line),) = read(f"{header}\n{delimiter.join(cells)}")
    assert (line["code"], line["date_of_service"], line["product"]) == ("K1007", "2024-06-01", "ReWalk")


def test_lines_without_a_header_are_read_in_the_told_order() -> None:
    assert read(LINE) == [(1, {**READ, "model_number": "AB-1"})]


def test_a_title_above_the_header_is_passed_over() -> None:
    assert read(f"My report\n\nsep\n{HEADER}\n{LINE}") == [(5, {**READ, "model_number": "AB-1"})]
    assert read(f"sep=,\r\n{HEADER}\n{LINE}") == [(3, {**READ, "model_number": "AB-1"})]


def test_a_workbook_with_its_own_dates_and_numbers() -> None:
    content = workbook(
        ["Code", "Date of service", "Model", "Note"],
        ["K1007", datetime(2024, 6, 1), 12345, "x"],  # noqa: DTZ001  # a workbook knows no zones
        ["K1007", 45444, "AB-1", None],
        ["K1007", date(2024, 6, 1), "=1+1", None],
    )
    assert [(number, line["date_of_service"], line["model_number"]) for number, line in read(content)] == [
        (2, "2024-06-01", "12345"),
        (3, "2024-06-01", "AB-1"),
        (4, "2024-06-01", ""),
    ]


@pytest.mark.parametrize(
    ("given", "read_as"),
    [
        ("2024-06-01", "2024-06-01"),
        ("6/1/2024", "2024-06-01"),
        ("06-01-2024", "2024-06-01"),
        ("20240601", "2024-06-01"),
        ("2024-06-01 00:00:00", "2024-06-01"),
        ("06/01/24", "06/01/24"),
        ("31/12/2024", "31/12/2024"),
        ("01.06.2024", "01.06.2024"),
        ("June 1", "June 1"),
        ("", ""),
    ],
)
def test_days_that_can_mean_one_thing_are_read(given: str, read_as: str) -> None:
    assert day_text(given) == read_as


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "no line"),
        (b"\n\n", "no line"),
        (b"a,b\n1,2", "No column was recognized as HCPCS code and Date of service"),
        (b"code,product\nK1007,x", "No column was recognized as Date of service"),
        (b"PK\x03\x04rubbish", "cannot be opened as a workbook"),
        (b"\xd0\xcf\x11\xe0old", "Save it as CSV"),
        (b"code,dos\nK1007,\x00\x01", "not text that can be read"),
        (b"code,dos\nK1007,\x81\x8d", "not text that can be read"),
        (b'code,dos\nK1007,"' + b"x" * 200_000, "cannot be read as CSV"),
    ],
)
def test_a_file_that_cannot_be_read_says_what_to_do(content: bytes, said: str) -> None:
    with pytest.raises(RegisterError, match=said):
        read(content)


def test_a_workbook_with_a_cell_far_out_is_refused() -> None:
    book = openpyxl.Workbook()
    book.active["XFD1048576"] = 1
    written = io.BytesIO()
    book.save(written)
    with pytest.raises(RegisterError, match="beyond column AZ"):
        read(written.getvalue())


def crafted(sheet: str, *, shared: str = "") -> bytes:
    """A workbook with the XML of a sheet and of the texts that its cells share, as no spreadsheet program writes it."""
    parts = {}
    with zipfile.ZipFile(io.BytesIO(workbook(["x"]))) as book:
        parts = {name: book.read(name).decode() for name in book.namelist()}
    named = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    parts["xl/worksheets/sheet1.xml"] = f"<worksheet {named}><sheetData>{sheet}</sheetData></worksheet>"
    parts["xl/sharedStrings.xml"] = f"<sst {named}>{shared}</sst>"
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as book:
        for name, part in parts.items():
            book.writestr(name, part)
    return written.getvalue()


VARIOUS = "".join(f"{number * 7919} " for number in range(700))
CELL = "<c><v>1</v></c>"
# Various, so that it shrinks no more than a table of a person's would.
ROWS_WITHOUT_ADDRESS = "".join(f"<row><c><v>{row * 7919}</v></c></row>" for row in range(110_001))
SHARED = '<c r="A{0}" t="s"><v>0</v></c>'


@pytest.mark.parametrize(
    "sheet",
    [f'<row r="1">{CELL * 53}</row><row r="100000">{CELL}</row>', ROWS_WITHOUT_ADDRESS],
    ids=["wide", "long"],
)
def test_cells_and_rows_without_an_address_are_counted(sheet: str) -> None:
    """A table of the first, had its row a few cells more, took the memory of the machine."""
    content = crafted(sheet)
    with pytest.raises(RegisterError, match="beyond column AZ or row 110,000"):
        read(content)


@pytest.mark.parametrize(
    "cell",
    [
        SHARED,
        "<c r='A{0}' s=\"1\" t = 's' >\n<v> 0 </v></c>",
        '<x:c xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main" t="s"><x:v>0</x:v></x:c>',
        '<c r="A{0}" t="&#115;"><v>0</v></c>',
        '<c r="A{0}" t="s"><!-- > --><v>0</v></c>',
    ],
)
def test_a_text_shared_by_many_cells_counts_for_each(cell: str) -> None:
    """Each cell of the table gets a copy: 300 kB filled eight gigabytes."""
    sheet = "".join(f'<row r="{row}">{cell.format(row)}</row>' for row in range(1, 5001))
    text = VARIOUS * 10
    with pytest.raises(RegisterError, match="unpacks to too much"):
        read(crafted(sheet, shared=f"<si><t>{text}</t></si>"))


def test_a_long_text_that_one_cell_has_may_stay() -> None:
    long = VARIOUS * 40
    rows = "".join(f'<row r="{row}">{SHARED.format(row)}{CELL}</row>' for row in range(1, 5001))
    sheet = f'{rows}<row r="5001"><c r="A5001" t="s"><v>1</v></c></row>'
    read_rows = rows_of(crafted(sheet, shared=f"<si><t>short</t></si><si><t>{long}</t></si>"))
    assert (len(read_rows), read_rows[0], read_rows[-1]) == (5001, (1, ["short", 1]), (5001, [long.strip(), ""]))


def test_a_workbook_of_opendocument_is_refused() -> None:
    """It says how often a cell is repeated: 700 bytes made four gigabytes."""
    cell = '<table:table-cell office:value-type="string" table:number-columns-repeated="9"><text:p>x</text:p>'
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as book:
        book.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        book.writestr(
            "content.xml",
            '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
            'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
            'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
            f'<table:table table:name="S"><table:table-row>{cell}</table:table-cell></table:table-row></table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )
    with pytest.raises(RegisterError, match="This kind of workbook cannot be read"):
        read(written.getvalue())


def test_a_hidden_sheet_is_read_only_where_those_in_sight_are_empty() -> None:
    book = openpyxl.Workbook()
    book.active.append(["hidden"])
    book.active.sheet_state = "hidden"
    shown = book.create_sheet()
    for row, said in [([], "hidden"), (["shown"], "shown")]:
        shown.append(row)
        written = io.BytesIO()
        book.save(written)
        assert rows_of(written.getvalue())[0][1] == [said]


@pytest.mark.parametrize("text", ["\n" * 1_100_001, "a\n" * 110_001, "," * 5_720_001], ids=["blank", "rows", "cells"])
def test_a_file_made_to_fill_memory_is_refused(text: str) -> None:
    with pytest.raises(RegisterError, match="more than 110,000 rows or 5,720,000 cells"):
        read(text)


@pytest.mark.parametrize(
    "header",
    [
        "Patient Name",
        "PatientID",
        "member_id",
        "DOB",
        "Birth Date",
        "MBI",
        "HIC number",
        "SSN",
        "Street Address",
        "Zip Code",
        "Phone",
        "e-mail",
        "First Name",
        "Beneficiary",
        "Claim Number",
        "Account #",
        "Name",
        "Dx/ICD-10",
        "MRN",
        "Subscriber",
    ],
)
def test_a_column_named_for_a_patient_is_dropped(header: str) -> None:
    columns, lines = lines_of(rows_of(f"{header},code,dos\nsecret,K1007,2024-06-01".encode()))
    assert columns.dropped == [header]
    assert "secret" not in str((columns.told(), lines))


@pytest.mark.parametrize("header", ["Product Name", "Manufacturer name", "Brand", "Model Number", "Part No.", "Device"])
def test_a_column_of_products_is_not(header: str) -> None:
    assert not header_is_of_a_patient(header)


@pytest.mark.parametrize(
    "value", ["1EG4-TE5-MK73", "1eg4te5mk73", "123-45-6789", "123456789A", "(202) 555-0143", "jane@example.org"]
)
def test_a_column_of_patients_numbers_is_dropped_whatever_its_name(value: str) -> None:
    rows = "".join(f"{value},K1007,2024-06-01,ReWalk\n" for _ in range(3))
    columns, lines = lines_of(rows_of(f"Ref,code,dos,product\n{rows}".encode()))
    assert (columns.dropped, [line["ref"] for _, line in lines]) == (["Ref"], ["", "", ""])
    assert value not in str((columns.told(), lines))


def test_a_single_value_of_a_patient_is_emptied() -> None:
    rows = "\n".join(["r-1,K1007,2024-06-01"] * 9 + ["Jane 1EG4-TE5-MK73,K1007,2024-06-01"])
    columns, lines = lines_of(rows_of(f"Ref,code,dos\n{rows}".encode()))
    assert (columns.dropped, columns.emptied) == ([], 1)
    assert [line["ref"] for _, line in lines] == ["r-1"] * 9 + [""]


@pytest.mark.parametrize("value", ["123-45-6789", "202-555-0143", "AB-12/3", "L1832", "123456789"])
def test_a_model_number_may_look_like_anything(value: str) -> None:
    assert not value_is_of_a_patient(value, is_model_number=True)
