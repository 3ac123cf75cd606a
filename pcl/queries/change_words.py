"""Changes in words that a biller understands."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.dateformat import format as format_date

from pcl.models import ChangeKind, ListingChange, Origin

FIELDS = {
    "code": "Code",
    "manufacturer": "Manufacturer",
    "distributor": "Distributor",
    "product": "Product",
    "model_number": "Model number",
    "classification": "Classification",
    "effective_from": "First day to bill",
    "effective_to": "Last day to bill",
    "origin": "Origin",
    "comment": "Comment",
}
NOTHING = {"effective_to": "no end set", "model_number": "none stated"}


@dataclass(frozen=True)
class ChangeInWords:
    change: ListingChange
    what: str
    details: list[str]
    """What was different before, one sentence for each field; empty for a new listing."""

    @property
    def title(self) -> str:
        after = self.change.after
        model = f", model {after['model_number']}" if after["model_number"] else ""
        return f"{after['product']}{model} by {after['manufacturer']}"

    @property
    def hash_begin(self) -> str:
        return self.change.hash[:12]


def in_words(change: ListingChange) -> ChangeInWords:
    return ChangeInWords(change, _what(change), _details(change))


def _what(change: ListingChange) -> str:
    before, after = change.before or {}, change.after
    last_day = _told("effective_to", after["effective_to"])
    match change.kind:
        case ChangeKind.LISTED:
            return f"Listed under {after['code']} for dates of service from {_told('effective_from', after['effective_from'])}"
        case ChangeKind.END_DATED:
            return f"Last day to bill set to {last_day}"
        case ChangeKind.EXTENDED:
            return f"Last day to bill moved to {last_day}"
        case ChangeKind.RESCINDED:
            return "Announced end taken back"
        case ChangeKind.REINSTATED:
            return f"Reinstated under {after['code']}"
        case ChangeKind.RECODED:
            return f"Moved from {before['code']} to {after['code']}"
        case ChangeKind.RENAMED:
            return "Renamed"
        case _:
            return "Corrected"


def _details(change: ListingChange) -> list[str]:
    before, after = change.before, change.after
    if before is None:
        return []
    return [
        f"{label}: {_told(name, after[name])} (before: {_told(name, before[name])})"
        for name, label in FIELDS.items()
        if before[name] != after[name]
    ]


def _told(name: str, value: Any) -> str:
    if not value:
        return NOTHING.get(name, "none")
    if name.startswith("effective_"):
        return format_date(date.fromisoformat(value), "F j, Y")
    return str(Origin(value).label) if name == "origin" else str(value)
