"""What a load of a fee schedule does, also the second time."""

import zipfile
from datetime import date
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from hcpcs.models import Fee, FeeSchedule
from hcpcs.queries.fee_on_day import fee_on
from hcpcs.services.import_fees import import_fees
from tests.factories.register import make_code
from tests.hcpcs.fee_files import HEADER, fee_file, fee_row, fee_workbook

pytestmark = pytest.mark.django_db
MAY = date(2025, 5, 1)


def stored() -> list[str]:
    return [str(fee) for fee in Fee.objects.all()]


def test_rows_are_stored_as_the_file_has_them(tmp_path: Path) -> None:
    amounts = ("10.00", "0.00", "0", "", "$1,500.5", "0.00")
    import_fees(path=fee_file(tmp_path, [fee_row("E0001", "RR", "KE", ceiling="20", floor="5.5", amounts=amounts)]))

    fee = Fee.objects.get()
    assert (fee.code, fee.modifier, fee.modifier_2) == ("E0001", "RR", "KE")
    assert (fee.ceiling, fee.floor) == (Decimal("20.00"), Decimal("5.50"))
    assert (fee.states, fee.non_rural, fee.rural) == (
        ["AL", "AK"],
        [Decimal("10.00"), Decimal("1500.50")],
        [None, None],
    )
    assert fee.schedule.label == "April to June 2025"
    assert (fee.schedule.effective_from, fee.schedule.effective_to) == (date(2025, 4, 1), date(2025, 6, 30))


@pytest.mark.parametrize("delimiter", [";", "\t", "|", "~"])
def test_other_delimiters(tmp_path: Path, delimiter: str) -> None:
    import_fees(path=fee_file(tmp_path, [fee_row("E0001", "RR")], name="fees.txt", delimiter=delimiter))
    assert stored() == ["E0001 RR"]


def test_a_workbook_says_the_same_as_the_text(tmp_path: Path) -> None:
    row = ["E0001", "RR", None, "D", "IN", 0, 0, 25.190000000000001, 28, "11.00", 13.5, 15, 0, "A thing"]
    import_fees(path=fee_workbook(tmp_path, [row]))

    fee = Fee.objects.get()
    assert fee.non_rural == [Decimal("25.19"), Decimal("11.00"), Decimal("15.00")]
    assert fee.rural == [Decimal("28.00"), Decimal("13.50"), None]


def test_the_archive_as_downloaded(tmp_path: Path) -> None:
    inner = fee_file(tmp_path, [fee_row("E0001")], name="DMEPOS25_APR.csv")
    with zipfile.ZipFile(tmp_path / "dme25-b.zip", "w") as archive:
        archive.write(inner, "DMEPOS25_APR.csv")
        archive.writestr("DMEPEN25_APR.csv", "HCPCS,Mod,AL\n")
        archive.writestr("DMEREAD.txt", "Read me")

    report = import_fees(path=tmp_path / "dme25-b.zip")

    assert (report.file_name, stored()) == ("DMEPOS25_APR.csv", ["E0001"])
    assert import_fees(path=inner).note.startswith("This very file is loaded already")


def test_a_reissued_quarter_replaces_the_one_before_and_says_what_changed(tmp_path: Path) -> None:
    first = fee_file(tmp_path, [fee_row("E0001"), fee_row("E0002"), fee_row("E0003", "RR")], name="a.csv")
    import_fees(path=first)
    schedule = FeeSchedule.objects.get()
    second = fee_file(
        tmp_path,
        [fee_row("E0001"), fee_row("E0003", "RR", ceiling="9.00", floor="8.00"), fee_row("E0004")],
        name="b.csv",
    )

    report = import_fees(path=second)

    assert (report.added, report.changed, report.removed) == (["E0004"], ["E0003 RR"], ["E0002"])
    assert stored() == ["E0001", "E0003 RR", "E0004"]
    assert (FeeSchedule.objects.get().pk, FeeSchedule.objects.get().file_name) == (schedule.pk, "b.csv")


def test_a_file_that_says_the_same_changes_nothing(tmp_path: Path) -> None:
    import_fees(path=fee_file(tmp_path, [fee_row("E0001"), fee_row("E0002")], name="a.csv"))
    report = import_fees(path=fee_file(tmp_path, [fee_row("E0002"), fee_row("E0001")], name="b.csv"))

    assert not report.anything_written
    assert FeeSchedule.objects.get().file_name == "a.csv"


def test_a_higher_revision_stands_beside_and_counts(tmp_path: Path) -> None:
    dear = fee_row("E0001", amounts=("99.00", *["0.00"] * 5))
    import_fees(path=fee_file(tmp_path, [dear], name="DMEPOS25_APR_v2.csv"))
    import_fees(path=fee_file(tmp_path, [fee_row("E0001")], name="DMEPOS25_APR.csv"))

    assert sorted(FeeSchedule.objects.values_list("revision", flat=True)) == [1, 2]
    assert fee_on("E0001", on=MAY, state="AL").amount == Decimal("99.00")


