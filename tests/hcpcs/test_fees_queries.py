"""The answers that come out of the loaded fee schedules."""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hcpcs.models import Code, Kind
from hcpcs.queries.fee_history import fee_series
from hcpcs.queries.fee_modifiers import codes_naming, modifiers_of
from hcpcs.queries.fee_on_day import FeeOutcome, fee_on
from hcpcs.queries.fees import fee_table, fees_of, latest_schedules
from hcpcs.queries.shown_fees import shown_fees
from hcpcs.services.import_fees import import_fees
from tests.factories.register import make_code
from tests.hcpcs.fee_files import fee_file, fee_row

pytestmark = pytest.mark.django_db
MAY = date(2025, 5, 1)
Load = Callable[..., None]
RURAL_ONLY = ("0.00", "4.52", "0.00", "4.84", "5.14", "0.00")
ONE_AMOUNT = ("10.00", "0.00", "11.00", "0.00", "12.00", "0.00")


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """Loads rows as the schedule of a quarter that is titled so."""

    def load(rows: Sequence[list[str]], title: str = "April 2025", **options: object) -> None:
        path = fee_file(tmp_path, rows, title=f"{title} Fee Schedule")
        import_fees(path=path, **options)  # type: ignore[arg-type]

    return load


def make_modifier(modifier: str, description: str) -> Code:
    made = make_code(modifier, long_description=description)
    Code.objects.filter(pk=made.pk).update(kind=Kind.MODIFIER)
    return made


def answered(*modifiers: str, code: str = "E0001", on: date = MAY, state: str = "AL", rural: bool = False) -> object:
    answer = fee_on(code, on=on, state=state, modifiers=modifiers, rural=rural)
    assert (answer.amount is not None) is (answer.outcome == FeeOutcome.AMOUNT)
    return answer.outcome if answer.amount is None else answer.amount


def test_non_rural_and_rural(load: Load) -> None:
    load([fee_row("E0001")])
    assert answered() == Decimal("10.00")
    assert answered(rural=True) == Decimal("12.00")
    assert answered(state="ca") == Decimal("11.00")
    # Nothing is loaded for it, though it is a territory.
    assert answered(state="GU") == FeeOutcome.NO_AMOUNT
    with pytest.raises(ValueError, match="'ZZ' is no state"):
        answered(state="ZZ")


def test_a_rural_area_without_its_own_amount_has_the_states(load: Load) -> None:
    load([fee_row("E0001", amounts=ONE_AMOUNT), fee_row("E0002", amounts=RURAL_ONLY)])
    assert answered(rural=True) == Decimal("10.00")
    assert "no rural amount of its own" in fee_on("E0001", on=MAY, state="AL", rural=True).reason
    assert answered(code="E0002") == FeeOutcome.NO_AMOUNT
    assert fee_on("E0002", on=MAY, state="AL").reason == "CMS gives an amount for rural areas of Alabama only."
    assert answered(code="E0002", rural=True) == Decimal("4.52")


@pytest.mark.parametrize("day", [date(2025, 3, 31), date(2025, 7, 1), date(2026, 5, 1)])
def test_another_quarter_is_never_taken(load: Load, day: date) -> None:
    load([fee_row("E0001")])
    assert answered(on=day) == FeeOutcome.QUARTER_NOT_LOADED
    assert "is not loaded here" in fee_on("E0001", on=day, state="AL").reason
    assert fee_table("E0001", on=day) is None
    assert modifiers_of("E0001", on=day) == []


@pytest.mark.parametrize("day", [date(2025, 4, 1), date(2025, 6, 30)])
def test_the_quarters_first_and_last_day_belong_to_it(load: Load, day: date) -> None:
    load([fee_row("E0001")])
    load([fee_row("E0001", amounts=["1.00"] * 6)], "January 2025")
    load([fee_row("E0001", amounts=["2.00"] * 6)], "July 2025")
    assert answered(on=day) == Decimal("10.00")


def test_modifiers_choose_the_row(load: Load) -> None:
    load(
        [
            fee_row("E0001", "NU", amounts=["1.00"] * 6),
            fee_row("E0001", "NU", "KE", amounts=["2.00"] * 6),
            fee_row("E0001", "RR", amounts=["3.00"] * 6),
        ]
    )
    assert answered("NU") == Decimal("1.00")
    assert answered("ke", "nu") == Decimal("2.00")
    assert answered("RR", "KX") == Decimal("3.00")
    assert fee_on("E0001", on=MAY, state="AL", modifiers=["RR", "KX"]).without_effect == ("KX",)
    assert answered("NU", "RR") == FeeOutcome.AMBIGUOUS_MODIFIERS
    assert answered("UE") == FeeOutcome.OTHER_MODIFIERS
    assert answered() == FeeOutcome.OTHER_MODIFIERS
    assert (
        fee_on("E0001", on=MAY, state="AL").reason == "There is no amount without a modifier. There are: NU, NU KE, RR."
    )


