"""Requests for information that wait for an answer, by the day on which it is due."""

from datetime import date

from django.db.models import QuerySet

from verification.models import Application
from verification.workflow.states import Status


def answers_due_between(first: date, last: date) -> QuerySet[Application]:
    """Applications whose answer is due on one of these days, both inclusive; the soonest first."""
    return _waiting().filter(answer_due_on__gte=first, answer_due_on__lte=last).order_by("answer_due_on", "pk")


def answers_due_before(day: date) -> QuerySet[Application]:
    """Applications whose answer should have been here: it was due before `day`."""
    return _waiting().filter(answer_due_on__lt=day)


def _waiting() -> QuerySet[Application]:
    return Application.objects.filter(status=Status.INFORMATION_REQUESTED)
