"""Due days reckoned anew, after the file of clocks was changed."""

from collections import defaultdict
from datetime import date
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone

from verification.clocks import clocks
from verification.models import Application, TransitionLog
from verification.workflow.clock import clock_of
from verification.workflow.states import OPEN_FOR_REVIEW

CHUNK = 500


class Recomputed(NamedTuple):
    open_applications: int
    changed: int


def recompute_due_days() -> Recomputed:
    """Bring the clock of every open application to what its log says under the clocks of now. Twice is once.

    Chunk by chunk, each locked while it is written, so that people go on working and nothing is kept in memory.
    A closed application keeps the day that was its last in time.
    """
    seen = changed = last = 0
    while True:
        with transaction.atomic():
            chunk = list(
                Application.objects.select_for_update(of=("self",))
                .filter(status__in=OPEN_FOR_REVIEW, pk__gt=last)
                .order_by("pk")
                .only("pk", "kind", "due_on", "days_left")[:CHUNK]
            )
            if not chunk:
                return Recomputed(seen, changed)
            different = _wrong(chunk)
            Application.objects.bulk_update(different, ["due_on", "days_left"])
        seen, changed, last = seen + len(chunk), changed + len(different), chunk[-1].pk


def _wrong(chunk: list[Application]) -> list[Application]:
    """Those whose clock was off, with it set right."""
    steps: defaultdict[int, list[tuple[str, str, date]]] = defaultdict(list)
    logs = TransitionLog.objects.filter(application__in=chunk).order_by("application_id", "number")
    for key, source, target, at in logs.values_list("application_id", "source", "target", "at"):
        steps[key].append((source, target, timezone.localdate(at)))
    different = []
    for application in chunk:
        reading = clock_of(steps[application.pk], clocks().review_of(application.kind))
        if reading != (application.due_on, application.days_left):
            application.due_on, application.days_left = reading
            different.append(application)
    return different
