"""Requests for information that wait for an answer, by the day on which it is due."""

from datetime import date, timedelta

from django.db.models import QuerySet

from verification.clocks import clocks
from verification.models import Application
from verification.workflow.states import Status


def answers_due_on(day: date) -> QuerySet[Application]:
    """Applications whose answer is due on `day`, the last day on which it is accepted. To be read with iterator()."""
    waiting = Application.objects.filter(status=Status.INFORMATION_REQUESTED, answer_due_on=day)
    return waiting.select_related("organization", "created_by").order_by("id")


def answers_due_before(day: date) -> QuerySet[Application]:
    """Applications whose answer should have been here: it was due before `day`."""
    return Application.objects.filter(status=Status.INFORMATION_REQUESTED, answer_due_on__lt=day)


def days_to_remind_of(today: date) -> tuple[date, ...]:
    """The due days of which applicants are reminded today (US Eastern), as the file of clocks says."""
    return tuple(today + timedelta(days=days) for days in clocks().answer.remind_before)
