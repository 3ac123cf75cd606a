"""See what an act would change before it is done, and do exactly what was seen.

The preview is the act itself, taken back: so there is no second copy of any rule, and what it shows is what happens.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction

from pcl.errors import RegisterError
from pcl.models import ListingChange
from pcl.services.changes import stand_at_the_chain
from pcl.services.names import only_first_listings

MOST_SHOWN = 50


@dataclass(frozen=True)
class Rehearsal:
    count: int
    """How many changes the act makes: usually one for each listing."""
    shown: list[ListingChange]
    """The first 50 of them. They do not exist: neither do their numbers, nor the listings that would be new."""
    seen: str
    """What all of the changes say, in one word: see `perform`."""


@dataclass(frozen=True)
class Performed:
    count: int
    first: ListingChange | None
    """None where the act touched no listing."""
    last: ListingChange | None


class SeenOtherwiseError(RegisterError):
    """What the act would change is no longer what the person saw."""

    def __init__(self) -> None:
        super().__init__(
            "Somebody else has changed the register since you saw the preview. Nothing was changed. "
            "This is what would change now: look at it, then confirm again."
        )


def rehearse(act: Callable[[], object], *, most_listings: int | None = None) -> Rehearsal:
    """What `act` would change. Nothing is changed. Raises whatever `act` raises.

    Of a change of names that very many listings show, the first `most_listings` are enough to be looked at; then the
    rehearsal's count and its word `seen` are of these only.
    """
    with transaction.atomic(), only_first_listings(most_listings):
        made = _changes_of(act)
        transaction.set_rollback(True)
    return Rehearsal(len(made), made[:MOST_SHOWN], _in_one_word(made))


@transaction.atomic
def perform(act: Callable[[], object], *, seen: str) -> Performed:
    """Do `act`, if it changes exactly what the rehearsal showed that was called `seen`.

    Raises SeenOtherwiseError where it does not, and whatever `act` raises.
    """
    made = _changes_of(act)
    if _in_one_word(made) != seen:
        raise SeenOtherwiseError
    return Performed(len(made), made[0] if made else None, made[-1] if made else None)


def _changes_of(act: Callable[[], object]) -> list[ListingChange]:
    # Nobody else writes changes from here on, so that all that follow are this act's.
    head = stand_at_the_chain()
    act()
    return list(ListingChange.objects.filter(seq__gt=head.seq).order_by("seq"))


def _in_one_word(changes: list[ListingChange]) -> str:
    """SHA-256 of what the changes say; of a new listing, whatever number it gets."""
    said = hashlib.sha256()
    for change in changes:
        is_new = change.version == 1
        after = {name: value for name, value in change.after.items() if not (is_new and name == "id")}
        one = [change.kind, None if is_new else change.listing_id, change.version, change.before, after, change.reason]
        said.update(json.dumps(one, sort_keys=True, ensure_ascii=False).encode())
    return said.hexdigest()
