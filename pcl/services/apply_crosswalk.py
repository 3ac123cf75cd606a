"""Do what was chosen in a crosswalk: all of it in one transaction, or nothing."""

from collections.abc import Callable, Mapping
from itertools import islice
from typing import TYPE_CHECKING

from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from hcpcs.models import Code
from pcl.errors import RegisterError
from pcl.models import Crosswalk, CrosswalkState
from pcl.queries.crosswalk_page import chosen_targets, listings_of_crosswalk, progress_of
from pcl.services.changes import stand_at_the_chain
from pcl.services.many_listings_act import MOST_AT_ONCE
from pcl.services.move_listings import move_listings, refuse_impossible_moves, tell_nobody
from pcl.services.rehearsal import MOST_SHOWN, Rehearsal, rehearse

if TYPE_CHECKING:
    from accounts.models import User

# By name, since the jobs know the services.
APPLY_JOB = "pcl.jobs.apply_confirmed_crosswalk"
STAGES = 3


def rehearse_crosswalk(*, crosswalk: Crosswalk) -> Rehearsal:
    """What applying would do to the first listings. Nothing is changed.

    Raises RegisterError where it cannot be applied, whichever listing is the reason.
    """
    moves = _moves(crosswalk)
    refuse_impossible_moves(moves=moves, begins=crosswalk.begins)
    first = dict(islice(moves.items(), MOST_SHOWN))
    return rehearse(lambda: move_listings(moves=first, begins=crosswalk.begins, reason=crosswalk.reason, by=None))


@transaction.atomic
def confirm_crosswalk(*, crosswalk: Crosswalk, seen_choices: int, by: "User") -> Crosswalk:
    """Have it applied as it was seen: now, or by a job where it is about many listings.

    `seen_choices` is its `choices_version` in the preview. Raises RegisterError where choices were made since, are
    lacking, or cannot be carried out.
    """
    # Nobody changes a listing between the look at the choices and what is done.
    stand_at_the_chain()
    row = Crosswalk.objects.select_for_update(of=("self",)).select_related("from_code").get(pk=crosswalk.pk)
    if row.state != CrosswalkState.CHOOSING:
        raise RegisterError(f"It cannot be applied any more. State of the crosswalk: {row.get_state_display()}.")
    if row.choices_version != seen_choices:
        raise RegisterError("Choices have been changed since you saw the preview. Look at it again, then confirm.")
    moves = _moves(row)
    refuse_impossible_moves(moves=moves, begins=row.begins)
    row.confirmed_by, row.confirmed_at, row.failure = by, timezone.now(), ""
    row.stage, row.done = "", 0
    if len(moves) < MOST_AT_ONCE:
        _carry_out(row, moves)
    else:
        row.state = CrosswalkState.APPLYING
        # One job of a crosswalk at a time, also where a stalled one is begun again.
        app.configure_task(APPLY_JOB, queue="crosswalks", lock=f"crosswalk:{row.pk}").defer(crosswalk_id=row.pk)
    row.save()
    return row


def apply_crosswalk(*, crosswalk_id: int) -> None:
    """The job's part. Where a listing has changed since the confirmation, nothing is done: a person decides again."""
    try:
        with transaction.atomic():
            # Nobody changes a listing from here on. The row is not locked, so that the job can say how far it is.
            stand_at_the_chain()
            row = Crosswalk.objects.select_related("from_code", "confirmed_by").get(pk=crosswalk_id)
            if row.state != CrosswalkState.APPLYING:
                return
            noting = _noting(crosswalk_id)
            noting("Checking the choices")
            _carry_out(row, _moves(row), noting)
            row.save()
    except RegisterError as error:
        _back_to_choosing(crosswalk_id, str(error))


def give_up(*, crosswalk_id: int) -> None:
    """It has failed again and again for a reason that is not in the choices."""
    _back_to_choosing(
        crosswalk_id,
        "It failed several times, for a reason that is not in the choices. Nothing was changed. The worker's log says "
        "why; ask whoever runs this server, then confirm it again.",
    )


def _moves(crosswalk: Crosswalk) -> Mapping[int, list[Code]]:
    """For each listing the codes chosen. Raises RegisterError unless each has a choice made for what it is now."""
    progress = progress_of(crosswalk)
    if progress.undecided:
        raise RegisterError(
            f"{_listings(progress.undecided)} no choice yet. Choose for each, if only that it just ends."
        )
    if progress.changed:
        raise RegisterError(
            f"{_listings(progress.changed)} changed since the choice was made. Nothing was done. "
            "Look at what is shown as changed, and choose again."
        )
    if not progress.total:
        raise RegisterError(
            f"No listing holds under {crosswalk.from_code.code} on {crosswalk.last_day:%B %-d, %Y}. Discard this."
        )
    there = set(listings_of_crosswalk(crosswalk).values_list("pk", flat=True))
    return {pk: [target.code for target in targets] for pk, targets in chosen_targets(crosswalk).items() if pk in there}


def _carry_out(row: Crosswalk, moves: Mapping[int, list[Code]], noting: Callable[[str], None] = tell_nobody) -> None:
    moved = move_listings(moves=moves, begins=row.begins, reason=row.reason, by=row.confirmed_by, noting=noting)
    seqs = [change.seq for change in (*moved.new, *moved.ended)]
    row.first_seq, row.last_seq = min(seqs, default=None), max(seqs, default=None)
    row.state, row.finished_at = CrosswalkState.APPLIED, timezone.now()
    row.stage, row.done = "", STAGES


def _noting(crosswalk_id: int) -> Callable[[str], None]:
    """Says how far it is at once, although the transaction that does the work is not over: on a line of its own."""
    done = -1

    def note(stage: str) -> None:
        nonlocal done
        done += 1
        line = connections.create_connection(DEFAULT_DB_ALIAS)
        try:
            with line.cursor() as cursor:
                cursor.execute(
                    "UPDATE pcl_crosswalk SET stage = %s, done = %s WHERE id = %s", [stage, done, crosswalk_id]
                )
        finally:
            line.close()

    return note


def _back_to_choosing(crosswalk_id: int, failure: str) -> None:
    Crosswalk.objects.filter(pk=crosswalk_id, state=CrosswalkState.APPLYING).update(
        state=CrosswalkState.CHOOSING, confirmed_by=None, confirmed_at=None, stage="", done=0, failure=failure
    )


def _listings(count: int) -> str:
    return "1 listing has" if count == 1 else f"{count:,} listings have"
