"""The one function that changes where an application stands."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import Role, User
from pcl.errors import RegisterError
from verification.clocks import clocks
from verification.models import Application, TransitionLog
from verification.product_groups import reasons
from verification.queries.representation import may_act_on
from verification.workflow.attempt import YES, Attempt, Verdict, no
from verification.workflow.clock import Reading, one_step_on
from verification.workflow.effects import EFFECTS
from verification.workflow.errors import NotAllowed, NotFromHere, NotGiven, Stale
from verification.workflow.guards import GUARDS
from verification.workflow.states import FINAL
from verification.workflow.table import BY_NAME, START, TRANSITIONS, Actor, Kind, Transition


@transaction.atomic
def perform(
    name: str,
    *,
    application: Application,
    by: User | None,
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
    attempt = Attempt(application=application, by=by, today=timezone.localdate(), given=given or {})
    log = take_step(step, attempt, last=application.last_log(), seen_version=seen_version)
    if log.pk is None:
        application.save()
        log.save(force_insert=True)
    return log


def take_step(step: Transition, attempt: Attempt, *, last: TransitionLog, seen_version: int) -> TransitionLog:
    """Take the step on a locked application, in memory; its log is not saved, unless it is `last`: a double click.

    For perform and perform_many alone. Raises what perform raises.
    """
    application, by = attempt.application, attempt.by
    if last.transition == step.name and last.by == by and last.seen_version == seen_version:
        if last.given == _as_json(_read(step, attempt.given)):
            return last
        raise Stale("You did this already, from the same page, and gave something else. Look at it again.")
    if application.status not in step.sources:
        raise NotFromHere(
            f"This application is “{application.get_status_display()}” now, so this cannot be done: {step.label}."
        )
    if application.version != seen_version:
        raise Stale("The application was changed after you opened this page. Look at it again, then decide.")
    attempt = replace(attempt, given=_read(step, attempt.given))
    verdict = _may(step, attempt)
    if not verdict.ok:
        raise NotAllowed(verdict.reason)

    source, target = application.status, step.leads_to(application.status)
    application.status = target
    application.transitions += 1
    application.version += 1
    application.closed_at = timezone.now() if target in FINAL else None
    application.due_on, application.days_left = one_step_on(
        Reading(application.due_on, application.days_left),
        source=source,
        target=target,
        day=attempt.today,
        clock=clocks().review_of(application.kind),
    )
    log = TransitionLog(
        application=application,
        number=application.transitions,
        transition=step.name,
        source=source,
        target=target,
        by=by,
        seen_version=seen_version,
        given=_as_json(attempt.given),
    )
    try:
        EFFECTS[step.name](attempt)
    except RegisterError as error:
        raise NotAllowed(str(error)) from error
    return log


def start(application: Application, *, by: User) -> Application:
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


def possible(
    application: Application, by: User, *, conflicts: Mapping[int, frozenset[int]] | None = None
) -> list[tuple[Transition, Verdict]]:
    """The steps that the application's place and the person's part allow, each with its verdict so far.

    A step that the person's part rules out is left out; one that a condition holds up is there with the reason.
    `conflicts`: where they are known already, by user, the applications that they must keep out of.
    """
    attempt = Attempt(
        application=application, by=by, today=timezone.localdate(), is_rehearsal=True, conflicts=conflicts
    )
    steps = [step for step in TRANSITIONS if application.status in step.sources and _is_the_actor(step, attempt).ok]
    # Steps share conditions; each is looked into once.
    verdicts: dict[str, Verdict] = {}
    return [(step, _guarded(step, attempt, verdicts)) for step in steps]


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


def _guarded(step: Transition, attempt: Attempt, known: dict[str, Verdict] | None = None) -> Verdict:
    """`known`: verdicts that this very attempt was given already; added to."""
    known = {} if known is None else known
    for guard in step.guards:
        verdict = known[guard] if guard in known else known.setdefault(guard, GUARDS[guard](attempt))
        if not verdict.ok:
            return verdict
    return YES


def _is_the_actor(step: Transition, attempt: Attempt) -> Verdict:
    by, application = attempt.by, attempt.application
    allowed = {
        Actor.SYSTEM: lambda: by is None,
        Actor.APPLICANT: lambda: by is not None and not by.roles and may_act_on(by, application),
        Actor.REVIEWER: lambda: by is not None and by.has_role(Role.REVIEWER),
        Actor.ASSIGNED_REVIEWER: lambda: by is not None and by.has_role(Role.REVIEWER) and application.reviewer == by,
        Actor.APPROVER: lambda: by is not None and by.has_role(Role.APPROVER),
        Actor.ASSIGNER: lambda: by is not None and by.has_role(Role.APPROVER, Role.ADMINISTRATOR),
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
            Kind.REVIEWER: lambda v: isinstance(v, User),
        }.get(wanted.kind, lambda v: isinstance(v, str) and bool(v.strip()))
        if not is_right(value):
            raise NotGiven(wanted.name, f"{wanted.label} cannot be read.")
        read[wanted.name] = value
    return read


def _as_json(given: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _written(value) for name, value in given.items()}


def _written(value: Any) -> Any:
    if isinstance(value, User):
        # The name as it was then; the key says who it is.
        return {"id": value.pk, "name": str(value)}
    return value.isoformat() if isinstance(value, date) else value
