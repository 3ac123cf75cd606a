"""A list of codes that names no dates: what it enters, what it leaves alone, what it says of bad lines."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction

from hcpcs.models import Code
from pcl.errors import RegisterError
from pcl.models import Requirement, RequirementChange
from pcl.queries.requirement_import import ImportPlan
from pcl.queries.requirement_list import decode_list, read_list
from pcl.services.import_requirements import import_requirements
from tests.factories.register import make_code, require

pytestmark = pytest.mark.django_db
ENDED = "A requirement of this code has ended before this list. Enter by hand since when there is one again."
UNKNOWN = "The catalogue does not have this code. Load the release that has it, then bring the list again."
MAY = date(2025, 5, 1)
LIST = """HCPCS,LCD,Description
A5512,Therapeutic Shoes for Persons with Diabetes,"FOR DIABETICS ONLY, EACH"
K1007,Powered Orthoses,EXOSKELETON
L8701,Powered Orthoses,ARM
"""


def enter(text: str = LIST, day: date = MAY, source: str = "The May list") -> ImportPlan:
    return import_requirements(text=text, source=source, snapshot_date=day)


def told() -> list[tuple[Any, ...]]:
    def of(each: Requirement) -> tuple[Any, ...]:
        days = (each.in_force_from, each.in_force_to)
        return (each.code.code, each.product_group, each.lcd, *days, each.source, each.snapshot_date)

    return [of(each) for each in Requirement.objects.select_related("code").order_by("code__code", "in_force")]


def codes(things: list[Any]) -> list[str]:
    return [thing.listed.code for thing in things]


@pytest.fixture
def catalogue() -> None:
    for code in ("A5512", "K1007", "L8701", "E0147"):
        make_code(code)


@pytest.mark.usefixtures("catalogue")
def test_each_code_of_the_list_is_entered_with_its_source_and_day() -> None:
    plan = enter()

    assert codes(plan.to_add) == ["A5512", "K1007", "L8701"]
    shoes = "therapeutic-shoes-for-persons-with-diabetes"
    assert told() == [
        ("A5512", shoes, "Therapeutic Shoes for Persons with Diabetes", None, None, "The May list", MAY),
        ("K1007", "powered-orthoses", "Powered Orthoses", None, None, "The May list", MAY),
        ("L8701", "powered-orthoses", "Powered Orthoses", None, None, "The May list", MAY),
    ]
    assert [(each.version, each.before, each.reason) for each in RequirementChange.objects.all()] == [
        (1, None, "Named by the list of 2025-05-01: The May list")
    ] * 3


@pytest.mark.usefixtures("catalogue")
def test_entering_it_again_changes_nothing() -> None:
    enter()
    before = [*Requirement.objects.values_list(), *RequirementChange.objects.values_list()]

    plan = enter()

    assert [*Requirement.objects.values_list(), *RequirementChange.objects.values_list()] == before
    assert (plan.writes, codes(plan.there)) == (0, ["A5512", "K1007", "L8701"])


@pytest.mark.usefixtures("catalogue")
def test_a_code_that_has_a_first_date_keeps_it() -> None:
    """K1007 is required from June 1, 2024 (DOMAIN 7, case 2); a list without dates knows less."""
    require(Code.objects.get(code="K1007"), begins=date(2024, 6, 1))

    plan = enter()

    assert (codes(plan.to_add), codes(plan.dated)) == (["A5512", "L8701"], ["K1007"])
    assert told()[1] == ("K1007", "powered-orthoses", "", date(2024, 6, 1), None, "Some list", None)


@pytest.mark.parametrize("begins", [date(2024, 6, 1), date(2025, 8, 1)])
def test_a_first_date_after_the_list_is_kept_as_well(begins: date) -> None:
    require(make_code("K1007"), begins=begins)

    plan = enter("HCPCS,LCD\nK1007,Powered Orthoses\n")

    assert (plan.writes, codes(plan.dated), Requirement.objects.count()) == (0, ["K1007"], 1)


def test_a_requirement_that_ended_before_the_list_is_left_to_a_person() -> None:
    require(make_code("K0009"), begins=date(2013, 4, 1), ends=date(2020, 1, 1))

    plan = enter("HCPCS,LCD\nK0009,Manual Wheelchair Bases\n")

    assert [(bad.line, bad.said, bad.why) for bad in plan.bad] == [(2, "K0009", ENDED)]
    assert Requirement.objects.count() == 1


@pytest.mark.usefixtures("catalogue")
def test_an_older_list_dates_its_codes_back_and_a_younger_one_does_not() -> None:
    enter("HCPCS,LCD\nA5512,Shoes\nL8701,Arms\n")

    older = enter("HCPCS,LCD\nA5512,Shoes\n", day=date(2023, 1, 1), source="The 2023 list")
    younger = enter("HCPCS,LCD\nA5512,Shoes\nL8701,Arms\n", day=date(2026, 1, 1), source="The 2026 list")

    assert (codes(older.earlier), codes(younger.there)) == (["A5512"], ["A5512", "L8701"])
    assert [row[-2:] for row in told()] == [("The 2023 list", date(2023, 1, 1)), ("The May list", MAY)]
    change = RequirementChange.objects.get(version=2)
    assert change.before is not None
    assert (change.before["snapshot_date"], change.after["snapshot_date"]) == ("2025-05-01", "2023-01-01")


@pytest.mark.usefixtures("catalogue")
def test_a_code_that_is_no_longer_on_the_list_is_told_and_stays() -> None:
    enter()

    plan = enter("HCPCS,LCD\nK1007,Powered Orthoses\n", day=date(2026, 1, 1), source="The 2026 list")

    assert [requirement.code.code for requirement in plan.missing] == ["A5512", "L8701"]
    assert [row[0] for row in told()] == ["A5512", "K1007", "L8701"]


@pytest.mark.usefixtures("catalogue")
def test_bad_lines_are_told_by_line_and_lose_nothing_else() -> None:
    plan = enter(
        "HCPCS,LCD,Description\n"
        'A5512,Shoes,"two\nlines"\n'
        "Z9999,Unknown,x\n"
        "\n"
        "K10O7,Letter O,x\n"
        ",No code,x\n"
        f"E0147,{'x' * 201},x\n"
        "a5512,Again,x\n"
        "l8701\n"
    )

    assert [(bad.line, bad.said, bad.why) for bad in plan.bad] == [
        (4, "Z9999", UNKNOWN),
        (6, "K10O7", "This is no HCPCS code: one letter and four digits, such as K1007."),
        (7, "", "There is no code on this line."),
        (8, "E0147", "The LCD has 201 characters; at most 200 can be kept."),
        (9, "A5512", "The code stands on line 2 already."),
    ]
    assert [row[:3] for row in told()] == [("A5512", "shoes", "Shoes"), ("L8701", "not-stated", "")]


@pytest.mark.parametrize(
    "content",
    [
        "HCPCS,LCD\nK1007,Othèses – gênées\n".encode(),
        "HCPCS,LCD\r\nK1007,Othèses – gênées\r\n".encode("utf-8-sig"),
        "HCPCS;LCD\r\nK1007;Othèses – gênées\r\n".encode("cp1252"),
        "HCPCS\tLCD\r\nK1007\tOthèses – gênées\r\n".encode("utf-16"),
        "HCPCS,LCD\nK1007,Othèses – gênées\n".encode("utf-16-le"),
        "HCPCS,LCD\nK1007,Othèses – gênées\n".encode("utf-16-be"),
        '"hcpcs code","Policy"\n" k1007 ","Othèses  – gênées"\n'.encode(),
    ],
)
def test_a_list_is_read_in_whatever_encoding_a_spreadsheet_wrote_it(content: bytes) -> None:
    (listed,) = read_list(decode_list(content)).codes

    assert (listed.line, listed.code, listed.lcd) == (2, "K1007", "Othèses – gênées")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "The first line must name the columns, one of them HCPCS. It names nothing."),
        (b"Name,LCD\nK1007,x\n", "It names “name”, “lcd”. Add a first line HCPCS,LCD."),
        (b"HCPCS,LCD\n", "The file has a heading and nothing below it."),
        (b"PK\x03\x04rest", "This is a workbook or an archive, not a CSV file."),
        (b"HCPCS\n\x81\x8d\n", "cannot be read in any encoding"),
        (b"HCPCS,LCD\nK1007,\x00\x01\n", "The file holds binary data"),
        (b"\xff\xfeH\x00C", "cannot be read in any encoding"),
        (b'HCPCS,LCD\nK1007,"' + b"x" * 200_000, "Line 2 cannot be read as CSV"),
        (b"HCPCS\n" + b"K1007\n" * 20_001, "more than 20,000 lines"),
    ],
)
def test_what_is_no_list_is_refused_with_what_to_do(content: bytes, why: str) -> None:
    with pytest.raises(RegisterError) as refused:
        read_list(decode_list(content))

    assert why in str(refused.value)


def test_a_list_of_a_day_to_come_is_refused() -> None:
    with pytest.raises(RegisterError, match="2190-01-01 is still to come"):
        enter(day=date(2190, 1, 1))


def test_what_was_said_of_a_requirement_cannot_be_altered() -> None:
    make_code("K1007")
    enter("HCPCS\nK1007\n")

    with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
        RequirementChange.objects.update(reason="Another")


@pytest.mark.usefixtures("catalogue")
def test_the_command_reports_and_enters(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "list.csv"
    path.write_text(LIST + "Z9999,Unknown,x\n")
    given = {"snapshot_date": "2025-05-01", "source": "The May list"}

    call_command("import_requirements", str(path), **given, dry_run=True)
    assert Requirement.objects.count() == 0
    dry = capsys.readouterr().out
    call_command("import_requirements", str(path), **given)

    assert dry.endswith("Dry run: nothing was written.\n")
    assert capsys.readouterr().out.splitlines() == [
        "3 codes added, known from the list of 2025-05-01, with no known begin",
        "0 codes there already from a list",
        "0 codes with dates of their own, kept as they are",
        "1 line that cannot be used:",
        f"  line 5: Z9999: {UNKNOWN}",
    ]
    assert Requirement.objects.count() == 3


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"snapshot_date": "2025-02-30", "source": "x"}, "“2025-02-30” is not a date that exists"),
        ({"snapshot_date": "2025-05-01", "source": " "}, "--source must have"),
        ({"snapshot_date": "2025-05-01", "source": "x", "file": "nowhere.csv"}, "nowhere.csv was not entered"),
    ],
)
def test_the_command_says_what_is_wrong(tmp_path: Path, given: dict[str, str], why: str) -> None:
    path = tmp_path / given.pop("file", "list.csv")
    if path.name == "list.csv":
        path.write_text(LIST)

    with pytest.raises(CommandError) as refused:
        call_command("import_requirements", str(path), **given)

    assert why in str(refused.value)
