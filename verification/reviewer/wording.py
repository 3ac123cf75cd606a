"""How the console says where an application stands and how old it is."""

from datetime import date

from django.utils import timezone

from verification.models import Application
from verification.workflow.states import Status

# The kind of the status tag (docs/look.md) for each state.
STATE_TAGS: dict[str, str] = {
    Status.SUBMITTED: "waiting",
    Status.IN_REVIEW: "info",
    Status.INFORMATION_REQUESTED: "waiting",
    Status.RECOMMENDED: "info",
    Status.APPROVED: "waiting",
    Status.DETERMINED: "good",
    Status.REJECTED: "bad",
    Status.WITHDRAWN: "past",
}


def age_in_words(application: Application) -> str:
    """Days from submission until today, or until it was closed; US Eastern days."""
    assert application.submitted_at is not None  # noqa: S101  # drafts have no age
    until = timezone.localdate(application.closed_at) if application.closed_at else timezone.localdate()
    return days_in_words((until - timezone.localdate(application.submitted_at)).days)


def days_in_words(days: int) -> str:
    return {0: "today", 1: "1 day"}.get(days, f"{days} days")


def is_overdue(application: Application, *, today: date) -> bool:
    """Whether the applicant's answer should have been here."""
    return application.answer_due_on is not None and application.answer_due_on < today
