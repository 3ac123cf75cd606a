"""The fees that a page about a code shows."""

from dataclasses import dataclass
from datetime import date

from hcpcs.models import Code, Fee, FeeSchedule
from hcpcs.models.fee_schedule import quarter_label, quarter_of
from hcpcs.queries.fee_modifiers import NamedModifier, modifiers_in
from hcpcs.queries.fees import QuarterFees, fees_of, latest_schedules, schedule_on, schedules_of


@dataclass(frozen=True)
class ShownFees:
    """Of the quarter of a date of service where it is loaded; otherwise of the newest one, and `not_loaded` says so."""

    # Whether any schedule is loaded in which the code could be used with its meaning.
    is_any_loaded: bool
    schedule: FeeSchedule | None
    fees: list[Fee]
    # The quarter of the date of service, such as "October to December 2026", where its schedule is not loaded; or "".
    not_loaded: str
    modifiers: list[NamedModifier]
    # Newest first; only the one that is shown unless all were asked for.
    quarters: list[QuarterFees]

    @property
    def categories(self) -> list[str]:
        """What the shown rows' categories stand for, each once."""
        return list(dict.fromkeys(fee.category_meaning or fee.category for fee in self.fees))

    @property
    def jurisdictions(self) -> list[str]:
        return list(dict.fromkeys(fee.jurisdiction_meaning or fee.jurisdiction for fee in self.fees))


def shown_fees(meaning: Code, *, on: date, all_quarters: bool = False) -> ShownFees:
    """At most three queries, however many quarters are loaded."""
    loaded = latest_schedules()
    usable = schedules_of(meaning, loaded)
    of_the_day = schedule_on(usable, on)
    schedule = of_the_day or next(iter(usable), None)
    asked_for = usable if all_quarters else [each for each in usable if each == schedule]
    quarters = fees_of(meaning, asked_for)
    fees = next((each.fees for each in quarters if each.schedule == schedule), [])
    return ShownFees(
        is_any_loaded=bool(usable),
        schedule=schedule,
        fees=fees,
        not_loaded="" if schedule_on(loaded, on) else quarter_label(*quarter_of(on)),
        modifiers=modifiers_in(fees, on=on),
        quarters=quarters,
    )
