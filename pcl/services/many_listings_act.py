"""How an act on many listings is done by the worker: all of it in one transaction, or nothing and the reason why."""

from collections.abc import Callable
from typing import TypeVar

from django.db import transaction
from django.utils import timezone

from pcl.errors import RegisterError
from pcl.models import ActState, ManyListingsAct

# An act on more listings would keep a person waiting too long: 500 take half a second.
MOST_AT_ONCE = 500

Act = TypeVar("Act", bound=ManyListingsAct)


def do_once(kind: type[Act], *, act_id: int, do: Callable[[Act], None]) -> None:
    """What the worker does. A second time, after the worker was killed or beside another one, does nothing.

    Where `do` raises a RegisterError, the act keeps its words for the registrar.
    """
    try:
        with transaction.atomic():
            act = kind._default_manager.select_for_update(of=("self",)).get(pk=act_id)  # noqa: SLF001
            if act.state == ActState.WAITING:
                do(act)
    except RegisterError as error:
        _fail(kind, act_id, str(error))


def give_up(kind: type[ManyListingsAct], *, act_id: int) -> None:
    """It has failed again and again for a reason that is not the register's."""
    why = "It failed several times, and nothing was changed. The worker's log says why; then confirm it again."
    _fail(kind, act_id, why)


def note_done(act: ManyListingsAct, *, first_seq: int, last_seq: int) -> None:
    """Its changes are those from `first_seq` to `last_seq`, inclusive: one of each listing."""
    act.state, act.finished_at = ActState.DONE, timezone.now()
    act.listing_count, act.first_seq, act.last_seq = last_seq - first_seq + 1, first_seq, last_seq
    act.save()


def _fail(kind: type[ManyListingsAct], act_id: int, why: str) -> None:
    kind._default_manager.filter(pk=act_id, state=ActState.WAITING).update(  # noqa: SLF001
        state=ActState.FAILED, failure=why, finished_at=timezone.now()
    )
