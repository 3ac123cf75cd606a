"""The same step on many applications at once: each as perform would take it, written together."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from verification.models import Application, TransitionLog
from verification.queries.conflicts import in_conflict
from verification.queries.reconsideration import reconsiderations_closed_to
from verification.workflow.attempt import Attempt
from verification.workflow.errors import WorkflowError
from verification.workflow.perform import take_step
from verification.workflow.table import BY_NAME

# Steps whose conditions and effects ask the database nothing more of each application.
TOGETHER = frozenset({"accept", "assign", "reassign"})
# What take_step and their effects write; the clock runs on and nothing is closed.
WRITTEN = ("status", "transitions", "version", "reviewer", "saved_at")


@dataclass(frozen=True)
class Taken:
    """What became of one of them."""

    application: Application
    """As it is now."""
    before: User | None
    """Its reviewer before."""
    refusal: str = ""
    """Why nothing was changed of it; empty when the step was taken."""
    is_new: bool = True
    """False where the same person took it from the same page before: a button pressed twice."""


@transaction.atomic
def perform_many(
    name: str, *, seen: Mapping[int, int], by: User, given: Mapping[str, Any] | None = None
) -> list[Taken]:
    """Take the step `name` on each of the applications of which `by` saw that version, by key; some may be refused.

    A handful of statements, however many there are. No mail: the caller tells each person once of all of them. In the
    order of keys, in which they are locked, so that two of these cannot wait for one another.
    """
    assert name in TOGETHER, name  # noqa: S101
    step, given = BY_NAME[name], given or {}
    applications = list(
        Application.objects.select_for_update(of=("self",))
        .select_related("reviewer", "organization")
        .filter(pk__in=seen)
        .order_by("pk")
    )
    last = _last_logs(applications)
    people = {user for user in (by, given.get("reviewer")) if isinstance(user, User)}
    these = Application.objects.filter(pk__in=seen)
    conflicts = {user.pk: _keys(in_conflict(user, these)) for user in people}
    first_deciders = {user.pk: _keys(reconsiderations_closed_to(user).filter(pk__in=seen)) for user in people}
    taken: list[Taken] = []
    changed: list[Application] = []
    logs: list[TransitionLog] = []
    today = timezone.localdate()
    for application in applications:
        attempt = Attempt(
            application=application,
            by=by,
            today=today,
            given=given,
            conflicts=conflicts,
            first_deciders=first_deciders,
            tells=False,
        )
        before = application.reviewer
        try:
            log = take_step(step, attempt, last=last[application.pk], seen_version=seen[application.pk])
        except WorkflowError as error:
            taken.append(Taken(application, before, str(error)))
            continue
        if log.pk is None:
            application.saved_at = timezone.now()
            changed.append(application)
            logs.append(log)
        taken.append(Taken(application, before, is_new=log.pk is None))
    if changed:
        Application.objects.bulk_update(changed, WRITTEN)
        TransitionLog.objects.bulk_create(logs)
    return taken


def _last_logs(applications: list[Application]) -> dict[int, TransitionLog]:
    newest = TransitionLog.objects.filter(application__in=applications).order_by("application_id", "-number")
    return {log.application_id: log for log in newest.distinct("application_id").select_related("by")}


def _keys(found: QuerySet[Application]) -> frozenset[int]:
    return frozenset(found.values_list("pk", flat=True))
