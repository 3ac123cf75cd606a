"""What happens together with each step, in its transaction. Status, log and version are perform's business."""

from collections.abc import Callable
from datetime import timedelta

from django.db import connection
from django.utils import timezone

from verification.letters.jobs import write_letter
from verification.models import Letter
from verification.product_groups import reasons
from verification.services.notify import notify_applicant
from verification.services.publish_determination import publish
from verification.workflow.attempt import Attempt

SAMPLE_KEPT_AFTER_REJECTION = timedelta(days=30)


def submit(attempt: Attempt) -> None:
    application = attempt.application
    application.dcn = _next_dcn(attempt)
    application.submitted_at = timezone.now()
    notify_applicant(application, "received")


def _next_dcn(attempt: Attempt) -> str:
    """A document control number: the year of submission and a running number that no other application has."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('verification_dcn')")
        (number,) = cursor.fetchone()
    return f"CVR-{attempt.today.year}-{number:06d}"


def accept(attempt: Attempt) -> None:
    attempt.application.reviewer = attempt.by


def reject(attempt: Attempt) -> None:
    _reject(attempt, reason_code=attempt.given["reason_code"], text=attempt.given["text"])


def expire(attempt: Attempt) -> None:
    reason = reasons().for_rejection("no-answer")
    assert reason is not None  # noqa: S101  # reasons.toml names it
    _reject(attempt, reason_code=reason.key, text=reason.text)


def _reject(attempt: Attempt, *, reason_code: str, text: str) -> None:
    reason = reasons().for_rejection(reason_code)
    attempt.application.answer_due_on = None
    notify_applicant(
        attempt.application,
        "rejected",
        reason=reason.label if reason else reason_code,
        text=text,
        sample_kept_until=attempt.today + SAMPLE_KEPT_AFTER_REJECTION,
    )


def request_information(attempt: Attempt) -> None:
    attempt.application.answer_due_on = attempt.given["due_on"]
    notify_applicant(attempt.application, "information_requested", due_on=attempt.given["due_on"])


def respond(attempt: Attempt) -> None:
    # The reviewer and the place in the queue, which goes by the day of submission, stay.
    attempt.application.answer_due_on = None


def recommend(attempt: Attempt) -> None:
    determination = attempt.application.determination
    determination.recommended_by = attempt.by
    determination.recommended_at = timezone.now()
    determination.save(update_fields=["recommended_by", "recommended_at"])


def return_to_reviewer(attempt: Attempt) -> None:
    """Nothing but the step itself: the draft stays for its reviewer to work on."""


def determine(attempt: Attempt) -> None:
    """Approve, publish the listings and defer the letter, all or nothing."""
    determination = attempt.application.determination
    determination.approved_by = attempt.by
    determination.approved_at = timezone.now()
    determination.letter_date = attempt.given["letter_date"]
    determination.begins = attempt.given.get("begins")
    determination.save()
    publish(
        determination,
        by=attempt.by,
        begins=determination.begins,
        reason=f"Determination on application {attempt.application.dcn}.",
    )
    letter = Letter.objects.create(determination=determination)
    write_letter.defer(letter_id=letter.pk)


def withdraw(attempt: Attempt) -> None:
    attempt.application.answer_due_on = None
    notify_applicant(attempt.application, "withdrawn")


EFFECTS: dict[str, Callable[[Attempt], None]] = {
    "submit": submit,
    "accept": accept,
    "reject": reject,
    "request_information": request_information,
    "respond": respond,
    "expire": expire,
    "recommend": recommend,
    "return": return_to_reviewer,
    "determine": determine,
    "withdraw": withdraw,
}
