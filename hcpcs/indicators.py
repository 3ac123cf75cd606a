"""What the one-letter and two-digit values of the record layout stand for (hcpcs/data/indicators.toml)."""

import tomllib
from functools import cache
from pathlib import Path

_DATA = Path(__file__).parent / "data"


@cache
def indicator_tables() -> dict[str, dict[str, str]]:
    """Field name -> value -> meaning, for every field with a table of values in the record layout."""
    with (_DATA / "indicators.toml").open("rb") as file:
        return tomllib.load(file)


def has_meanings(field: str) -> bool:
    """Whether the record layout has a table of values for the field."""
    return field in indicator_tables()


def is_known(field: str, value: str) -> bool:
    return value in indicator_tables()[field]


def meaning_of(field: str, value: str) -> str:
    """The meaning in words; "" for a field without a table and for a value that the tables do not know."""
    return indicator_tables().get(field, {}).get(value, "")


def indicator(field: str, value: str) -> dict[str, str]:
    """`{"value": …, "meaning": …}`, the form in which every indicator is shown and exported."""
    return {"value": value, "meaning": meaning_of(field, value)}
