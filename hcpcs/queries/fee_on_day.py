"""The one amount that a fee schedule has for a date of service, a state and the modifiers of a claim line."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from hcpcs.fee_values import STATES, state_name
from hcpcs.models import Fee, FeeSchedule
from hcpcs.models.fee_schedule import quarter_label, quarter_of
from hcpcs.queries.codes import as_code, code_in_force, meanings
from hcpcs.queries.fees import fees_of, latest_schedules, schedule_on


class FeeOutcome(StrEnum):
    AMOUNT = "amount"
    CODE_NOT_VALID = "code_not_valid"
    QUARTER_NOT_LOADED = "quarter_not_loaded"
    NOT_ON_SCHEDULE = "not_on_schedule"
    OTHER_MODIFIERS = "other_modifiers"
    """The code has rows, but none for these modifiers."""
    AMBIGUOUS_MODIFIERS = "ambiguous_modifiers"
    """Several rows fit equally well."""
    NO_AMOUNT = "no_amount"


@dataclass(frozen=True)
class FeeAnswer:
    """`reason` is a sentence that a biller can read; `amount` is in dollars, and None unless `outcome` is AMOUNT."""

    outcome: FeeOutcome
    reason: str
    schedule: FeeSchedule | None = None
    fee: Fee | None = None
    amount: Decimal | None = None
    # Modifiers that were asked for and that the schedule has no amount of its own for, such as KX.
    without_effect: tuple[str, ...] = ()


def fee_on(code: str, *, on: date, state: str, modifiers: Iterable[str] = (), rural: bool = False) -> FeeAnswer:
    """What the schedule of the quarter of date of service `on` says; its highest revision, and never another quarter's.

    The row is the one with the most modifiers of those given and none besides. Whether an area is rural goes by CMS's
    list of ZIP codes, which is not loaded: the caller says it. Raises ValueError for a state that is none.
    """
    if state.upper() not in STATES:
        raise ValueError(f"{state!r} is no state or territory.")
    letters = as_code(code)
    if code_in_force(letters, on=on) is None and meanings(letters).exists():
        return FeeAnswer(
            FeeOutcome.CODE_NOT_VALID, f"{letters} may not be billed for this date of service, so it has no fee."
        )
    schedule = schedule_on(latest_schedules(), on)
    if schedule is None:
        return not_loaded(on)
    fees = fees_of(letters, [schedule])[0].fees
    return choose(fees, schedule, letters, state=state.upper(), modifiers=modifiers, rural=rural)


def not_loaded(on: date) -> FeeAnswer:
    label = quarter_label(*quarter_of(on))
    reason = f"The fee schedule of {label} is not loaded here. Fees of another quarter do not apply."
    return FeeAnswer(FeeOutcome.QUARTER_NOT_LOADED, reason)


def choose(
    fees: Sequence[Fee], schedule: FeeSchedule, code: str, *, state: str, modifiers: Iterable[str], rural: bool
) -> FeeAnswer:
    """Among the rows that `schedule` has for `code`. See `fee_on`."""
    if not fees:
        return FeeAnswer(
            FeeOutcome.NOT_ON_SCHEDULE,
            f"{code} is not on the fee schedule of {schedule.label}. That does not say that it is not paid: some items "
            "are priced otherwise.",
            schedule,
        )
    given = tuple(dict.fromkeys(each.upper() for each in modifiers))
    fitting = [fee for fee in fees if set(fee.modifiers) <= set(given)]
    closest = [fee for fee in fitting if len(fee.modifiers) == max(len(each.modifiers) for each in fitting)]
    if len(closest) != 1:
        return _several_or_none(closest, fees, schedule, given)
    fee = closest[0]
    without_effect = tuple(each for each in given if each not in fee.modifiers)
    amounts = fee.in_state(state)
    amount = amounts.applying(rural=rural)
    where = f"{'a rural' if rural else 'a non-rural'} area of {state_name(state)}"
    if amount is None:
        reason = f"CMS gives no amount for {where}."
        if not rural and amounts.rural is not None:
            reason = f"CMS gives an amount for rural areas of {state_name(state)} only."
        return FeeAnswer(FeeOutcome.NO_AMOUNT, reason, schedule, fee, None, without_effect)
    reason = f"The amount for {where}."
    if rural and amounts.rural is None:
        reason = f"CMS gives no rural amount of its own here; the one amount of {state_name(state)} applies."
    return FeeAnswer(FeeOutcome.AMOUNT, reason, schedule, fee, amount, without_effect)


def _several_or_none(
    closest: Sequence[Fee], fees: Sequence[Fee], schedule: FeeSchedule, given: tuple[str, ...]
) -> FeeAnswer:
    if closest:
        listed = " and ".join(fee.modifiers_text for fee in closest)
        return FeeAnswer(
            FeeOutcome.AMBIGUOUS_MODIFIERS, f"{listed} have an amount each. Ask for one of them.", schedule
        )
    listed = ", ".join(fee.modifiers_text or "without a modifier" for fee in fees)
    asked = f"with {' '.join(given)}" if given else "without a modifier"
    return FeeAnswer(FeeOutcome.OTHER_MODIFIERS, f"There is no amount {asked}. There are: {listed}.", schedule)
