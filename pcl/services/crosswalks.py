"""Move the listings of a code that ends: begun, chosen listing by listing, applied at once."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from pcl.errors import RegisterError
from pcl.models import (
    Crosswalk,
    CrosswalkChoice,
    CrosswalkChoiceTarget,
    CrosswalkState,
    CrosswalkTarget,
    Listing,
)
from pcl.queries.code_to_list import code_to_list
from pcl.queries.crosswalk_page import ENDS, listings_of_crosswalk, written
from pcl.services.entries import AT_ONCE

if TYPE_CHECKING:
    from accounts.models import User

MOST_TARGETS = 10


@dataclass(frozen=True)
class Choice:
    """What a person chose for a listing, and what that person saw."""

    targets: frozenset[int]
    """Ids of CrosswalkTarget."""
    ends: bool
    """It just ends. Neither this nor a target: no choice, or none any more."""
    seen_version: int
    was: str
    """The choice that the page showed, as `written`; empty where there was none."""

    @property
    def written(self) -> str:
        return written(list(self.targets)) if self.targets else ENDS if self.ends else ""


@transaction.atomic
def begin_crosswalk(*, from_code: str, to_codes: Collection[str], begins: date, reason: str, by: "User") -> Crosswalk:
    """A crosswalk of the listings under the meaning that `from_code` has on the day before `begins`.

    `begins` is the first date of service under the new codes. Raises RegisterError for codes that are not valid then,
    and while another crosswalk of the code is open.
    """
    old = code_to_list(from_code, begins=begins - timedelta(days=1))
    new = {code.pk: code for code in (code_to_list(code, begins=begins) for code in to_codes)}
    if old.pk in new:
        raise RegisterError(f"{old.code} cannot follow itself: it has the same meaning on both days. Leave it out.")
    if not 1 <= len(new) <= MOST_TARGETS:
        raise RegisterError(f"Give one to {MOST_TARGETS} codes that follow it.")
    try:
        with transaction.atomic():
            crosswalk = Crosswalk.objects.create(from_code=old, begins=begins, reason=reason, created_by=by)
    except IntegrityError as error:
        raise RegisterError(
            f"There is an open crosswalk of {old.code} already. Go on with that one, or discard it first."
        ) from error
    CrosswalkTarget.objects.bulk_create(CrosswalkTarget(crosswalk=crosswalk, code=code) for code in new.values())
    return crosswalk


@transaction.atomic
def save_choices(*, crosswalk: Crosswalk, choices: Mapping[int, Choice], by: "User") -> dict[int, str]:
    """Keep what was chosen for each listing (by id). What cannot be kept is answered with why; all others are kept.

    What the person left as the page showed it is left as it is, whatever it is by now.
    """
    crosswalk = _locked(crosswalk)
    different = {pk: choice for pk, choice in choices.items() if choice.written != choice.was}
    allowed = frozenset(crosswalk.targets.values_list("pk", flat=True))
    versions = dict(
        Listing.objects.filter(
            pk__in=listings_of_crosswalk(crosswalk).filter(pk__in=different).values("pk")
        ).values_list("pk", "version")
    )
    now = _written_now(crosswalk, different)
    refused: dict[int, str] = {}
    kept: dict[int, Choice] = {}
    for pk, choice in different.items():
        refusal = _refusal(choice, allowed=allowed, version=versions.get(pk), now=now.get(pk, ""))
        if refusal:
            refused[pk] = refusal
        else:
            kept[pk] = choice
    _keep(crosswalk, {pk: (choice.targets, versions[pk]) for pk, choice in kept.items() if choice.written}, by=by)
    gone = [pk for pk, choice in kept.items() if not choice.written]
    CrosswalkChoice.objects.filter(crosswalk=crosswalk, listing__in=gone).delete()
    _count_up(crosswalk, kept)
    return refused


@transaction.atomic
def choose_for_all(
    *, crosswalk: Crosswalk, listings: Collection[int], targets: Collection[int], ends: bool, by: "User"
) -> int:
    """The same choice for each of these listings (by id), instead of the one that it has; for how many.

    Raises RegisterError for a choice that is none.
    """
    crosswalk = _locked(crosswalk)
    chosen = frozenset(targets)
    choice = Choice(chosen, ends, seen_version=0, was="")
    if not choice.written:
        raise RegisterError("Choose a code, or that the listings just end.")
    allowed = frozenset(crosswalk.targets.values_list("pk", flat=True))
    refusal = _impossible(choice, allowed)
    if refusal:
        raise RegisterError(refusal)
    there = listings_of_crosswalk(crosswalk).filter(pk__in=listings)
    versions = dict(Listing.objects.filter(pk__in=there.values("pk")).values_list("pk", "version"))
    _keep(crosswalk, {pk: (chosen, version) for pk, version in versions.items()}, by=by)
    _count_up(crosswalk, versions)
    return len(versions)


@transaction.atomic
def discard_crosswalk(*, crosswalk: Crosswalk) -> None:
    """Leave it, and the code free for another one. Raises RegisterError when it is being applied or is over."""
    row = _locked(crosswalk)
    row.state, row.finished_at = CrosswalkState.DISCARDED, timezone.now()
    row.save(update_fields=["state", "finished_at"])


def _locked(crosswalk: Crosswalk) -> Crosswalk:
    row = Crosswalk.objects.select_for_update(of=("self",)).select_related("from_code").get(pk=crosswalk.pk)
    if row.state != CrosswalkState.CHOOSING:
        raise RegisterError(f"Nothing can be chosen here any more. State of the crosswalk: {row.get_state_display()}.")
    return row


def _written_now(crosswalk: Crosswalk, listings: Collection[int]) -> dict[int, str]:
    """A choice for what the listing no longer is counts as none, as on the page."""
    choices = CrosswalkChoice.objects.filter(
        crosswalk=crosswalk, listing__in=listings, seen_version=F("listing__version")
    ).prefetch_related("targets")
    return {choice.listing_id: written([target.pk for target in choice.targets.all()]) for choice in choices}


def _refusal(choice: Choice, *, allowed: frozenset[int], version: int | None, now: str) -> str:
    if version is None:
        return "This listing no longer holds on the last day of the old code. Leave it out."
    if impossible := _impossible(choice, allowed):
        return impossible
    if choice.seen_version != version:
        return "Somebody else has changed this listing since you opened the page. Look at it, then choose again."
    if choice.was != now:
        return "Somebody else has chosen for this listing since you opened the page. Look, then choose again."
    return ""


def _impossible(choice: Choice, allowed: frozenset[int]) -> str:
    if choice.ends and choice.targets:
        return "Choose codes, or that it just ends: not both."
    if not choice.targets <= allowed:
        return "One of these codes is not among those that follow. Choose again."
    return ""


def _keep(crosswalk: Crosswalk, chosen: Mapping[int, tuple[frozenset[int], int]], *, by: "User") -> None:
    """For each listing (by id) the targets and the version seen, instead of what was chosen before."""
    CrosswalkChoice.objects.filter(crosswalk=crosswalk, listing__in=chosen).delete()
    at = timezone.now()
    made = CrosswalkChoice.objects.bulk_create(
        (
            CrosswalkChoice(crosswalk=crosswalk, listing_id=pk, seen_version=version, chosen_by=by, chosen_at=at)
            for pk, (_, version) in chosen.items()
        ),
        batch_size=AT_ONCE,
    )
    CrosswalkChoiceTarget.objects.bulk_create(
        (
            CrosswalkChoiceTarget(choice=choice, target_id=target)
            for choice in made
            for target in chosen[choice.listing_id][0]
        ),
        batch_size=AT_ONCE,
    )


def _count_up(crosswalk: Crosswalk, changed: Collection[int]) -> None:
    if changed:
        Crosswalk.objects.filter(pk=crosswalk.pk).update(choices_version=F("choices_version") + 1, failure="")
