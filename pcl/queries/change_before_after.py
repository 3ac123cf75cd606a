"""What a change makes different, field by field, for those who are about to make it."""

from dataclasses import dataclass

from pcl.models import ListingChange
from pcl.queries.change_words import FIELDS, in_words, value_in_words


@dataclass(frozen=True)
class FieldBeforeAfter:
    label: str
    before: str
    """Empty where the listing is new."""
    after: str


@dataclass(frozen=True)
class ChangeBeforeAfter:
    title: str
    what: str
    code: str
    fields: list[FieldBeforeAfter]


def before_after(change: ListingChange) -> ChangeBeforeAfter:
    """Of a new listing every field, of any other those that differ."""
    before, after = change.before, change.after
    told = in_words(change)
    fields = [
        FieldBeforeAfter(label, value_in_words(name, before[name]) if before else "", value_in_words(name, after[name]))
        for name, label in FIELDS.items()
        if (before is None and after[name]) or (before is not None and before[name] != after[name])
    ]
    return ChangeBeforeAfter(told.title, told.what, after["code"], fields)
