"""Reminding of a day before it has passed."""

import logging
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from verification.clocks import clocks
from verification.models import Application, Reminder
from verification.queries.answers_due import answers_due_between
from verification.services.notify import notify_applicant
from verification.workflow.states import Status

logger = logging.getLogger(__name__)
ANSWER_DUE = "answer-due"


def remind_of_answers() -> int:
    """Remind everybody whose answer is due soon; how many applications. May be run at any time, and stop anywhere.

    Days before the last day, counted in US Eastern days: `remind_before` of the clocks. A day on which this did not
    run is made up for on the next one, and of two reminders that have become due the later one is sent.
    """
    today = timezone.localdate()
    furthest = today + timedelta(days=max(clocks().answer.remind_before, default=0))
    due = answers_due_between(today, furthest).values_list("pk", flat=True)
    reminded = failures = 0
    for application_id in list(due):
        try:
            reminded += _remind(application_id, today)
        except Exception:  # one that cannot be reminded must not keep the others waiting
            logger.exception("An applicant could not be reminded", extra={"application": application_id})
            failures += 1
    if failures:
        raise RuntimeError(f"{failures} applicants could not be reminded; they stay due.")
    return reminded


@transaction.atomic
def _remind(application_id: int, today: date) -> bool:
    application = Application.objects.select_for_update().get(pk=application_id)
    last_day = application.answer_due_on
    if application.status != Status.INFORMATION_REQUESTED or last_day is None:
        return False  # answered since the list was read
    asked_on = timezone.localdate(application.last_log().at)
    days_before = min((each for each in clocks().answer.remind_before if each >= (last_day - today).days), default=None)
    if days_before is None or asked_on >= last_day - timedelta(days=days_before):
        return False  # the request itself said it no earlier
    _, is_new = Reminder.objects.get_or_create(
        application=application, about=ANSWER_DUE, last_day=last_day, days_before=days_before
    )
    if is_new:
        notify_applicant(application, "answer_due_soon", due_on=last_day, days=(last_day - today).days)
    return is_new
