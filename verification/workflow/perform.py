"""The one function that changes where an application stands."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from accounts.models import Role
from pcl.errors import RegisterError
from verification.models import Application, TransitionLog
from verification.product_groups import reasons
from verification.queries.representation import may_act_for
from verification.workflow.attempt import YES, Attempt, Verdict, no
from verification.workflow.effects import EFFECTS
from verification.workflow.errors import NotAllowed, NotFromHere, NotGiven, Stale
from verification.workflow.guards import GUARDS
from verification.workflow.states import FINAL
from verification.workflow.table import BY_NAME, START, TRANSITIONS, Actor, Kind, Transition

if TYPE_CHECKING:
    from accounts.models import User


@transaction.atomic
def perform(
    name: str,
    *,
    application: Application,
    by: "User | None",
    seen_version: int,
    given: Mapping[str, Any] | None = None,
) -> TransitionLog:
    """Take `application` one step on, as the workflow table allows.

    `seen_version` is the version of the page on which `by` decided (by=None: the system). The same act, by the same
    person, from the same page a second time - a double click - answers with the first time's log.

    Raises Stale, NotFromHere, NotGiven or NotAllowed, with nothing changed.
    """
    step = BY_NAME[name]
    application = Application.objects.select_for_update(of=("self",)).select_related("reviewer").get(pk=application.pk)
    last = application.last_log()
    if last.transition == name and last.by == by and last.seen_version == seen_version:
        return last
    if application.status not in step.sources:
        raise NotFromHere(
            f"This application is “{application.get_status_display()}” now, so this cannot be done: {step.label}."
        )
    if application.version != seen_version:
        raise Stale("The application was changed after you opened this page. Look at it again, then decide.")
    given = _read(step, given or {})
    attempt = Attempt(application=application, by=by, today=timezone.localdate(), given=given)
    verdict = _may(step, attempt)
    if not verdict.ok:
        raise NotAllowed(verdict.reason)

    source = application.status
    application.status = step.target
    application.transitions += 1
    application.version += 1
    application.closed_at = timezone.now() if step.target in FINAL else None
    log = TransitionLog(
        application=application,
        number=application.transitions,
        transition=name,
        source=source,
        target=step.target,
        by=by,
        seen_version=seen_version,
        given=_as_json(given),
    )
    try:
        EFFECTS[name](attempt)
    except RegisterError as error:
        raise NotAllowed(str(error)) from error
    application.save()
    log.save(force_insert=True)
    return log


def start(application: Application, *, by: "User") -> Application:
    """Save a new application as a draft, with the first row of its log."""
    with transaction.atomic():
        application.save(force_insert=True)
        TransitionLog.objects.create(
            application=application,
            number=0,
            transition=START,
            source="",
            target=application.status,
            by=by,
            seen_version=0,
        )
    return application


def possible(application: Application, by: "User") -> list[tuple[Transition, Verdict]]:
    """The steps that the application's place and the person's part allow, each with its verdict so far.

    A step that the person's part rules out is left out; one that a condition holds up is there with the reason.
    """
    attempt = Attempt(application=application, by=by, today=timezone.localdate(), is_rehearsal=True)
    steps = [step for step in TRANSITIONS if application.status in step.sources and _is_the_actor(step, attempt).ok]
    return [(step, _guarded(step, attempt)) for step in steps]


def foresee(name: str, application: Application, *, by: "User | None", today: date) -> Verdict:
    """Whether the step could be taken on day `today`, as the application stands now, with nothing given.

    Whether the letter can be set is left out: that takes long, and was found out when it was approved.
    """
    step = BY_NAME[name]
    quick = replace(step, guards=tuple(guard for guard in step.guards if guard != "letter_can_be_written"))
    return _guarded(quick, Attempt(application=application, by=by, today=today))


def _may(step: Transition, attempt: Attempt) -> Verdict:
    verdict = _is_the_actor(step, attempt)
    return _guarded(step, attempt) if verdict.ok else verdict


def _guarded(step: Transition, attempt: Attempt) -> Verdict:
    for guard in step.guards:
        verdict = GUARDS[guard](attempt)
        if not verdict.ok:
            return verdict
    return YES


def _is_the_actor(step: Transition, attempt: Attempt) -> Verdict:
    by, application = attempt.by, attempt.application
    allowed = {
        Actor.SYSTEM: lambda: by is None,
        Actor.APPLICANT: lambda: by is not None and not by.roles and may_act_for(by, application.organization_id),
        Actor.REVIEWER: lambda: by is not None and by.has_role(Role.REVIEWER),
        Actor.ASSIGNED_REVIEWER: lambda: by is not None and by.has_role(Role.REVIEWER) and application.reviewer == by,
        Actor.APPROVER: lambda: by is not None and by.has_role(Role.APPROVER),
    }[step.actor]()
    return YES if allowed else no(f"Only {step.actor.value} can do this: {step.label}.")


def _read(step: Transition, given: Mapping[str, Any]) -> dict[str, Any]:
    """Exactly what the table asks for, of the right kind."""
    unknown = given.keys() - {wanted.name for wanted in step.given}
    if unknown:
        raise NotGiven(min(unknown), f"“{min(unknown)}” is not asked for here.")
    read: dict[str, Any] = {}
    for wanted in step.given:
        value = given.get(wanted.name)
        if not value:
            if wanted.required:
                raise NotGiven(wanted.name, f"{wanted.label} is missing.")
            continue
        is_right = {
            Kind.DAY: lambda v: type(v) is date,
            Kind.REJECTION_REASON: lambda v: reasons().for_rejection(v) is not None,
            Kind.ITEMS: lambda v: isinstance(v, list) and all(isinstance(item, str) for item in v),
        }.get(wanted.kind, lambda v: isinstance(v, str) and bool(v.strip()))
        if not is_right(value):
            raise NotGiven(wanted.name, f"{wanted.label} cannot be read.")
        read[wanted.name] = value
    return read


def _as_json(given: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in given.items()}
