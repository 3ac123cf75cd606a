"""Before the last day for an answer has passed, the applicant is reminded of it: once per reminder."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import OutgoingMail
from tests.factories.verification import again, in_review, withdrawn
from verification.clocks import clocks
from verification.models import Application, Reminder
from verification.services import reminders
from verification.services.reminders import remind_of_answers
from verification.workflow.perform import perform

pytestmark = pytest.mark.django_db
ASKED = date(2026, 3, 2)
DUE = date(2026, 3, 23)


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo("America/New_York"))


def asked(due: date = DUE) -> Application:
    with time_machine.travel(noon(ASKED), tick=False):
        application = in_review()
        given = {"items": ["A photograph."], "due_on": due}
        perform(
            "request_information",
            application=application,
            by=application.reviewer,
            seen_version=application.version,
            given=given,
        )
        return again(application)


def reminded(on: date) -> list[str]:
    """The reminders that a run on that day sends, by their first words on the day."""
    before = OutgoingMail.objects.filter(subject__contains="due soon").count()
    with time_machine.travel(noon(on), tick=False):
        remind_of_answers()
    return [mail.text for mail in OutgoingMail.objects.filter(subject__contains="due soon").order_by("pk")[before:]]


def test_reminded_seven_days_and_one_day_before() -> None:
    application = asked()
    assert reminded(DUE - timedelta(days=8)) == []
    (week,) = reminded(DUE - timedelta(days=7))
    assert "The last day for the answer is March 23, 2026, in 7 days." in week
    assert f"/apply/{application.pk}/" in week
    assert "photograph" not in week
    assert reminded(DUE - timedelta(days=7)) == reminded(DUE - timedelta(days=4)) == []
    (day,) = reminded(DUE - timedelta(days=1))
    assert "Tomorrow, March 23, 2026, is the last day for the answer." in day
    assert reminded(DUE) == reminded(DUE + timedelta(days=1)) == []


def test_a_day_that_was_missed_is_made_up_for() -> None:
    asked()
    (late,) = reminded(DUE - timedelta(days=5))
    assert "in 5 days" in late
    (last,) = reminded(DUE)
    assert "Today is the last day for the answer." in last
    assert reminded(DUE) == []


def test_what_the_request_itself_said_needs_no_reminder() -> None:
    asked(due=ASKED + timedelta(days=5))
    assert reminded(ASKED) == reminded(ASKED + timedelta(days=3)) == []
    assert len(reminded(ASKED + timedelta(days=4))) == 1


def test_who_answered_or_withdrew_is_not_reminded() -> None:
    application = asked()
    with time_machine.travel(noon(ASKED), tick=False):
        perform("withdraw", application=application, by=application.created_by, seen_version=application.version)
        withdrawn()
    assert reminded(DUE - timedelta(days=7)) == []


def test_no_days_no_reminders(monkeypatch: pytest.MonkeyPatch) -> None:
    asked()
    now = clocks()
    monkeypatch.setattr(reminders, "clocks", lambda: replace(now, answer=replace(now.answer, remind_before=())))
    assert reminded(DUE - timedelta(days=1)) == []
    assert reminded(DUE) == []


def test_one_that_cannot_be_reminded_keeps_nobody_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = asked(), asked()
    tell = reminders.notify_applicant

    def breaks(application: Application, about: str, **context: object) -> None:
        if application == first:
            raise OSError
        tell(application, about, **context)

    monkeypatch.setattr(reminders, "notify_applicant", breaks)
    with time_machine.travel(noon(DUE - timedelta(days=7)), tick=False), pytest.raises(RuntimeError, match="1 app"):
        remind_of_answers()
    assert list(Reminder.objects.values_list("application", flat=True)) == [second.pk]
    monkeypatch.undo()
    (text,) = reminded(DUE - timedelta(days=7))
    assert first.dcn is not None
    assert first.dcn in text


def test_the_database_keeps_no_reminder_twice() -> None:
    application = asked()
    said = {"application": application, "about": "answer-due", "last_day": DUE, "days_before": 7}
    Reminder.objects.create(**said, sent_at=timezone.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        Reminder.objects.create(**said)