def test_a_code_that_is_not_on_the_schedule(load: Load) -> None:
    load([fee_row("E0001")])
    assert answered(code="E0009") == FeeOutcome.NOT_ON_SCHEDULE


def test_a_code_that_may_not_be_billed_on_the_day_has_no_fee(load: Load) -> None:
    load([fee_row("E0001")])
    make_code("E0001", terminated=date(2025, 4, 30))
    assert answered(on=date(2025, 4, 30)) == Decimal("10.00")
    assert answered(on=MAY) == FeeOutcome.CODE_NOT_VALID


def test_fees_of_a_meaning_are_those_of_its_time(load: Load) -> None:
    load([fee_row("Q2040", amounts=["1.00"] * 6)], "January 2015")
    load([fee_row("Q2040", amounts=["2.00"] * 6)], "April 2025")
    old = make_code("Q2040", added=date(2010, 1, 1), terminated=date(2015, 12, 31))
    new = make_code("Q2040", added=date(2018, 1, 1))

    def quarters(code: Code | str) -> list[str]:
        return [each.schedule.label for each in fees_of(code) if each.fees]

    assert quarters("q2040") == ["April to June 2025", "January to March 2015"]
    assert quarters(old) == ["January to March 2015"]
    assert quarters(new) == ["April to June 2025"]
    assert [fee.non_rural[0] for fee in shown_fees(old, on=date(2015, 2, 1)).fees] == [Decimal("1.00")]


def test_the_table_has_every_state_in_cms_order(load: Load) -> None:
    load([fee_row("E0001", ceiling="20.00", floor="5.00")])
    table = fee_table("E0001", on=MAY)
    assert table is not None
    (fee,) = table.fees
    assert [(each.name, each.non_rural, each.rural) for each in fee.amounts] == [
        ("Alabama", Decimal("10.00"), Decimal("12.00")),
        ("California", Decimal("11.00"), Decimal("13.00")),
        ("Alaska", Decimal("15.00"), None),
    ]
    # Alaska is dearer, and not one of the contiguous states.
    assert (fee.lowest, fee.highest, fee.ceiling, fee.floor) == (
        Decimal("10.00"), Decimal("13.00"), Decimal("20.00"), Decimal("5.00"),
    )  # fmt: skip


def test_the_course_of_a_row_names_quarters_without_it(load: Load) -> None:
    load([fee_row("E0001", "RR")], "January 2025")
    load([fee_row("E0001", "NU")], "April 2025")
    load([fee_row("E0001", "RR", amounts=ONE_AMOUNT)], "July 2025")

    points = fee_series(fees_of("E0001"), modifiers=("RR",))
    assert [(point.schedule.quarter, point.upper, point.lower) for point in points] == [
        (1, Decimal("13.00"), Decimal("10.00")),
        (2, None, None),
        (3, Decimal("11.00"), Decimal("10.00")),
    ]
    in_state = fee_series(fees_of("E0001"), modifiers=("RR",), state="CA")
    assert [(point.upper, point.lower) for point in in_state] == [
        (Decimal("11.00"), Decimal("13.00")),
        (None, None),
        (Decimal("11.00"), None),
    ]


def test_modifiers_have_their_descriptions_and_their_codes(load: Load) -> None:
    load([fee_row("E0002", "NU", "KE"), fee_row("E0001", "KE"), fee_row("E0003", "RR"), fee_row("E0001", "NU")])
    make_modifier("KE", "Bid under round one")
    make_code("E0001")
    # A code of the same letters as a modifier would be is none.
    make_code("NU", long_description="no modifier")

    assert [(each.modifier, each.description) for each in modifiers_of("E0002", on=MAY)] == [
        ("KE", "Bid under round one"),
        ("NU", ""),
    ]
    naming = codes_naming("ke")
    assert ([code.code for code in naming.codes], naming.without_record) == (["E0001"], ["E0002"])
    assert codes_naming("KE", on=date(2024, 1, 1)).schedule is None


def test_quarters_cost_no_queries(load: Load) -> None:
    load([fee_row("E0001", "RR")])
    code = make_code("E0001")

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            shown_fees(code, on=MAY, all_quarters=True)
        return len(queries)

    with_one = cost()
    for month in ("January", "July", "October"):
        load([fee_row("E0001", "RR")], f"{month} 2025")
    assert len(latest_schedules()) == 4
    assert with_one == cost() == 3
