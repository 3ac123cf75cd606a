"""What happens together with each step, in its transaction. Status, log and version are perform's business."""

from collections.abc import Callable
from datetime import date

from django.db import connection
from django.utils import timezone

from verification.models import Application, Determination
from verification.product_groups import reasons
from verification.queries.begin_date import begin_date
from verification.queries.samples import kept_until
from verification.services.application_words import keep_words
from verification.services.keep_submission import keep_answers, keep_submission
from verification.services.letters import send_letter
from verification.services.notify import notify_applicant
from verification.services.publish_determination import publish
from verification.services.recommendations import keep_recommendation
from verification.services.samples import expect_with_submission, keep_after
from verification.services.tell_reviewers import tell_reviewers
from verification.services.worker_publishes import leave_to_the_worker
from verification.workflow.attempt import Attempt
from verification.workflow.states import Status


def submit(attempt: Attempt) -> None:
    application = attempt.application
    application.dcn = _next_dcn(attempt)
    application.submitted_at = timezone.now()
    keep_submission(application, at=application.submitted_at)
    expect_with_submission(application)
    keep_words(application)
    notify_applicant(application, "received")


def _next_dcn(attempt: Attempt) -> str:
    """A document control number: the year of submission and a running number that no other application has."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('verification_dcn')")
        (number,) = cursor.fetchone()
    return f"CVR-{attempt.today.year}-{number:06d}"


def accept(attempt: Attempt) -> None:
    attempt.application.reviewer = attempt.by
    notify_applicant(attempt.application, "review_begun")


def assign(attempt: Attempt) -> None:
    before = attempt.application.reviewer
    attempt.application.reviewer = attempt.given["reviewer"]
    if attempt.tells:
        tell_reviewers([(attempt.application, before)], by=attempt.by)


def reject(attempt: Attempt) -> None:
    _reject(attempt, reason_code=attempt.given["reason_code"], text=attempt.given["text"])


def expire(attempt: Attempt) -> None:
    reason = reasons().for_rejection("no-answer")
    assert reason is not None  # noqa: S101  # reasons.toml names it
    _reject(attempt, reason_code=reason.key, text=reason.text)


def _reject(attempt: Attempt, *, reason_code: str, text: str) -> None:
    reason = reasons().for_rejection(reason_code)
    attempt.application.answer_due_on = None
    keep_after(attempt.application, status=Status.REJECTED, on=attempt.today)
    notify_applicant(
        attempt.application,
        "rejected",
        reason=reason.label if reason else reason_code,
        text=text,
        sample_kept_until=kept_until(Status.REJECTED, closed_on=attempt.today),
    )


def request_information(attempt: Attempt) -> None:
    attempt.application.answer_due_on = attempt.given["due_on"]
    notify_applicant(attempt.application, "information_requested", due_on=attempt.given["due_on"])


def respond(attempt: Attempt) -> None:
    # The reviewer and the place in the queue, which goes by the day of submission, stay.
    application = attempt.application
    application.answer_due_on = None
    keep_answers(
        application,
        at=timezone.now(),
        asked_at=application.last_log().at,
        items=application.open_items(),
        answers=attempt.given["answers"],
    )
    notify_applicant(application, "answers_received")


def recommend(attempt: Attempt) -> None:
    determination = attempt.application.determination
    determination.recommended_by = attempt.by
    determination.recommended_at = timezone.now()
    determination.save(update_fields=["recommended_by", "recommended_at"])
    keep_recommendation(determination)


def return_to_reviewer(attempt: Attempt) -> None:
    """The draft stays for its reviewer to work on."""
    _take_approval_back(attempt.application)


def approve(attempt: Attempt) -> None:
    determination = attempt.application.determination
    _approve(determination, attempt)
    determination.publish_on = attempt.given["publish_on"]
    determination.save()
    _leave_to_the_worker_if_due(determination, attempt)


def reschedule(attempt: Attempt) -> None:
    determination = attempt.application.determination
    determination.publish_on = attempt.given["publish_on"]
    determination.begins = attempt.given.get("begins") or determination.begins
    determination.publishing_failure = ""
    determination.save()
    _leave_to_the_worker_if_due(determination, attempt)


def _leave_to_the_worker_if_due(determination: Determination, attempt: Attempt) -> None:
    if determination.publish_on is not None and determination.publish_on <= attempt.today:
        leave_to_the_worker(attempt.application)


def recall(attempt: Attempt) -> None:
    _take_approval_back(attempt.application)


def determine(attempt: Attempt) -> None:
    """Approve and publish at once, all or nothing."""
    determination = attempt.application.determination
    _approve(determination, attempt)
    _publish(determination, letter_date=attempt.given["letter_date"])


def publish_as_approved(attempt: Attempt) -> None:
    # Dated on the day on which it goes out, also when that is not the day that was planned: the days in which a
    # reconsideration may be asked for are counted from it.
    _publish(attempt.application.determination, letter_date=attempt.today)


def _approve(determination: Determination, attempt: Attempt) -> None:
    determination.approved_by = attempt.by
    determination.approved_at = timezone.now()
    determination.begins = begin_date(determination, attempt.given.get("begins"))


def _publish(determination: Determination, *, letter_date: date) -> None:
    """Publish the listings and defer the letter, which says what is true now."""
    determination.letter_date = letter_date
    determination.published_at = timezone.now()
    determination.publishing_failure = ""
    determination.save()
    publish(
        determination,
        by=determination.approved_by,
        begins=determination.begins,
        reason=f"Determination on application {determination.application.dcn}.",
    )
    keep_after(determination.application, status=Status.DETERMINED, on=timezone.localdate())
    send_letter(determination)


def _take_approval_back(application: Application) -> None:
    determination = application.draft_determination()
    if determination is None or determination.approved_by is None:
        return
    determination.approved_by = determination.approved_at = None
    determination.publish_on = determination.begins = None
    determination.publishing_failure = ""
    determination.save()


def withdraw(attempt: Attempt) -> None:
    attempt.application.answer_due_on = None
    keep_after(attempt.application, status=Status.WITHDRAWN, on=attempt.today)
    _take_approval_back(attempt.application)
    notify_applicant(attempt.application, "withdrawn")


EFFECTS: dict[str, Callable[[Attempt], None]] = {
    "submit": submit,
    "accept": accept,
    "assign": assign,
    "reassign": assign,
    "reject": reject,
    "request_information": request_information,
    "respond": respond,
    "expire": expire,
    "recommend": recommend,
    "return": return_to_reviewer,
    "determine": determine,
    "approve": approve,
    "reschedule": reschedule,
    "recall": recall,
    "publish": publish_as_approved,
    "publish_now": publish_as_approved,
    "withdraw": withdraw,
}
