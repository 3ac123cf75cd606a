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
WHAT = {
    ChangeKind.LISTED: "Listed under {code} for dates of service from {effective_from}",
    ChangeKind.END_DATED: "Last day to bill set to {effective_to}",
    ChangeKind.EXTENDED: "Last day to bill moved from {old_effective_to} to {effective_to}",
    ChangeKind.RESCINDED: "Announced last day to bill taken back: {old_effective_to} no longer holds",
    ChangeKind.REINSTATED: "Reinstated under {code}",
    ChangeKind.RECODED: "Moved from {old_code} to {code}",
    ChangeKind.RENAMED: "Renamed",
    ChangeKind.CORRECTED: "Corrected",
}
# What the sentence has said need not be said again below it.
SAID_ALREADY = {
    ChangeKind.END_DATED: "effective_to",
    ChangeKind.EXTENDED: "effective_to",
    ChangeKind.RESCINDED: "effective_to",
    ChangeKind.RECODED: "code",
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
    told = {name: _told(name, change.after[name]) for name in FIELDS}
    before = {f"old_{name}": _told(name, value) for name, value in (change.before or {}).items() if name in FIELDS}
    return WHAT[ChangeKind(change.kind)].format(**told, **before)


def _details(change: ListingChange) -> list[str]:
    before, after = change.before, change.after
    if before is None:
        return []
    return [
        f"{label}: {_told(name, after[name])} (before: {_told(name, before[name])})"
        for name, label in FIELDS.items()
        if before[name] != after[name] and SAID_ALREADY.get(ChangeKind(change.kind)) != name
    ]


def _told(name: str, value: Any) -> str:
    if not value:
        return NOTHING.get(name, "none")
    if name.startswith("effective_"):
        return format_date(date.fromisoformat(value), "F j, Y")
    return str(Origin(value).label) if name == "origin" else str(value)
