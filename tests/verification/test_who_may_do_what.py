"""Every state, every step, everybody: allowed exactly where the table says, and otherwise nothing is changed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone

from accounts.models import Role, User
from tests.factories.accounts import UserFactory, contractor_person
from tests.factories.verification import (
    again,
    approved,
    approver,
    complete_draft,
    determined,
    information_requested,
    manufacturer,
    recommended,
    rejected,
    reviewed,
    submitted,
    withdrawn,
)
from tests.verification.snapshot import everything_about
from verification.models import Application
from verification.workflow.errors import NotAllowed, NotFromHere
from verification.workflow.perform import perform, possible
from verification.workflow.states import Status
from verification.workflow.table import BY_NAME

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Stage:
    """An application of `own` with `reviewer`, on which both `reviewer` and `recommender` may also approve."""

    application: Application
    own: User
    reviewer: User


# Everything that a step could ask for is ready: complete, checklist filled, determination drafted.
MAKE: dict[str, Callable[..., Application]] = {
    "draft": complete_draft,
    "submitted": submitted,
    "in_review": reviewed,
    "information_requested": information_requested,
    "recommended": recommended,
    "approved": approved,
    "determined": determined,
    "rejected": rejected,
    "withdrawn": withdrawn,
}
WITH_A_REVIEWER = {"in_review", "information_requested", "recommended", "approved", "determined"}
OVERDUE = timedelta(days=20)

PEOPLE: dict[str, Callable[[Stage], User | None]] = {
    "the applicant": lambda stage: stage.own,
    "a colleague of the applicant": lambda stage: _colleague(stage.application),
    "another company": lambda _: manufacturer(),
    "somebody who waits for confirmation": lambda stage: _colleague(stage.application, confirmed=False),
    "an applicant who became a registrar": lambda stage: _with_role(stage.own, Role.REGISTRAR),
    "the assigned reviewer, who may also approve": lambda stage: stage.reviewer,
    "another reviewer": lambda _: contractor_person(Role.REVIEWER),
    "an approver": lambda _: approver(),
    "a registrar": lambda _: contractor_person(Role.REGISTRAR),
    "an administrator": lambda _: contractor_person(Role.ADMINISTRATOR, is_superuser=True),
    "a reviewer who left": lambda stage: _gone(stage.reviewer),
    "nobody": lambda _: UserFactory(),
    "the system": lambda _: None,
}
APPLICANTS = {"the applicant", "a colleague of the applicant"}
REVIEWERS = {"the assigned reviewer, who may also approve", "another reviewer"}
ASSIGNERS = {"the assigned reviewer, who may also approve", "an approver", "an administrator"}
ASSIGNED = {"the assigned reviewer, who may also approve"}

# step: who, by the state from which it starts. Written out, not computed from the table.
ALLOWED: dict[str, dict[str, set[str]]] = {
    "submit": {"draft": APPLICANTS},
    "accept": {"submitted": REVIEWERS},
    "assign": {"submitted": ASSIGNERS},
    "reassign": {"in_review": ASSIGNERS, "information_requested": ASSIGNERS},
    "reject": {"submitted": REVIEWERS, "in_review": ASSIGNED, "information_requested": ASSIGNED},
    "request_information": {"in_review": ASSIGNED},
    "respond": {"information_requested": APPLICANTS},
    "expire": {"information_requested": {"the system"}},
    "recommend": {"in_review": ASSIGNED},
    # Not the assigned reviewer, though an approver, too: nobody decides on an own recommendation.
    "return": {"recommended": {"an approver"}, "approved": {"an approver"}},
    "determine": {"recommended": {"an approver"}},
    "approve": {"recommended": {"an approver"}},
    "reschedule": {"approved": {"an approver"}},
    "recall": {"approved": {"an approver"}},
    "publish": {"approved": {"the system"}},
    "publish_now": {"approved": {"an approver"}},
    "withdraw": {
        "submitted": APPLICANTS,
        "in_review": APPLICANTS,
        "information_requested": APPLICANTS,
        "recommended": APPLICANTS,
        "approved": APPLICANTS,
    },
}


def _colleague(application: Application, *, confirmed: bool = True) -> User:
    user = UserFactory()
    application.organization.representations.create(user=user, confirmed_at=timezone.now() if confirmed else None)
    return user


def _with_role(user: User, role: Role) -> User:
    user.role_assignments.create(role=role)
    return User.objects.get(pk=user.pk)


def _gone(user: User) -> User:
    user.role_assignments.update(revoked_at=timezone.now())
    return User.objects.get(pk=user.pk)


def stage_of(status: str) -> Stage:
    own = manufacturer()
    reviewer = contractor_person(Role.REVIEWER, Role.APPROVER)
    with_reviewer = {"reviewed_by": reviewer} if status in WITH_A_REVIEWER else {}
    return Stage(MAKE[status](own, **with_reviewer), own, reviewer)


def what_is_given(name: str) -> dict[str, Any]:
    today = timezone.localdate()
    if name in {"assign", "reassign"}:
        return {"reviewer": contractor_person(Role.REVIEWER)}
    return {
        "reject": {"reason_code": "incomplete", "text": "The registration page is missing."},
        "request_information": {"items": ["The weight."], "due_on": today + timedelta(days=7)},
        "respond": {"answers": ["2 kg.", "Attached."]},
        "return": {"reason": "Say more."},
        "recall": {"reason": "Not yet."},
        "determine": {"letter_date": today, "begins": today},
        "approve": {"publish_on": today + timedelta(days=7), "begins": today},
        "reschedule": {"publish_on": today + timedelta(days=8)},
    }.get(name, {})


@pytest.mark.parametrize("name", BY_NAME)
@pytest.mark.parametrize("status", Status.values)
def test_a_step_is_allowed_where_the_table_says(status: str, name: str) -> None:
    stage = stage_of(status)
    allowed = {}
    for who in PEOPLE:
        everybody_begins_here = transaction.savepoint()
        allowed[who] = was_allowed(stage, name, who)
        transaction.savepoint_rollback(everybody_begins_here)
    assert allowed == {who: who in ALLOWED[name].get(status, set()) for who in PEOPLE}


def was_allowed(stage: Stage, name: str, who: str) -> bool:
    """Whether `who` could do it; done, it is done wholly, and refused, not at all."""
    person = PEOPLE[who](stage)
    application = again(stage.application)
    before = everything_about(application)
    # The clock has its say on two steps only, and that is tested by itself.
    with time_machine.travel(timezone.now() + (OVERDUE if name in {"expire", "publish"} else timedelta())):
        try:
            log = perform(
                name, application=application, by=person, seen_version=application.version, given=what_is_given(name)
            )
        except (NotAllowed, NotFromHere) as refusal:
            why = str(refusal)
            assert why
            assert everything_about(application) == before
            return False
    after = everything_about(application)
    target = BY_NAME[name].leads_to(before["row"]["status"])
    assert (log.source, log.target, log.by) == (application.status, target, person)
    assert after["row"]["status"] == target
    assert after["row"]["version"] == before["row"]["version"] + 1
    assert after["row"]["transitions"] == before["row"]["transitions"] + 1
    assert after["TransitionLog"] == before["TransitionLog"] + 1
    assert after["Listing"] == before["Listing"] + (name in {"determine", "publish", "publish_now"})
    return True


@pytest.mark.parametrize("status", Status.values)
def test_what_is_offered_is_what_is_allowed(status: str) -> None:
    stage = stage_of(status)
    offered = {}
    for who, find in PEOPLE.items():
        everybody_begins_here = transaction.savepoint()
        person = find(stage)
        if person is not None:
            offered[who] = {step.name for step, verdict in possible(again(stage.application), person) if verdict.ok}
        transaction.savepoint_rollback(everybody_begins_here)
    assert offered == {
        who: {name for name, by_state in ALLOWED.items() if who in by_state.get(status, set())}
        for who in PEOPLE
        if who != "the system"
    }


def test_what_a_condition_holds_up_is_offered_with_the_reason() -> None:
    stage = stage_of("recommended")
    assert {step.name: verdict.reason for step, verdict in possible(stage.application, stage.reviewer)} == {
        "return": "You recommended this determination. Another approver has to decide on it.",
        "determine": "You recommended this determination. Another approver has to decide on it.",
        "approve": "You recommended this determination. Another approver has to decide on it.",
    }
