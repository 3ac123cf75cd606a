"""What can be done to a listing as it is now."""

from datetime import date
from enum import StrEnum


class ListingAct(StrEnum):
    END = "end"
    EXTEND = "extend"
    RESCIND = "rescind"
    REINSTATE = "reinstate"
    RECODE = "recode"
    CORRECT = "correct"
    RENAME = "rename"
    CORRECT_PRODUCT = "correct-product"
    CORRECT_MODEL = "correct-model"


ALWAYS = [
    ListingAct.RECODE,
    ListingAct.CORRECT,
    ListingAct.RENAME,
    ListingAct.CORRECT_PRODUCT,
    ListingAct.CORRECT_MODEL,
]


def possible_acts(*, last_day: date | None, today: date) -> list[ListingAct]:
    """Those that make sense for a listing whose own last day (inclusive; None while no end is set) is `last_day`.

    What the services refuse they refuse all the same: this only says what to offer.
    """
    if last_day is None:
        return [ListingAct.END, *ALWAYS]
    if last_day >= today:
        return [ListingAct.EXTEND, ListingAct.RESCIND, *ALWAYS]
    return [ListingAct.REINSTATE, *ALWAYS]