def test_codes_that_no_release_has_are_told(tmp_path: Path) -> None:
    make_code("E0001")
    report = import_fees(path=fee_file(tmp_path, [fee_row("E0001"), fee_row("E0002"), fee_row("E0002", "RR")]))
    assert report.warnings[-1] == "1 codes are in no loaded HCPCS release: E0002"


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    report = import_fees(path=fee_file(tmp_path, [fee_row("E0001")]), dry_run=True)
    assert (report.rows, FeeSchedule.objects.count(), Fee.objects.count()) == (1, 0, 0)


def test_the_quarter_can_be_given(tmp_path: Path) -> None:
    path = fee_file(tmp_path, [fee_row("E0001")], title="Fees")
    import_fees(path=path, year=2024, quarter=4, revision=3)
    assert FeeSchedule.objects.get().label == "October to December 2024, revision 3"


def test_progress_is_told_up_to_the_end(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    path = fee_file(tmp_path, [fee_row(f"E{number:04}") for number in range(600)])
    import_fees(path=path, progress=lambda done, total: told.append((done, total)))
    assert told == [(255, 605), (505, 605), (605, 605)]


def test_the_command_reports(tmp_path: Path) -> None:
    output = StringIO()
    bad = fee_row("E0002", amounts=("10.00", "oops", *["0.00"] * 4))
    path = fee_file(tmp_path, [fee_row("E0001"), bad, fee_row("99213")])
    call_command("import_fees", str(path), stdout=output)
    assert output.getvalue().splitlines()[:5] == [
        "fees.csv: DMEPOS fee schedule April to June 2025",
        "  1 rows of 1 codes",
        "  1 rows of CPT or CDT codes left out (under copyright, and not Level II)",
        "  1 lines skipped:",
        "    line 7: E0002: column AL (R) says 'oops', which is no amount in dollars",
    ]
    again = StringIO()
    call_command("import_fees", str(fee_file(tmp_path, [fee_row("E0003")], name="b.csv")), stdout=again)
    assert again.getvalue().splitlines()[2:6] == [
        "  It replaces the file fees.csv of April to June 2025.",
        "  1 added: E0003",
        "  0 changed",
        "  1 removed: E0001",
    ]


def test_the_command_names_a_file_that_it_refuses(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("a,b\n")
    with pytest.raises(CommandError, match=f"{path} was not loaded. It has no header row"):
        call_command("import_fees", str(path))
    with pytest.raises(CommandError, match="one file at a time"):
        call_command("import_fees", str(path), str(path), "--year", "2025")


@pytest.mark.parametrize(
    ("wrong", "constraint"),
    [
        ({"code": "e0001"}, "fee_code_is_level_2"),
        ({"modifier": "R"}, "fee_modifiers_have_two_characters"),
        ({"modifier_2": "KE"}, "fee_second_modifier_is_another"),
        ({"ceiling": 1, "floor": 2}, "fee_ceiling_not_below_floor"),
        ({"ceiling": 0}, "fee_ceiling_and_floor_positive"),
        ({"states": ["AL"], "non_rural": [1], "rural": []}, "fee_amounts_as_many_as_states"),
        ({"states": ["AL", "CA"], "non_rural": [None, 0], "rural": [1, 1]}, "fee_non_rural_positive"),
        ({"states": ["AL", "CA"], "non_rural": [1, 1], "rural": [None, -1]}, "fee_rural_positive"),
        ({"code": "E0001"}, "fee_once_per_schedule"),
    ],
)
def test_the_database_refuses(wrong: dict[str, object], constraint: str) -> None:
    schedule = FeeSchedule.objects.create(year=2025, quarter=2, file_name="a", sha256="a")
    Fee.objects.create(schedule=schedule, code="E0001")
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Fee.objects.create(**{"schedule": schedule, "code": "E0002", **wrong})


def test_columns_that_nobody_knows_are_told(tmp_path: Path) -> None:
    header = [*HEADER[:-1], "Note", "XX (NR)", "Description"]
    report = import_fees(path=fee_file(tmp_path, [[*fee_row("E0001")[:-1], "hm", "3.00", "A thing"]], header=header))

    assert report.warnings[0] == "The column 'Note' is unknown and was not read."
    assert "No state is known under XX; the columns were read as they stand." in report.warnings
    assert "It has only a column XX (NR)." in report.warnings
    assert any(warning.startswith("It has no columns of AR, AZ") for warning in report.warnings)
    assert Fee.objects.get().in_state("XX").non_rural == Decimal("3.00")
