"""CMS's own fee schedule of April 2025, where it is at hand."""

import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from hcpcs.models import Fee, FeeSchedule
from hcpcs.parsing.fee_file import read_fee_file
from hcpcs.parsing.fees import ParsedFees, parse_fees
from hcpcs.queries.fee_modifiers import codes_naming
from hcpcs.queries.fee_on_day import fee_on
from hcpcs.services.import_fees import import_fees
from tests.hcpcs.fee_files import published_fees

MAY = date(2025, 5, 1)


@pytest.fixture(scope="module")
def parsed() -> ParsedFees:
    return parse_fees(read_fee_file(published_fees()))


def test_every_row_is_read(parsed: ParsedFees) -> None:
    assert (parsed.year, parsed.quarter) == (2025, 2)
    assert (len(parsed.rows), len({row.code for row in parsed.rows})) == (3511, 2100)
    assert (parsed.skipped, parsed.warnings, parsed.copyrighted) == ([], [], 0)


def test_a_cell_of_0_00_is_no_amount(parsed: ParsedFees) -> None:
    """221,864 amounts of the 372,166 cells, in every row's own states; no amount is left out or made up."""
    assert sum(amount is not None for row in parsed.rows for amount in (*row.non_rural, *row.rural)) == 221_864
    assert sum(not row.states for row in parsed.rows) == 69
    assert {len(row.states) for row in parsed.rows if row.code == "E0193"} == {53}


def test_only_accessories_with_ke_have_a_rural_amount_and_no_other(parsed: ParsedFees) -> None:
    rural_only = [
        row
        for row in parsed.rows
        if any(rural and not non_rural for non_rural, rural in zip(row.non_rural, row.rural, strict=True))
    ]
    assert len(rural_only) == 295
    assert {row.modifier_2 for row in rural_only} == {"KE"}


def test_rural_amounts_are_for_contiguous_states_only(parsed: ParsedFees) -> None:
    outside = {"AK", "HI", "PR", "VI"}
    rural = {
        state for row in parsed.rows for state, amount in zip(row.states, row.rural, strict=True) if amount is not None
    }
    assert len(rural) == 49
    assert rural & outside == set()


@pytest.mark.django_db
def test_known_cells() -> None:
    report = import_fees(path=published_fees())

    assert (report.rows, report.codes, report.anything_written) == (3511, 2100, True)
    assert FeeSchedule.objects.get().row_count == Fee.objects.count() == 3511
    bed = Fee.objects.get(code="E0193")
    assert (bed.modifiers_text, bed.jurisdiction, bed.category) == ("RR", "D", "CR")
    assert (bed.ceiling, bed.floor) == (None, None)
    assert (bed.in_state("AL").non_rural, bed.in_state("AL").rural) == (Decimal("842.09"), Decimal("1005.70"))
    assert (bed.in_state("AK").non_rural, bed.in_state("AK").rural) == (Decimal("1154.25"), None)
    assert (bed.in_state("VI").non_rural, bed.description) == (Decimal("1042.74"), "Powered air flotation bed")
    water = Fee.objects.get(code="A4216")
    assert (water.modifiers_text, water.ceiling, water.floor) == ("", Decimal("0.62"), Decimal("0.53"))
    assert water.in_state("AL").non_rural == Decimal("0.57")
    exoskeleton = Fee.objects.get(code="K1007")
    assert (exoskeleton.ceiling, exoskeleton.floor) == (Decimal("111860.00"), Decimal("83895.03"))


@pytest.mark.django_db
def test_amounts_on_a_date_of_service() -> None:
    import_fees(path=published_fees())

    assert fee_on("E1390", on=MAY, state="CA", modifiers=["RR"]).amount == Decimal("92.08")
    assert fee_on("e1390", on=MAY, state="CA", modifiers=["RR", "QF"], rural=True).amount == Decimal("173.32")
    assert fee_on("A4636", on=MAY, state="AL", modifiers=["NU", "KE"], rural=True).amount == Decimal("4.52")
    assert fee_on("A4636", on=MAY, state="AL", modifiers=["NU", "KE"]).amount is None
    assert fee_on("K1007", on=MAY, state="TX", rural=True).amount == Decimal("93216.70")
    assert len(codes_naming("KF").without_record) == 20


@pytest.mark.django_db
def test_the_same_file_under_another_name_changes_nothing(tmp_path: Path) -> None:
    import_fees(path=published_fees())
    before = list(Fee.objects.values_list("pk", flat=True))
    copy = shutil.copy(published_fees(), tmp_path / "DMEPOS25_APR_copy.csv")

    report = import_fees(path=Path(copy))

    assert (report.anything_written, report.rows) == (False, 3511)
    assert list(Fee.objects.values_list("pk", flat=True)) == before
