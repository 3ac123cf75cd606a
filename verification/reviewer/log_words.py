"""How the log's entries read: what happened, and what else there is to say of it."""

from collections.abc import Iterator
from typing import Any

from accounts.models import EventKind, Role
from pcl.models import ChangeKind
from verification.queries.audit_log import Entry
from verification.workflow.table import BY_NAME, START

OTHER = {
    "asked": "Asked to act for an organization",
    "confirmed": "May act for an organization",
    "refused": "Refused to act for an organization",
    "ended": "No longer acts for an organization",
    "sent": "Mail sent",
    "internal": "Internal remark",
    "to_applicant": "Message to the applicant",
    "from_applicant": "Message from the applicant",
    START: "Start a draft",
}
LONGEST = 300


def what_happened(entry: Entry) -> str:
    if entry.kind == "step" and entry.what in BY_NAME:
        return BY_NAME[entry.what].label
    if entry.kind in {"account", "sign_in"}:
        label = EventKind(entry.what).label
        role = entry.details.get("role")
        return f"{label}: {Role(role).label}" if role in Role.values else label
    if entry.kind == "listing":
        return f"Listing: {ChangeKind(entry.what).label.lower()}"
    return OTHER.get(entry.what, entry.what)


def details_of(entry: Entry) -> list[tuple[str, str]]:
    """Name and value of whatever else was logged; of a changed listing, what changed. Long texts are cut."""
    return [(name, text[:LONGEST] + ("…" if len(text) > LONGEST else "")) for name, text in _details(entry) if text]


def _details(entry: Entry) -> Iterator[tuple[str, str]]:
    before, after = entry.details.get("before"), entry.details.get("after")
    for name, value in entry.details.items():
        if name in {"before", "after"} or (name == "role" and entry.kind == "account"):
            continue
        yield name.replace("_", " "), _text(value)
    if isinstance(before, dict) and isinstance(after, dict):
        for name in after:
            if before.get(name) != after[name]:
                yield (
                    name.replace("_", " "),
                    f"{_text(before.get(name)) or 'nothing'} → {_text(after[name]) or 'nothing'}",
                )


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return "; ".join(_text(each) for each in value)
    if isinstance(value, dict):
        return "; ".join(f"{name.replace('_', ' ')} {_text(each)}" for name, each in value.items() if _text(each))
    return str(value)
