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
    ChangeKind.LISTED: "Listed under {code} for dates of service from {effective_from}{until}",
    ChangeKind.END_DATED: "Last day to bill set to {effective_to}",
    ChangeKind.EXTENDED: "Last day to bill moved from {old_effective_to} to {effective_to}",
    ChangeKind.RESCINDED: "Announced last day to bill taken back: {old_effective_to} no longer holds",
    ChangeKind.REINSTATED: "Reinstated under {code} for dates of service from {effective_from}",
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
# A listing that continues an earlier one has days of its own; those of the earlier are told in a sentence of theirs.
CONTINUES = {
    ChangeKind.REINSTATED: "Reinstated under {code}: a new period for dates of service from {effective_from}",
    ChangeKind.RECODED: "Moved from {old_code} to {code}: a new listing for dates of service from {effective_from}",
}
OWN_DAYS = {"effective_from", "effective_to"}
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
        # A model may stand under several codes: what happened must not seem to have happened under all.
        under = f" under {after['code']}" if after["code"] not in self.what else ""
        return f"{after['product']}{model} by {after['manufacturer']}{under}"

    @property
    def hash_begin(self) -> str:
        return self.change.hash[:12]


@dataclass(frozen=True)
class ComparedField:
    label: str
    before: str
    after: str
    differs: bool


def in_words(change: ListingChange) -> ChangeInWords:
    return ChangeInWords(change, _what(change), _details(change))


def compared(change: ListingChange) -> list[ComparedField]:
    """Every field of the listing, before and after; before is empty where the listing is new."""
    before, after = change.before, change.after
    told = [
        ComparedField(
            label,
            value_in_words(name, before[name]) if before else "",
            value_in_words(name, after[name]),
            differs=before is None or before[name] != after[name],
        )
        for name, label in FIELDS.items()
    ]
    number = str(change.listing_id)
    earlier = earlier_listing(change)
    return [
        ComparedField(
            "Listing", str(earlier or (number if before else "")), number, differs=not before or earlier is not None
        ),
        *told,
    ]


def earlier_listing(change: ListingChange) -> int | None:
    """The listing that this one continues, where the change made a new one (a new period, a new code)."""
    before = (change.before or {}).get("id")
    return before if before is not None and before != change.listing_id else None


def _what(change: ListingChange) -> str:
    told = {name: value_in_words(name, change.after[name]) for name in FIELDS}
    before = {
        f"old_{name}": value_in_words(name, value) for name, value in (change.before or {}).items() if name in FIELDS
    }
    kind = ChangeKind(change.kind)
    said = CONTINUES.get(kind, WHAT[kind]) if earlier_listing(change) else WHAT[kind]
    until = f" to {told['effective_to']}" if change.after["effective_to"] else ""
    return said.format(until=until, **told, **before)


def _details(change: ListingChange) -> list[str]:
    before, after = change.before, change.after
    if before is None:
        return []
    earlier = earlier_listing(change)
    said = {SAID_ALREADY.get(ChangeKind(change.kind)), *(OWN_DAYS if earlier else ())}
    details = [
        f"{label}: {value_in_words(name, after[name])} (before: {value_in_words(name, before[name])})"
        for name, label in FIELDS.items()
        if before[name] != after[name] and name not in said
    ]
    if earlier is None:
        return details
    ended = f"ended on {value_in_words('effective_to', end)}" if (end := before["effective_to"]) else "has no end set"
    if after["effective_to"]:
        details.insert(0, f"Last day to bill: {value_in_words('effective_to', after['effective_to'])}")
    return [f"The earlier listing {earlier} {ended}", *details]


def value_in_words(name: str, value: Any) -> str:
    if not value:
        return NOTHING.get(name, "none")
    if name.startswith("effective_"):
        return format_date(date.fromisoformat(value), "F j, Y")
    return str(Origin(value).label) if name == "origin" else str(value)
