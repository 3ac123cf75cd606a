"""Giving applications to reviewers: one by one and many at once, each a step of the workflow."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import OutgoingMail, Role, User
from tests.factories.accounts import UserFactory, contractor_person
from tests.factories.verification import (
    again,
    approver,
    determined,
    in_review,
    information_requested,
    manufacturer,
    organization_of,
    recommended,
    reviewer,
    submitted,
)
from tests.verification.snapshot import everything_about
from tests.verification.test_two_at_once import at_once
from verification.models import Application, Representation
from verification.services.assignment import assign_many, preview_assignment
from verification.workflow.errors import NotAllowed, NotGiven, Stale
from verification.workflow.perform import perform
from verification.workflow.perform_many import Taken

pytestmark = pytest.mark.django_db


def step(name: str, application: Application, by: User, to: Any) -> None:
    perform(name, application=application, by=by, seen_version=application.version, given={"reviewer": to})


def mails() -> dict[str, str]:
    """Subject by receiver, of mails to the contractor's people."""
    return {
        mail.to[0]: mail.subject
        for mail in OutgoingMail.objects.order_by("pk")
        if "assigned to you" in mail.subject or "given to another" in mail.subject
    }


def seen(*applications: Application) -> dict[int, int]:
    return {application.pk: application.version for application in applications}


def refusals(done: list[Taken]) -> list[str]:
    return [each.refusal for each in done]


def test_assigned_it_is_in_review_and_the_reviewer_is_told() -> None:
    application, robin, avery = submitted(), reviewer(name="Robin"), approver(name="Avery")
    step("assign", application, avery, robin)
    after = again(application)
    assert (after.status, after.reviewer) == ("in_review", robin)
    assert after.last_log().given == {"reviewer": {"id": robin.pk, "name": "Robin"}}
    assert mails() == {robin.email: f"{application.dcn} was assigned to you"}
    text = OutgoingMail.objects.order_by("-pk")[0].text
    assert f"by {avery}" in text
    assert application.product_name not in text


@pytest.mark.parametrize("make", [in_review, information_requested])
def test_reassigned_it_stays_where_it_is_and_both_are_told(make: Any) -> None:
    application, other = make(), reviewer()
    step("reassign", application, approver(), other)
    after = again(application)
    assert (after.status, after.reviewer) == (application.status, other)
    assert (after.due_on, after.days_left, after.answer_due_on) == (
        application.due_on,
        application.days_left,
        application.answer_due_on,
    )
    assert mails() == {
        other.email: f"{application.dcn} was assigned to you",
        application.reviewer.email: f"{application.dcn} was given to another reviewer",
    }


def test_who_left_gets_no_mail_and_the_work_goes_on() -> None:
    application, other = in_review(), reviewer()
    User.objects.filter(pk=application.reviewer.pk).update(is_active=False)
    step("reassign", application, contractor_person(Role.ADMINISTRATOR), other)
    assert list(mails()) == [other.email]
    perform(
        "request_information",
        application=again(application),
        by=other,
        seen_version=again(application).version,
        given={"items": ["The weight."], "due_on": application.due_on},
    )


def test_an_approver_who_reviews_as_well_gives_it_to_themselves_without_a_mail() -> None:
    both = contractor_person(Role.REVIEWER, Role.APPROVER)
    application = submitted()
    step("assign", application, both, both)
    assert again(application).reviewer == both
    assert mails() == {}


def was_an_applicant(user: User, application: Application) -> User:
    Representation.objects.create(
        user=user,
        organization=application.organization,
        confirmed_at=application.submitted_at,
        ended_at=application.submitted_at,
    )
    return user


def no_reviewer_any_more() -> User:
    user = reviewer(name="Gone")
    user.role_assignments.all().delete()
    return User.objects.get(pk=user.pk)


@pytest.mark.parametrize(
    ("whom", "says"),
    [
        (lambda _: approver(name="Avery"), "Avery is not a reviewer now. Choose somebody else."),
        (lambda _: UserFactory(name="Somebody"), "Somebody is not a reviewer now."),
        (lambda _: reviewer(name="Ill", is_active=False), "Ill is not a reviewer now."),
        (lambda _: no_reviewer_any_more(), "Gone is not a reviewer now."),
        (lambda a: was_an_applicant(reviewer(name="Rex"), a), "Rex has acted for the applicant."),
        (lambda a: a.reviewer, "is the reviewer already."),
    ],
)
def test_whom_it_cannot_be_given_to(whom: Any, says: str) -> None:
    application = in_review()
    to, by = whom(application), approver()
    before = everything_about(application)
    with pytest.raises(NotAllowed, match=says):
        step("reassign", application, by, to)
    assert everything_about(application) == before
    (one,) = assign_many(seen=seen(application), reviewer=to, by=by)
    assert says in one.refusal
    assert everything_about(application) == before


@pytest.mark.parametrize("wrong", ["robin", 7, None])
def test_a_reviewer_is_a_person(wrong: Any) -> None:
    application = submitted()
    with pytest.raises(NotGiven):
        step("assign", application, approver(), wrong)


def test_the_same_page_twice_with_another_person_is_told() -> None:
    application, by, first, second = in_review(), approver(), reviewer(), reviewer()
    step("reassign", application, by, first)
    step("reassign", application, by, first)
    with pytest.raises(Stale, match="something else"):
        step("reassign", application, by, second)
    assert again(application).reviewer == first
    assert again(application).transitions == application.transitions + 1


# Many at once


