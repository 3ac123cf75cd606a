"""Rows of the fee schedules as the API tells them. A fee is not coverage."""

from collections.abc import Sequence
from decimal import Decimal

from django.db.models import Q, QuerySet

from hcpcs.models import Fee, FeeSchedule, StateAmounts
from hcpcs.queries.codes import as_code
from hcpcs.queries.fees import fees_in
from pcl.queries.codes import code_url
from pcl.queries.keyset import Order, Row

BY_CODE = Order(
    columns=("code", "modifier", "modifier_2", "schedule_id"), key=("code", "modifier", "modifier_2", "number")
)


def search_fees(schedules: Sequence[FeeSchedule], *, code: str, modifier: str, state: str) -> QuerySet[Fee]:
    """Rows of the schedules; an empty text is no condition. `modifier` may be the first or the second of a row."""
    found = fees_in(schedules).select_related("schedule")
    if code:
        found = found.filter(code=as_code(code))
    if modifier:
        found = found.filter(Q(modifier=modifier.upper()) | Q(modifier_2=modifier.upper()))
    if state:
        found = found.filter(states__contains=[state.upper()])
    return found


def fee_rows(fees: QuerySet[Fee], *, state: str, rural: bool, site: str) -> list[Row]:
    """With the amounts of one state or, where `state` is empty, of all that have one."""
    return [
        {
            "code": fee.code,
            "modifier": fee.modifier or None,
            "modifier_2": fee.modifier_2 or None,
            "description": fee.description,
            "effective_from": fee.schedule.effective_from,
            "effective_to": fee.schedule.effective_to,
            "revision": fee.schedule.revision,
            "jurisdiction": {"value": fee.jurisdiction, "meaning": fee.jurisdiction_meaning},
            "category": {"value": fee.category, "meaning": fee.category_meaning},
            "ceiling": _dollars(fee.ceiling),
            "floor": _dollars(fee.floor),
            "amounts": [_told(each, rural=rural) for each in fee.amounts if not state or each.state == state.upper()],
            "url": f"{code_url(fee.code, site=site)}fees/?on={fee.schedule.effective_from.isoformat()}",
            "number": fee.schedule_id,
        }
        for fee in fees
    ]


def _told(amounts: StateAmounts, *, rural: bool) -> dict[str, str | None]:
    return {
        "state": amounts.state,
        "non_rural": _dollars(amounts.non_rural),
        "rural": _dollars(amounts.rural),
        "amount": _dollars(amounts.applying(rural=rural)),
    }


def _dollars(amount: Decimal | None) -> str | None:
    """As text: a number of JSON may lose cents on its way."""
    return None if amount is None else str(amount)
