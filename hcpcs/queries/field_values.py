"""A field's value as a text, for tables of changes, comparisons and files."""

from datetime import date
from typing import Any

from hcpcs.indicators import has_meanings, meaning_of
from hcpcs.queries.described_fields import field_texts


def label_of(name: str) -> str:
    """Such as "Pricing Indicator Code"."""
    return field_texts()[name]["label"]


def as_text(value: Any) -> str:
    """As CMS writes it: the values of a repeated field with commas between, a date as 2024-06-01, "" for none."""
    if value is None:
        return ""
    if isinstance(value, list):
        return ", ".join(each for each in value if each)
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def meanings_in(name: str, value: Any) -> list[tuple[str, str]]:
    """(value, meaning) for each value of a field that has a table of values; empty for the others."""
    if not has_meanings(name):
        return []
    values = value if isinstance(value, list) else [value]
    return [(each, meaning_of(name, each)) for each in values if each]
