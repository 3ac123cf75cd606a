"""Once a year, on its day: whoever has listings is asked whether something changed."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine

from accounts.models import OutgoingMail, User
from pcl.models import Organization
from pcl.services.organizations import merge_organizations
from tests.factories.companies import colleague_of
from tests.factories.verification import determined, manufacturer, organization_of, submitted
from verification.models import ChangeReminder, Representation
from verification.services import remind_of_changes as service
from verification.services.mail_preferences import choose_mails
from verification.services.remind_of_changes import remind_of_changes

SUBJECT = "Has anything changed on your listed products?"


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo("America/New_York"))


def mailed(on: date) -> list[str]:
    """To whom a run on that day writes."""
    before = OutgoingMail.objects.filter(subject=SUBJECT).count()
    with time_machine.travel(noon(on), tick=False):
        remind_of_changes()
    return sorted(
        address
        for mail in list(OutgoingMail.objects.filter(subject=SUBJECT).order_by("pk"))[before:]
        for address in mail.to
    )


@pytest.fixture
def robot(db: None) -> User:
    """Of a maker that the register knows since March 5, 2024, with a listing; beside it one without."""
    with time_machine.travel(noon(date(2026, 1, 15)), tick=False):
        maker = manufacturer("Robot Maker Inc.")
        determined(maker)
        submitted(manufacturer("Nothing Listed"))
    Organization.objects.update(created_at="2024-03-05T12:00Z")
    return maker


def test_everybody_of_it_once_a_year(robot: User) -> None:
    colleague = colleague_of(robot)
    assert mailed(date(2026, 3, 4)) == []
    assert mailed(date(2026, 3, 5)) == sorted([robot.email, colleague.email])
    assert mailed(date(2026, 3, 5)) == mailed(date(2026, 3, 6)) == []
    assert mailed(date(2027, 3, 5)) == sorted([robot.email, colleague.email])
    assert ChangeReminder.objects.count() == 2


def test_what_it_says(robot: User, settings: Any) -> None:
    settings.CHANGE_NOTICE_DAYS = 45
    mailed(date(2026, 3, 5))
    text = OutgoingMail.objects.get(subject=SUBJECT).text
    assert "Robot Maker Inc. has products on the Product Classification List." in text
    assert "is to be notified within 45 days" in text
    assert "/apply/listings/" in text
    assert "/apply/mails/" in text


def test_a_day_that_was_missed_is_made_up_for_within_a_week(robot: User) -> None:
    assert mailed(date(2026, 3, 12)) == [robot.email]
    ChangeReminder.objects.all().delete()
    assert mailed(date(2026, 3, 13)) == []


def test_who_does_without_it_gets_none(robot: User) -> None:
    colleague = colleague_of(robot)
    choose_mails(user=robot, every_application=False, wanted=["received"])
    assert mailed(date(2026, 3, 5)) == [colleague.email]


def test_one_that_fails_stays_due_and_keeps_nobody_waiting(robot: User, monkeypatch: pytest.MonkeyPatch) -> None:
    with time_machine.travel(noon(date(2026, 1, 15)), tick=False):
        other = manufacturer("Another Robot Maker Inc.")
        determined(other, product_name="Other", model_numbers=["OT-1"])
    Organization.objects.update(created_at="2024-03-05T12:00Z")
    write = service._mail

    def dies(person: User, organization: Organization) -> None:
        if organization == organization_of(robot):
            raise OSError("No room.")
        write(person, organization)

    monkeypatch.setattr(service, "_mail", dies)
    with pytest.raises(RuntimeError, match="1 organizations could not be reminded"):
        mailed(date(2026, 3, 5))
    assert list(OutgoingMail.objects.filter(subject=SUBJECT).values_list("to", flat=True)) == [[other.email]]
    monkeypatch.undo()
    assert mailed(date(2026, 3, 6)) == [robot.email]


def test_after_a_merger_everybody_is_still_reminded_once_a_year(robot: User) -> None:
    """Each on the day of the organization for which they act, whatever became of it; who acts for both, once."""
    with time_machine.travel(noon(date(2026, 1, 15)), tick=False):
        buyer = manufacturer("Buyer Medical Inc.")
        both = colleague_of(robot)
        Representation.objects.create(
            user=both, organization=organization_of(buyer), confirmed_at=noon(date(2026, 1, 15))
        )
    Organization.objects.filter(pk=organization_of(buyer).pk).update(created_at="2024-06-10T12:00Z")
    assert mailed(date(2026, 3, 5)) == sorted([robot.email, both.email])
    with time_machine.travel(noon(date(2026, 4, 1)), tick=False):
        merge_organizations(
            merged=organization_of(robot),
            into=organization_of(buyer),
            since=date(2026, 4, 1),
            source="Attestation",
            reason="A merger.",
            by=None,
        )
    # The listings are the buyer's now: its own people were not asked this year, the others were.
    assert mailed(date(2026, 6, 10)) == [buyer.email]
    assert mailed(date(2027, 3, 5)) == sorted([robot.email, both.email])
    newest = OutgoingMail.objects.filter(subject=SUBJECT).order_by("-pk")[0]
    assert "Buyer Medical Inc. has products on the Product Classification List." in newest.text
    assert mailed(date(2027, 6, 10)) == [buyer.email]
