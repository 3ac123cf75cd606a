"""What the applicant reads of where an application stands: nothing of what goes on inside the contractor's house."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from django.utils import timezone
from django.utils.dateparse import parse_date

from pcl.dates import day_in_words
from verification.models import Application, TransitionLog
from verification.product_groups import reasons
from verification.queries.samples import kept_until
from verification.queries.usual_time import usual_time
from verification.workflow.errors import NotFromHere, WorkflowError
from verification.workflow.states import OPEN_FOR_REVIEW, PUBLIC_LABELS, Status
from verification.workflow.table import BY_NAME, START

TagKind = Literal["good", "waiting", "bad", "info", "past"]
TAGS: dict[str, TagKind] = {
    PUBLIC_LABELS[Status.DRAFT]: "waiting",
    PUBLIC_LABELS[Status.SUBMITTED]: "info",
    PUBLIC_LABELS[Status.IN_REVIEW]: "info",
    PUBLIC_LABELS[Status.INFORMATION_REQUESTED]: "waiting",
    PUBLIC_LABELS[Status.DETERMINED]: "good",
    PUBLIC_LABELS[Status.REJECTED]: "bad",
    PUBLIC_LABELS[Status.WITHDRAWN]: "past",
}
WHAT_NEXT: dict[str, str] = {
    PUBLIC_LABELS[Status.SUBMITTED]: (
        "A reviewer takes it next and reads what you sent. You get a mail when something is needed from you and when a "
        "determination is made."
    ),
    PUBLIC_LABELS[Status.IN_REVIEW]: (
        "What you sent is being reviewed. There is nothing to do for you now: you get a mail when something is needed "
        "from you and when a determination is made."
    ),
    PUBLIC_LABELS[Status.INFORMATION_REQUESTED]: (
        "The reviewer needs the information below. Your application keeps its place in the queue, and the review goes "
        "on once you have answered. Without an answer by the day below, it is rejected as incomplete."
    ),
    PUBLIC_LABELS[Status.DETERMINED]: (
        "The review is complete. What was determined and the letter stand below, with what you can do if you disagree."
    ),
    PUBLIC_LABELS[Status.REJECTED]: (
        "This is no determination on the product. To have it reviewed, send a new, complete application that cites "
        "this one."
    ),
    PUBLIC_LABELS[Status.WITHDRAWN]: "It was taken back at your side and is not reviewed. It stays readable here.",
}


@dataclass(frozen=True)
class Event:
    at: datetime
    what: str
    text: str = ""


@dataclass(frozen=True)
class Request:
    """A request for information: what was asked, until when, and what was answered."""

    asked_at: datetime
    due_on: date | None
    items: tuple[tuple[str, str], ...]
    """Each item with its answer; an empty one while there is none."""
    answered_at: datetime | None


@dataclass(frozen=True)
class Rejection:
    at: datetime
    reason: str
    text: str
    sample_kept_until: date


def tag(application: Application) -> TagKind:
    return TAGS[application.public_status]


def what_next(application: Application) -> str:
    return WHAT_NEXT.get(application.public_status, "")


@dataclass(frozen=True)
class HowLong:
    """How long such reviews usually take, and when that would be of this one."""

    half_days: int
    most_days: int
    half_until: date
    """Day on which half of such reviews would be done, US Eastern."""
    most_until: date
    since: date
    """Of reviews that were determined on this day or later."""
    is_past: bool
    """Whether it takes longer already than nine of ten."""


# The open states as the applicant knows them; with them nothing follows from which of the internal ones it is.
_OPEN = {PUBLIC_LABELS[status] for status in OPEN_FOR_REVIEW}


def how_long(application: Application, *, today: date) -> HowLong | None:
    """None once it is closed, and while there were too few of its kind to say anything.

    From the submission and past reviews alone: the contractor's own due days are not the applicant's to know.
    """
    if application.public_status not in _OPEN or application.submitted_at is None:
        return None
    usual = usual_time(application.product_group, application.kind)
    if usual is None:
        return None
    begun = timezone.localdate(application.submitted_at)
    most_until = begun + timedelta(days=usual.most_days)
    return HowLong(
        half_days=usual.half_days,
        most_days=usual.most_days,
        half_until=begun + timedelta(days=usual.half_days),
        most_until=most_until,
        since=usual.since,
        is_past=today > most_until,
    )


def timeline(application: Application, log: list[TransitionLog]) -> Iterator[Event]:
    """What happened, oldest first. Recommending and returning are nobody else's business and are left out."""
    for step in log:
        what, text = _in_public_words(application, step)
        if what:
            yield Event(at=step.at, what=what, text=text)


def _in_public_words(application: Application, step: TransitionLog) -> tuple[str, str]:
    due = parse_date(str(step.given.get("due_on", "")))
    return {
        START: ("Draft begun", ""),
        "submit": ("Submitted and received", f"Document control number {application.dcn}."),
        "accept": ("Review begun", ""),
        "reject": ("Rejected as incomplete", ""),
        "request_information": ("Information requested", f"To be answered by {day_in_words(due)}." if due else ""),
        "respond": ("Answers received", ""),
        "expire": ("Rejected as incomplete", "No answer arrived by the day on which it was due."),
        "determine": ("Determination made", ""),
        "publish": ("Determination made", ""),
        "publish_now": ("Determination made", ""),
        "withdraw": ("Withdrawn", ""),
    }.get(step.transition, ("", ""))


def requests(log: list[TransitionLog]) -> list[Request]:
    """Every request for information with its answers, oldest first."""
    answers_after = {
        asked.number: next((step for step in log if step.transition == "respond" and step.number > asked.number), None)
        for asked in log
        if asked.transition == "request_information"
    }
    return [_request(asked, answers_after[asked.number]) for asked in log if asked.number in answers_after]


def _request(asked: TransitionLog, answered: TransitionLog | None) -> Request:
    items = asked.given["items"]
    answers = answered.given["answers"] if answered else [""] * len(items)
    return Request(
        asked_at=asked.at,
        due_on=parse_date(asked.given["due_on"]),
        items=tuple(zip(items, answers, strict=True)),
        answered_at=answered.at if answered else None,
    )


def rejection(log: list[TransitionLog]) -> Rejection | None:
    """Why it was rejected, in the reviewer's words to the applicant; None where it was not."""
    last = log[-1]
    if last.target != Status.REJECTED:
        return None
    reason = reasons().for_rejection(last.given.get("reason_code", "no-answer"))
    return Rejection(
        at=last.at,
        reason=reason.label if reason else "",
        text=last.given.get("text") or (reason.text if reason else ""),
        sample_kept_until=kept_until(Status.REJECTED, closed_on=timezone.localdate(last.at)),
    )


def offers_withdrawal(application: Application) -> bool:
    """Whether the page offers to withdraw: by the public status, so that the button does not tell the internal one."""
    return application.public_status in {PUBLIC_LABELS[source] for source in BY_NAME["withdraw"].sources}


def refusal(error: WorkflowError) -> str:
    """Why something was refused. The workflow's own text may name a status that is not the applicant's to know."""
    if isinstance(error, NotFromHere):
        return "The application has moved on since, so this cannot be done any more. It stands as you see it here now."
    return str(error)
