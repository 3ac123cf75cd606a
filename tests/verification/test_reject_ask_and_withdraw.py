"""What ends a review without a determination, and what interrupts it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from accounts.models import OutgoingMail
from tests.factories.verification import (
    again,
    determined,
    in_review,
    information_requested,
    rejected,
    reviewer,
    submitted,
    withdrawn,
)
from tests.verification.snapshot import everything_about
from verification.models import Application, Determination
from verification.queries.queue import queue
from verification.services.clocks import expire_overdue
from verification.workflow.errors import NotAllowed, NotGiven
from verification.workflow.perform import perform

pytestmark = pytest.mark.django_db


def newest_mail() -> OutgoingMail:
    return OutgoingMail.objects.order_by("-pk")[0]


def answer(application: Application, *answers: str) -> None:
    perform(
        "respond",
        application=application,
        by=application.created_by,
        seen_version=application.version,
        given={"answers": list(answers)},
    )


# Rejection


def test_a_rejection_is_no_determination_and_is_mailed() -> None:
    application = rejected(text="SECRET-LOOKING WORDS stay on the page")
    assert (application.status, application.public_status) == ("rejected", "Rejected as incomplete")
    assert application.closed_at is not None
    assert Determination.objects.count() == 0
    mail = newest_mail()
    kept_until = timezone.localdate() + timedelta(days=30)
    assert mail.to == [application.created_by.email]
    assert mail.subject == f"Your application {application.dcn} was rejected as incomplete"
    assert f"kept until {kept_until:%B} {kept_until.day}, {kept_until.year}" in mail.text
    assert f"/apply/{application.pk}/" in mail.text
    assert "SECRET-LOOKING" not in mail.text


def test_a_reason_that_is_not_configured_is_refused() -> None:
    application = submitted()
    before = everything_about(application)
    with pytest.raises(NotGiven) as refusal:
        perform(
            "reject",
            application=application,
            by=reviewer(),
            seen_version=application.version,
            given={"reason_code": "i-do-not-like-it", "text": "No."},
        )
    assert refusal.value.name == "reason_code"
    assert everything_about(application) == before


@pytest.mark.parametrize("text", ["", "   ", None])
def test_a_rejection_says_what_to_do(text: Any) -> None:
    application = submitted()
    with pytest.raises(NotGiven) as refusal:
        perform(
            "reject",
            application=application,
            by=reviewer(),
            seen_version=application.version,
            given={"reason_code": "incomplete", "text": text},
        )
    assert refusal.value.name == "text"


def test_another_reviewer_does_not_reject_what_somebody_reviews() -> None:
    application = in_review(reviewed_by=reviewer(name="Robin Roe"))
    with pytest.raises(NotAllowed, match="Robin Roe is reviewing this application"):
        perform(
            "reject",
            application=application,
            by=reviewer(),
            seen_version=application.version,
            given={"reason_code": "incomplete", "text": "Something."},
        )


# Asking and answering


def test_an_answer_keeps_the_reviewer_and_the_place_in_the_queue() -> None:
    with time_machine.travel(datetime(2026, 3, 2, 15, tzinfo=UTC), tick=False) as clock:
        first = information_requested(items=["The weight."], due_in=20)
        clock.shift(timedelta(days=3))
        second = submitted()
        clock.shift(timedelta(days=3))
        answer(first, "2 kg.")
        after = again(first)
        assert (after.status, after.reviewer, after.submitted_at) == ("in_review", first.reviewer, first.submitted_at)
        assert after.answer_due_on is None
        assert list(queue(reviewer())) == [first, second]


@pytest.mark.parametrize("answers", [[], ["One."], ["One.", "  "], ["One.", "Two.", "Three."]])
def test_each_item_needs_its_answer(answers: list[str]) -> None:
    application = information_requested(items=["A?", "B?"])
    before = everything_about(application)
    with pytest.raises((NotAllowed, NotGiven)):
        answer(application, *answers)
    assert everything_about(application) == before


@pytest.mark.parametrize(("days", "why"), [(0, "after today"), (-1, "after today"), (366, "within 365 days")])
def test_the_day_on_which_an_answer_is_due_lies_ahead(days: int, why: str) -> None:
    application = in_review()
    with pytest.raises(NotAllowed, match=why):
        perform(
            "request_information",
            application=application,
            by=application.reviewer,
            seen_version=application.version,
            given={"items": ["The weight."], "due_on": timezone.localdate() + timedelta(days=days)},
        )


# The clock: due on March 16, 2026, until midnight in US Eastern time, which is 04:00 UTC of the next day.

DUE = date(2026, 3, 16)
LAST_MINUTES = datetime(2026, 3, 17, 3, 30, tzinfo=UTC)  # 23:30 on the 16th in New York
AFTER_MIDNIGHT = datetime(2026, 3, 17, 4, 1, tzinfo=UTC)


def due_on_the_16th() -> Application:
    with time_machine.travel(datetime(2026, 3, 2, 15, tzinfo=UTC), tick=False):
        application = information_requested(items=["The weight."], due_in=14)
    assert application.answer_due_on == DUE
    return application


def test_on_the_due_day_an_answer_is_taken_until_midnight_in_new_york() -> None:
    application = due_on_the_16th()
    with time_machine.travel(LAST_MINUTES, tick=False):
        assert expire_overdue() == 0
        answer(application, "2 kg.")
    assert again(application).status == "in_review"


def test_after_the_due_day_no_answer_is_taken() -> None:
    application = due_on_the_16th()
    with time_machine.travel(AFTER_MIDNIGHT, tick=False), pytest.raises(NotAllowed, match="due on March 16, 2026"):
        answer(application, "2 kg.")


def test_after_the_due_day_the_system_rejects_and_says_so() -> None:
    application = due_on_the_16th()
    still_open = in_review()
    with time_machine.travel(AFTER_MIDNIGHT, tick=False):
        assert expire_overdue() == 1
        assert expire_overdue() == 0
    after = again(application)
    log = after.last_log()
    assert (log.by, log.transition) == (None, "expire")
    assert (after.status, after.answer_due_on, after.closed_at) == ("rejected", None, AFTER_MIDNIGHT)
    assert newest_mail().subject == f"Your application {application.dcn} was rejected as incomplete"
    assert again(still_open).status == "in_review"


def test_the_system_does_not_reject_before() -> None:
    application = due_on_the_16th()
    with time_machine.travel(LAST_MINUTES, tick=False), pytest.raises(NotAllowed, match="not overdue"):
        perform("expire", application=application, by=None, seen_version=application.version)


# Withdrawal


def test_a_withdrawal_is_mailed_and_final() -> None:
    application = withdrawn()
    assert (application.status, application.public_status) == ("withdrawn", "Withdrawn")
    assert newest_mail().subject == f"Your application {application.dcn} was withdrawn"


def test_withdrawing_while_information_is_asked_for_ends_the_clock() -> None:
    application = information_requested()
    perform("withdraw", application=application, by=application.created_by, seen_version=application.version)
    assert again(application).answer_due_on is None
    with time_machine.travel(timezone.now() + timedelta(days=30)):
        assert expire_overdue() == 0


def test_a_document_control_number_is_given_once_per_application() -> None:
    numbers = {submitted().dcn, rejected().dcn, determined().dcn}
    assert len(numbers) == 3
    assert all(number and number.startswith(f"CVR-{timezone.localdate().year}-") for number in numbers)
