"""The table as DESIGN section 5 has it, written out a second time, and that everything that goes with it is there."""

import pytest
from django.db import connection

from verification.models import Application, TransitionLog
from verification.product_groups import reasons
from verification.workflow.effects import EFFECTS
from verification.workflow.guards import GUARDS
from verification.workflow.states import FINAL, OPEN_FOR_REVIEW, PUBLIC_LABELS, Status
from verification.workflow.table import BY_NAME, LOGGED_STEPS, TRANSITIONS, Actor

# name: (from, to, who, what must be given)
AS_DESIGNED = {
    "submit": ({"draft"}, "submitted", Actor.APPLICANT, []),
    "accept": ({"submitted"}, "in_review", Actor.REVIEWER, []),
    "reject": (
        {"submitted", "in_review", "information_requested"},
        "rejected",
        Actor.REVIEWER,
        ["reason_code", "text"],
    ),
    "request_information": ({"in_review"}, "information_requested", Actor.ASSIGNED_REVIEWER, ["items", "due_on"]),
    "respond": ({"information_requested"}, "in_review", Actor.APPLICANT, ["answers"]),
    "expire": ({"information_requested"}, "rejected", Actor.SYSTEM, []),
    "recommend": ({"in_review"}, "recommended", Actor.ASSIGNED_REVIEWER, []),
    "return": ({"recommended", "approved"}, "in_review", Actor.APPROVER, ["reason"]),
    "approve": ({"recommended"}, "approved", Actor.APPROVER, ["publish_on"]),
    "reschedule": ({"approved"}, "approved", Actor.APPROVER, ["publish_on"]),
    "recall": ({"approved"}, "recommended", Actor.APPROVER, ["reason"]),
    "publish": ({"approved"}, "determined", Actor.SYSTEM, []),
    "publish_now": ({"approved"}, "determined", Actor.APPROVER, []),
    "determine": ({"recommended"}, "determined", Actor.APPROVER, ["letter_date"]),
    "withdraw": (
        {"submitted", "in_review", "information_requested", "recommended", "approved"},
        "withdrawn",
        Actor.APPLICANT,
        [],
    ),
}
LOGGED = {
    ("start", "", "draft"),
    ("submit", "draft", "submitted"),
    ("accept", "submitted", "in_review"),
    ("reject", "submitted", "rejected"),
    ("reject", "in_review", "rejected"),
    ("reject", "information_requested", "rejected"),
    ("request_information", "in_review", "information_requested"),
    ("respond", "information_requested", "in_review"),
    ("expire", "information_requested", "rejected"),
    ("recommend", "in_review", "recommended"),
    ("return", "recommended", "in_review"),
    ("determine", "recommended", "determined"),
    ("approve", "recommended", "approved"),
    ("reschedule", "approved", "approved"),
    ("recall", "approved", "recommended"),
    ("return", "approved", "in_review"),
    ("publish", "approved", "determined"),
    ("publish_now", "approved", "determined"),
    ("withdraw", "submitted", "withdrawn"),
    ("withdraw", "in_review", "withdrawn"),
    ("withdraw", "information_requested", "withdrawn"),
    ("withdraw", "recommended", "withdrawn"),
    ("withdraw", "approved", "withdrawn"),
}


def test_the_table_is_the_designs() -> None:
    assert {
        step.name: (
            set(step.sources),
            step.target,
            step.actor,
            [given.name for given in step.given if given.required],
        )
        for step in TRANSITIONS
    } == AS_DESIGNED


def test_a_name_stands_for_one_step() -> None:
    assert len(BY_NAME) == len(TRANSITIONS)


def test_no_step_leads_out_of_a_final_state_and_every_other_state_has_a_way_out() -> None:
    assert {state for step in TRANSITIONS for state in step.sources} == set(Status) - FINAL


def test_every_state_can_be_reached() -> None:
    assert {step.target for step in TRANSITIONS} == set(Status) - {Status.DRAFT}


def test_every_guard_that_a_step_names_exists_and_none_is_left_over() -> None:
    assert {guard for step in TRANSITIONS for guard in step.guards} == set(GUARDS)


def test_every_step_has_its_effects() -> None:
    assert set(EFFECTS) == set(BY_NAME)


def test_who_performs_a_step_is_told_what_was_done() -> None:
    assert [step.name for step in TRANSITIONS if not step.done] == ["expire", "publish"]


def test_the_reason_for_which_the_system_rejects_is_configured() -> None:
    assert reasons().for_rejection("no-answer") is not None


def test_states_have_two_names() -> None:
    assert PUBLIC_LABELS == {
        "draft": "Draft",
        "submitted": "Received",
        "in_review": "In review",
        "information_requested": "Waiting for you",
        "recommended": "In review",
        "approved": "In review",
        "determined": "Determination made",
        "rejected": "Rejected as incomplete",
        "withdrawn": "Withdrawn",
    }
    assert set(Status) - FINAL - {Status.DRAFT} == OPEN_FOR_REVIEW


def test_the_log_may_hold_these_steps() -> None:
    assert set(LOGGED_STEPS) == LOGGED


@pytest.mark.django_db
def test_the_databases_constraint_is_the_table() -> None:
    """What the database refuses is asked of the database itself: all combinations of its own words."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_expr(conbin, conrelid) FROM pg_constraint WHERE conname = %s",
            ["log_holds_only_steps_of_the_workflow_table"],
        )
        (condition,) = cursor.fetchone()
        cursor.execute(
            f"""
            SELECT transition, source, target
            FROM unnest(%s::text[]) transition, unnest(%s::text[]) source, unnest(%s::text[]) target
            WHERE {condition}
            """,  # noqa: S608  # the condition comes from the database's own catalogue
            [["start", "approve", *BY_NAME], ["", *Status.values], Status.values],
        )
        assert set(cursor.fetchall()) == LOGGED


@pytest.mark.django_db
@pytest.mark.parametrize("model", [Application, TransitionLog])
def test_the_triggers_that_guard_it_stand_in_the_database(model: type) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_trigger WHERE tgrelid = %s::regclass AND tgname LIKE 'pgtrigger%%'",
            [model._meta.db_table],
        )
        assert cursor.fetchone() == (len(model._meta.triggers),)
