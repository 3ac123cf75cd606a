"""What the determination of a reconsideration changes on the register, listing by listing, before it is done."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import zip_longest

from hcpcs.models import Code
from pcl.models import Listing
from verification.models import ApplicationModel, Determination, DeterminedCode


@dataclass(frozen=True)
class PlannedChange:
    """One listing that is added, ended, or followed by one under another code. What stays is not planned."""

    model: ApplicationModel
    ends: Listing | None
    adds: DeterminedCode | None

    @property
    def old_code(self) -> Code | None:
        return self.ends.code if self.ends else None

    @property
    def in_words(self) -> str:
        if self.ends is None:
            assert self.adds is not None, "a change adds or ends something"  # noqa: S101
            return f"is listed under {self.adds.code.code}"
        if self.adds is None:
            return f"is listed under {self.ends.code.code} no longer"
        return f"moves from {self.ends.code.code} to {self.adds.code.code}"


def planned_changes(determination: Determination) -> list[PlannedChange]:
    """Against the first determination, by model and code: what it listed and this one does not, and the reverse."""
    first = determination.application.reconsiders
    assert first is not None, "only a reconsideration is held against a first determination"  # noqa: S101
    before: dict[str, dict[int, Listing]] = {}
    for row in first.codes.select_related("model", "listing__code", "listing__model__product"):
        if row.listing is not None:
            before.setdefault(row.model.normalized, {})[row.code_id] = row.listing
    now: dict[str, dict[int, DeterminedCode]] = {}
    for row in determination.codes.select_related("model", "code"):
        now.setdefault(row.model.normalized, {})[row.code_id] = row
    return [
        change
        for model in determination.application.models.all()
        for change in _of_model(model, before.get(model.normalized, {}), now.get(model.normalized, {}))
    ]


def begins_earliest(determination: Determination) -> tuple[date, Listing] | None:
    """The first day on which what replaces or ends listings can hold, and the listing because of which; None where
    nothing ends. A listing that is public holds for at least its first day: claims may stand on it.
    """
    ending = [change.ends for change in planned_changes(determination) if change.ends is not None]
    latest = max(ending, key=lambda listing: listing.effective_from, default=None)
    return (latest.effective_from + timedelta(days=1), latest) if latest is not None else None


def why_too_early(determination: Determination, begins: date) -> str:
    """Why a reconsideration cannot hold from `begins` on, and from when it can; empty where it can."""
    earliest = begins_earliest(determination) if determination.application.reconsiders_id else None
    if earliest is None or begins >= earliest[0]:
        return ""
    day, listing = earliest
    return (
        f"{listing.model.model_number} is listed under {listing.code.code} from {listing.effective_from:%B %-d, %Y} on"
        ", and that day stays as it was published: claims may rest on it. The revised determination can hold from "
        f"{day:%B %-d, %Y} on; give that day or a later one."
    )


def _of_model(
    model: ApplicationModel, before: dict[int, Listing], now: dict[int, DeterminedCode]
) -> Iterator[PlannedChange]:
    ended = sorted((listing for code, listing in before.items() if code not in now), key=lambda each: each.code.code)
    added = sorted((row for code, row in now.items() if code not in before), key=lambda each: each.code.code)
    for old, new in zip_longest(ended, added):
        yield PlannedChange(model=model, ends=old, adds=new)
