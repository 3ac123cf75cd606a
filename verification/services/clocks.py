"""What happens by itself when a day has passed."""

import logging
from collections.abc import Iterator
from datetime import date

from django.db.models import Q
from django.utils import timezone

from verification.models import Application
from verification.queries.answers_due import answers_due_before
from verification.workflow.errors import WorkflowError
from verification.workflow.perform import perform

CHUNK = 200
logger = logging.getLogger(__name__)


class SomeStayedOpen(Exception):
    """The others were closed; the log says what stood in the way of these."""


def expire_overdue() -> int:
    """Reject every application whose answer was due before today (US Eastern); answers how many.

    Each in a transaction of its own, so that one that cannot be closed keeps none of the others open, and a worker
    that is killed goes on where it was. Raises SomeStayedOpen at the end, so that the job counts as failed.
    """
    closed, failed = 0, []
    for key, version in _overdue(timezone.localdate()):
        try:
            perform("expire", application=Application(pk=key), by=None, seen_version=version)
            closed += 1
        except WorkflowError:
            continue  # answered or withdrawn since the list was read; tomorrow's run looks again
        except Exception:
            logger.exception("Application %s could not be closed", key)
            failed.append(key)
    if failed:
        raise SomeStayedOpen(f"{len(failed)} of {closed + len(failed)} could not be closed: {failed[:20]}")
    return closed


def _overdue(today: date) -> Iterator[tuple[int, int]]:
    """Key and version of each, longest overdue first, some at a time: what is read stays small."""
    beyond = Q()
    while True:
        found = answers_due_before(today).filter(beyond).order_by("answer_due_on", "id")
        chunk = list(found.values_list("pk", "version", "answer_due_on")[:CHUNK])
        yield from ((key, version) for key, version, _ in chunk)
        if len(chunk) < CHUNK:
            return
        key, _, day = chunk[-1]
        beyond = Q(answer_due_on__gt=day) | Q(answer_due_on=day, pk__gt=key)
