"""A list as people bring it: columns, days, model numbers and what is wrong with a row."""

from datetime import date, datetime
from typing import Any

import pytest

from pcl.errors import RegisterError
from pcl.queries.list_file.columns import PatientDataError, split_header
from pcl.queries.list_file.days import day_of, end_of, range_of
from pcl.queries.list_file.lines import ReadRow, read_row
from pcl.queries.list_file.model_numbers import model_numbers_of

HEADER = ["HCPCS", "Mfr", "Product Name", "Model No.", "Effective Begin", "Effective End", "Aliases"]
ROW = ["K1007", "Argo", "Walker", "RW-1", "2024-01-01", "", ""]


def read(row: list[Any], header: list[Any] | None = None, first_day: date | None = None) -> ReadRow:
    columns, first = split_header([(1, header or HEADER), (2, row)])
    assert first == 1
    return read_row(2, row, columns, first_day=first_day)


def problems(row: list[Any], **given: Any) -> list[tuple[str, str]]:
    return [(problem.column, problem.message) for problem in read(row, **given).problems]


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2024-01-31", date(2024, 1, 31)),
        ("2024-01-31 00:00:00", date(2024, 1, 31)),
        ("20240131", date(2024, 1, 31)),
        ("1/31/2024", date(2024, 1, 31)),
        ("01-31-2024", date(2024, 1, 31)),
        ("January 31, 2024", date(2024, 1, 31)),
        ("31 Jan 2024", date(2024, 1, 31)),
        (datetime(2024, 1, 31, 12, 0), date(2024, 1, 31)),  # noqa: DTZ001  # as a workbook has it
        (date(2024, 1, 31), date(2024, 1, 31)),
        (45322, date(2024, 1, 31)),
        (45322.0, date(2024, 1, 31)),
        ("", None),
    ],
)
def test_a_day_is_read(cell: Any, day: date | None) -> None:
    assert day_of(cell) == day


@pytest.mark.parametrize(
    ("cell", "because"),
    [
        ("31/01/2024", "begins with 31, which is no month. If it means January 31, 2024"),
        ("2023-02-29", "not a date that exists"),
        ("1/2/24", "a year of two digits"),
        ("01.02.2024", "can mean two days"),
        ("soon", "“soon” is not a date that can be read"),
        ("45322", "may be the number that a spreadsheet keeps for one. If it means January 31, 2024"),
        (12, "“12” is not a date"),
        ("0001-01-01", "not a plausible date"),
        ("9999-12-31", "not a plausible date"),
    ],
)
def test_what_is_no_day_is_refused_with_the_reason(cell: Any, because: str) -> None:
    with pytest.raises(RegisterError, match=because):
        day_of(cell)


@pytest.mark.parametrize("cell", ["", "present", "No end", "12/31/9999", date(9999, 12, 31)])
def test_an_end_may_be_open(cell: Any) -> None:
    assert end_of(cell) is None


@pytest.mark.parametrize(
    "cell",
    [
        "01/01/2024 - 12/31/2024",
        "01/01/2024-12/31/2024",
        "2024-01-01 - 2024-12-31",
        "2024-01-01..2024-12-31",
        "2024-01-01–2024-12-31",
        "1/1/2024 to 12/31/2024",
        "January 1, 2024 through December 31, 2024",
    ],
)
def test_a_range_of_days_is_read(cell: str) -> None:
    assert range_of(cell) == (date(2024, 1, 1), date(2024, 12, 31))


@pytest.mark.parametrize("cell", ["01/01/2024", "2024-01-01", "01/01/2024 -", "01/01/2024 - present", "1/1/2024 to"])
def test_a_range_may_be_open(cell: str) -> None:
    assert range_of(cell) == (date(2024, 1, 1), None)


@pytest.mark.parametrize(
    ("cell", "numbers"),
    [
        ("", [""]),
        ("N/A", [""]),
        ("RW-100", ["RW-100"]),
        ("RW-100; rw 100;RW-200\nRW-300", ["RW-100", "RW-200", "RW-300"]),
        ("RW-98..RW-101", ["RW-98", "RW-99", "RW-100", "RW-101"]),
        ("RW-099 through RW-101", ["RW-099", "RW-100", "RW-101"]),
        ("RW-1A to RW-3A; X", ["RW-1A", "RW-2A", "RW-3A", "X"]),
        ("Adapter to Pump", ["Adapter to Pump"]),
    ],
)
def test_model_numbers_are_parted_and_ranges_expanded(cell: str, numbers: list[str]) -> None:
    read = model_numbers_of(cell)
    assert (read.numbers, read.hint) == (numbers, "")


def test_a_hyphen_is_no_range_but_asked_about() -> None:
    read = model_numbers_of("RW-100-RW-105")
    assert read.numbers == ["RW-100-RW-105"]
    assert "write RW-100..RW-105" in read.hint