def test_many_at_once_each_is_told() -> None:
    robin, avery = reviewer(), approver()
    waiting, worked_on, hers = submitted(), in_review(), in_review(reviewed_by=robin)
    waiting_for_answer, recommended_now, closed = information_requested(), recommended(), determined()
    own = submitted(manufacturer())
    was_an_applicant(robin, own)
    stale = submitted()
    versions = {
        **seen(waiting, worked_on, hers, waiting_for_answer, recommended_now, closed, own),
        stale.pk: stale.version - 1,
    }
    done = assign_many(seen=versions, reviewer=robin, by=avery)
    assert [each.application for each in done] == sorted(
        [waiting, worked_on, hers, waiting_for_answer, recommended_now, closed, own, stale], key=lambda a: a.pk
    )
    told = {each.application.pk: each.refusal for each in done}
    assert told == {
        waiting.pk: "",
        worked_on.pk: "",
        hers.pk: f"{robin} is the reviewer already.",
        waiting_for_answer.pk: "",
        recommended_now.pk: (
            "This application is “Recommended” now, so this cannot be done: Give to another reviewer."
        ),
        closed.pk: "This application is “Determined” now, so this cannot be done: Give to another reviewer.",
        own.pk: f"{robin} has acted for the applicant. Choose somebody else.",
        stale.pk: "The application was changed after you opened this page. Look at it again, then decide.",
    }
    assert [again(each).status for each in (waiting, worked_on, waiting_for_answer)] == [
        "in_review",
        "in_review",
        "information_requested",
    ]
    assert [again(each).reviewer == robin for each in (waiting, worked_on, waiting_for_answer, own)] == [
        True,
        True,
        True,
        False,
    ]
    assert mails() == {
        robin.email: "3 applications were assigned to you",
        worked_on.reviewer.email: f"{worked_on.dcn} was given to another reviewer",
        waiting_for_answer.reviewer.email: f"{waiting_for_answer.dcn} was given to another reviewer",
    }


def test_one_at_a_time_and_together_leave_the_same() -> None:
    """What perform_many writes is what perform writes, in the row and in the log."""
    robin, by = reviewer(), approver()
    pairs = [(submitted(), submitted()), (in_review(), in_review()), (information_requested(), information_requested())]
    for alone, _ in pairs:
        step("assign" if alone.status == "submitted" else "reassign", alone, by, robin)
    assign_many(seen=seen(*(together for _, together in pairs)), reviewer=robin, by=by)
    own = {"id", "dcn", "organization_id", "created_by_id", "created_at", "saved_at", "submitted_at", "signed_at"}
    own |= {"manufacturer_name", "contact_name", "contact_email", "signed_name"}

    def row(application: Application) -> dict[str, Any]:
        return {k: v for k, v in Application.objects.values().get(pk=application.pk).items() if k not in own}

    def log(application: Application) -> dict[str, Any]:
        return {
            k: v
            for k, v in application.log.order_by("-number").values()[0].items()
            if k not in {"id", "application_id", "at"}
        }

    for alone, together in pairs:
        assert row(alone) == row(together)
        assert log(alone) == log(together)
        assert again(together).saved_at > together.saved_at


def test_a_reviewer_takes_many_and_gives_none() -> None:
    robin, other = reviewer(), reviewer()
    waiting, theirs = submitted(), in_review(reviewed_by=other)
    done = assign_many(seen=seen(waiting, theirs), reviewer=robin, by=robin)
    assert refusals(done) == ["", "Only an approver or an administrator can do this: Give to another reviewer."]
    assert (again(waiting).reviewer, again(theirs).reviewer) == (robin, other)
    assert again(waiting).last_log().transition == "accept"


def test_the_preview_says_what_happens_and_changes_nothing() -> None:
    robin, by = reviewer(), approver()
    waiting, own = submitted(), submitted()
    was_an_applicant(robin, own)
    before = [everything_about(each) for each in (waiting, own)]
    said = preview_assignment(seen=seen(waiting, own), reviewer=robin, by=by)
    assert [everything_about(each) for each in (waiting, own)] == before
    assert refusals(assign_many(seen=seen(waiting, own), reviewer=robin, by=by)) == refusals(said)


def test_twice_is_once() -> None:
    robin, by = reviewer(), approver()
    applications = [submitted(), submitted()]
    versions = seen(*applications)
    assign_many(seen=versions, reviewer=robin, by=by)
    assert refusals(assign_many(seen=versions, reviewer=robin, by=by)) == ["", ""]
    assert [again(each).transitions for each in applications] == [2, 2]
    assert list(mails()) == [robin.email]


def test_as_many_statements_for_twelve_as_for_three() -> None:
    robin, by = reviewer(), approver()
    maker = manufacturer()
    few, many = ([submitted(maker) for _ in range(count)] for count in (3, 12))
    # A person's roles are read once, and kept with the person.
    assert robin.roles
    assert by.roles
    with CaptureQueriesContext(connection) as for_few:
        assign_many(seen=seen(*few), reviewer=robin, by=by)
    with CaptureQueriesContext(connection) as for_many:
        assign_many(seen=seen(*many), reviewer=robin, by=by)
    assert len(for_many) == len(for_few)
    assert organization_of(maker)


@pytest.mark.django_db(transaction=True)
def test_two_people_assign_the_same_at_once() -> None:
    """In opposite order of their lists: each waits for the other's rows in one order, and the second is told."""
    first, second = reviewer(), reviewer()
    by, also = approver(), approver()
    applications = [submitted(), submitted(), submitted()]
    versions = seen(*applications)
    backwards = dict(reversed(versions.items()))
    answers: list[list[str]] = []
    at_once(
        lambda: answers.append(refusals(assign_many(seen=versions, reviewer=first, by=by))),
        lambda: answers.append(refusals(assign_many(seen=backwards, reviewer=second, by=also))),
    )
    assert sorted(sum(map(bool, answer)) for answer in answers) == [0, 3]
    assert len({again(each).reviewer for each in applications}) == 1
    assert [again(each).transitions for each in applications] == [2, 2, 2]
