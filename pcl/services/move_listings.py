"""Move many listings to other codes in one act: as `recode_listing` does one, in a number of queries that stays."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from hcpcs.models import Code
from pcl.dates import refuse_implausible_day
from pcl.errors import RegisterError
from pcl.models import Listing, ListingChange
from pcl.models.listing_change import ChangeKind
from pcl.services.changes import public_listings, record_changes, stand_at_the_chain
from pcl.services.entries import AT_ONCE
from pcl.services.listing_dates import change_dates

if TYPE_CHECKING:
    from accounts.models import User

MOST_NAMED = 5


def tell_nobody(stage: str) -> None:
    pass


@dataclass(frozen=True)
class Moved:
    new: list[ListingChange]
    ended: list[ListingChange]


@transaction.atomic
def move_listings(
    *,
    moves: Mapping[int, Sequence[Code]],
    begins: date,
    reason: str,
    by: "User | None",
    noting: Callable[[str], None] = tell_nobody,
) -> Moved:
    """End each listing (by id) on the day before `begins`, and list its model from `begins` on under these codes.

    No codes means that it just ends. A listing that ends on that day or earlier keeps its end; an end announced for
    later holds under the new codes, too. Raises RegisterError as `refuse_impossible_moves` does; then nothing is
    changed. `noting` is told what comes next.
    """
    stand_at_the_chain()
    listings = refuse_impossible_moves(moves=moves, begins=begins)
    noting("Listing under the new codes")
    said = public_listings(moves.keys())
    pairs = [(listing, code) for listing in listings for code in moves[listing.pk]]
    new = Listing.objects.bulk_create(
        (
            Listing(
                model_id=listing.model_id,
                code=code,
                effective=DateRange(begins, _announced_end(listing, begins)),
                origin=listing.origin,
                comment=listing.comment,
            )
            for listing, code in pairs
        ),
        batch_size=AT_ONCE,
    )
    before = {made.pk: said[listing.pk] for made, (listing, _) in zip(new, pairs, strict=True)}
    recoded = record_changes(kind=ChangeKind.RECODED, before=before, reason=reason, by=by) if before else []
    noting("Ending under the old code")
    to_end = {
        listing.pk: DateRange(listing.effective_from, begins)
        for listing in listings
        if listing.effective.upper is None or listing.effective.upper > begins
    }
    ended = change_dates(effective=to_end, kind=ChangeKind.END_DATED, reason=reason, by=by) if to_end else []
    return Moved(recoded, ended)


def _announced_end(listing: Listing, begins: date) -> date | None:
    """The day after the last one that was announced for later than `begins`; None where none was."""
    end: date | None = listing.effective.upper
    return end if end is not None and end > begins else None


def refuse_impossible_moves(*, moves: Mapping[int, Collection[Code]], begins: date) -> list[Listing]:
    """The listings to be moved, by id. Raises RegisterError for what cannot be, and names the first listings.

    A listing must begin before `begins`; a code must be valid on `begins` and another than the listing's; its model
    must not be listed under it on that day or later already.
    """
    refuse_implausible_day(begins)
    for code in {code.pk: code for codes in moves.values() for code in codes}.values():
        if not code.valid_on(begins):
            raise RegisterError(
                f"{code.code} is not valid on {begins:%B %-d, %Y}. Choose a day on which it is, or another code."
            )
    listings = list(Listing.objects.filter(pk__in=moves).order_by("pk"))
    late = [listing.pk for listing in listings if listing.effective_from >= begins]
    if late:
        raise RegisterError(f"{_named(late)} not before {_on(begins)}. Leave out what begins later.")
    wanted = {(listing.model_id, code.pk) for listing in listings for code in moves[listing.pk]}
    same = [listing.pk for listing in listings if listing.code_id in {code.pk for code in moves[listing.pk]}]
    if same:
        raise RegisterError(f"{_named(same, 'stands', 'stand')} under that code already. Choose another code.")
    standing = Listing.objects.filter(
        model__in={model for model, _ in wanted},
        code__in={code for _, code in wanted},
        effective__overlap=DateRange(begins, None),
    ).values_list("pk", "model_id", "code_id")
    there = sorted(pk for pk, model, code in standing if (model, code) in wanted)
    if there:
        raise RegisterError(
            f"{_named(there, 'has', 'have')} the model under the new code on {_on(begins)} or later already. "
            "Choose otherwise for it, or end that listing first."
        )
    return listings


def _on(day: date) -> str:
    return f"{day:%B %-d, %Y}"


def _named(pks: list[int], one: str = "begins", many: str = "begin") -> str:
    numbers = ", ".join(str(pk) for pk in pks[:MOST_NAMED])
    more = f" and {len(pks) - MOST_NAMED:,} more" if len(pks) > MOST_NAMED else ""
    return f"Listing {numbers} {one}" if len(pks) == 1 else f"Listings {numbers}{more} {many}"