@pytest.mark.parametrize(
    ("cell", "because"),
    [
        ("RW-100..XY-105", "is no range"),
        ("RW-105..RW-100", "is no range"),
        ("RW-1 to XY-5", "is no range"),
        ("RW-1..RW-900", "That would be 900 model numbers; a row may have 500"),
        ("A1..A400;B1..B400", "That would be 800 model numbers"),
        ("A1..A999999999999", "a row may have 500"),
        ("***", "no letter or digit"),
        ("9" * 121, "at most 120"),
    ],
)
def test_model_numbers_that_cannot_be_read_say_why(cell: str, because: str) -> None:
    with pytest.raises(RegisterError, match=because):
        model_numbers_of(cell)


def test_columns_are_known_by_many_names_in_any_order_and_case() -> None:
    header = ["PRODUCT GROUP", "mfg_name", "eff. begin?", "hcpcs code", "Device-Name", "Sku", "Notes", "AKA", "Source"]
    columns, _ = split_header([(1, ["My list"]), (2, header), (3, ["x"])])
    assert {name: header[place] for name, place in columns.places.items()} == {
        "classification": "PRODUCT GROUP",
        "manufacturer": "mfg_name",
        "code": "hcpcs code",
        "product": "Device-Name",
        "model_number": "Sku",
        "comment": "Notes",
        "other_names": "AKA",
    }
    assert columns.ignored == ["eff. begin?", "Source"]


def test_a_file_without_its_columns_says_which_are_missing() -> None:
    with pytest.raises(RegisterError, match="recognized as Manufacturer and Product"):
        split_header([(1, ["hcpcs", "colour"]), (2, ["K1007", "red"])])
    with pytest.raises(RegisterError, match="column names only"):
        split_header([(1, HEADER)])
    with pytest.raises(RegisterError, match="The file is empty"):
        split_header([])


@pytest.mark.parametrize("column", ["Patient Name", "MBI", "member_id", "Date of Birth", "SSN", "PatientId"])
def test_columns_of_patients_are_refused(column: str) -> None:
    with pytest.raises(PatientDataError, match="looks like data of patients"):
        split_header([(1, [*HEADER, column]), (2, ROW)])


def test_numbers_of_patients_are_refused_and_not_kept() -> None:
    row = [*ROW[:2], "Walker of 1EG4-TE5-MK73", *ROW[3:]]
    assert problems(row) == [
        (
            "Product Name",
            "It holds what looks like a Medicare number (MBI). Remove it: data of patients must not come here.",
        )
    ]
    assert read(row).texts["product"] == ""


def test_a_good_row_is_read() -> None:
    row = [
        "k1007",
        " Argo\u200b ",
        "=Walker()",
        "A1..A3",
        "1/1/2024",
        date(2024, 12, 31),
        "Stroller; walker; =Walker();",
    ]
    found = read(row)
    assert found.problems == []
    assert (found.texts["code"], found.texts["manufacturer"], found.texts["product"]) == ("K1007", "Argo", "=Walker()")
    assert (found.model_numbers, found.other_names) == (["A1", "A2", "A3"], ["Stroller", "walker"])
    assert (found.first_day, found.last_day) == (date(2024, 1, 1), date(2024, 12, 31))


def test_every_problem_of_a_row_is_told() -> None:
    assert problems(["", "", "x" * 10_000, "***", "31/12/2024", "soon", "!"]) == [
        ("HCPCS", "The cell is empty. Give the HCPCS code."),
        ("Mfr", "The cell is empty. Give the manufacturer."),
        ("Product Name", "The cell has 10,000 characters; at most 300 can be kept. Shorten it."),
        ("Aliases", "“!” cannot be a product's name. Part several names by “;”."),
        ("Model No.", "“***” has no letter or digit, so it is no model number."),
        (
            "Effective Begin",
            (
                "“31/12/2024” begins with 31, which is no month. "
                "If it means December 31, 2024, write 12/31/2024 or 2024-12-31."
            ),
        ),
        (
            "Effective End",
            "“soon” is not a date that can be read. Write the year, the month and the day, such as 2024-06-01.",
        ),
    ]


def test_dates_that_cannot_be_read_are_not_also_missing() -> None:
    header = ["HCPCS", "Mfr", "Product", "Effective dates"]
    found = read(["K1007", "Argo", "Walker", "01/01/24"], header).problems
    assert [problem.column for problem in found] == ["Effective dates"]
    assert "has a year of two digits" in found[0].message


def test_a_row_without_a_first_day_takes_the_one_that_was_given() -> None:
    row = [*ROW[:4], "", "2024-06-30", ""]
    assert problems(row) == [
        ("Effective Begin", "The row states no first day. Give it, or one for all rows without when you upload.")
    ]
    assert read(row, first_day=date(2024, 1, 1)).first_day == date(2024, 1, 1)
    assert [column for column, _ in problems(row, first_day=date(2024, 7, 1))] == ["Effective End"]


def test_one_column_may_hold_both_days() -> None:
    header = ["Code", "Manufacturer", "Product", "Effective Dates"]
    found = read(["K1007", "Argo", "Walker", "01/01/2024 - 12/31/2024"], header=header)
    assert (found.first_day, found.last_day) == (date(2024, 1, 1), date(2024, 12, 31))
    assert problems(["K1007", "Argo", "Walker", "12/31/2024 - 01/01/2024"], header=header) != []
