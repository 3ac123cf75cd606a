"""Files of lines as people bring them, and the data of patients that must not stay."""

import io
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
        ("31/12/2024", "2024-31-12"),
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
