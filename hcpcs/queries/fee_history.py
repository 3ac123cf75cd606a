"""One row of a code through the loaded quarters."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from hcpcs.models import Fee, FeeSchedule, StateAmounts
from hcpcs.queries.fees import QuarterFees


@dataclass(frozen=True)
class QuarterPoint:
    """`fee` is None for a quarter whose schedule has no such row; `amounts` are of the state that was asked for."""

    schedule: FeeSchedule
    fee: Fee | None
    amounts: StateAmounts | None

    @property
    def upper(self) -> Decimal | None:
        """Of the state: the non-rural amount. Of all contiguous ones: the highest amount."""
        if self.amounts is not None:
            return self.amounts.non_rural
        return self.fee.highest if self.fee else None

    @property
    def lower(self) -> Decimal | None:
        """Of the state: the rural amount. Of all contiguous ones: the lowest amount."""
        if self.amounts is not None:
            return self.amounts.rural
        return self.fee.lowest if self.fee else None


def fee_series(
    quarters: Sequence[QuarterFees], *, modifiers: tuple[str, ...], state: str | None = None
) -> list[QuarterPoint]:
    """Oldest first: the row with exactly these modifiers in each of the quarters."""
    points = []
    for quarter in reversed(quarters):
        fee = next((each for each in quarter.fees if each.modifiers == modifiers), None)
        amounts = fee.in_state(state) if fee and state else None
        points.append(QuarterPoint(quarter.schedule, fee, amounts))
    return points
