"""A determination that is approved and waits: published on its day by itself, by two people's word, and not before."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError
from django.utils import timezone

from accounts.models import OutgoingMail, Role, User
from hcpcs.models import Code
from pcl.models import Listing, ListingChange, Organization
from tests.factories.accounts import contractor_person
from tests.factories.verification import (
    ENDED_CODE,
    again,
    approved,
    approver,
    code,
    manufacturer,
    organization_of,
    recommended,
)
from tests.verification.snapshot import everything_about
from verification.jobs import publish_what_is_due
from verification.models import Application, Determination, Letter, Outcome, Representation, TransitionLog
from verification.services.publish_waiting import publish_due, publish_together
from verification.workflow.errors import NotAllowed, NotFromHere, Stale
from verification.workflow.perform import perform, possible

pytestmark = pytest.mark.django_db

EASTERN = ZoneInfo("America/New_York")
DAY = date(2026, 3, 10)


@pytest.fixture(autouse=True)
def _on_march_2(time_machine: Any) -> None:
    time_machine.move_to(datetime(2026, 3, 2, 10, tzinfo=EASTERN), tick=False)


def step(name: str, application: Application, by: User | None, **given: Any) -> TransitionLog:
    return perform(name, application=application, by=by, seen_version=application.version, given=given)


def on_its_day(time_machine: Any, *, hour: int = 6) -> None:
    time_machine.move_to(datetime(DAY.year, DAY.month, DAY.day, hour, tzinfo=EASTERN), tick=False)


def test_nothing_is_published_when_it_is_approved() -> None:
    before = OutgoingMail.objects.count()
    application = approved(publish_on=DAY, begins=date(2026, 3, 1))
    made = application.determination
    assert (application.status, application.public_status) == ("approved", "In review")
    assert (made.publish_on, made.begins, made.letter_date, made.published_at) == (DAY, date(2026, 3, 1), None, None)
    assert (Listing.objects.count(), Letter.objects.count()) == (0, 0)
    assert OutgoingMail.objects.count() == before + 2  # that it was received, and that its review has begun


@pytest.mark.parametrize(("hour", "published"), [(0, False), (5, False), (6, True), (23, True)])
def test_it_is_published_on_its_day_by_the_system(time_machine: Any, hour: int, published: bool) -> None:
    decider = approver()
    application = approved(publish_on=DAY, begins=date(2026, 3, 1), approved_by=decider)
    time_machine.move_to(datetime(2026, 3, 9, 23, 59, tzinfo=EASTERN), tick=False)
    assert publish_due() == []
    on_its_day(time_machine, hour=hour)
    publish_what_is_due(timestamp=0)
    assert (again(application).status == "determined") is published
    if not published:
        return
    made = Determination.objects.get()
    assert (made.letter_date, made.published_at) == (DAY, timezone.now())
    assert Letter.objects.get().said["letter_date"] == "March 10, 2026"
    assert Listing.objects.get().effective_from == date(2026, 3, 1)
    assert [change.by for change in ListingChange.objects.all()] == [decider]
    assert application.log.latest("number").by is None
    assert publish_due() == []
    assert (Listing.objects.count(), Letter.objects.count()) == (1, 1)


def test_a_day_that_was_missed_is_made_good_and_the_letter_says_the_day_on_which_it_went_out(time_machine: Any) -> None:
    application = approved(publish_on=DAY)
    time_machine.move_to(datetime(2026, 3, 12, 9, tzinfo=EASTERN), tick=False)
    publish_due()
    assert again(application).determination.letter_date == date(2026, 3, 12)


def test_one_that_fails_stops_no_other_and_is_told_once_and_tried_again(time_machine: Any) -> None:
    told = approver(email="told@contractor.example")
    approver(email="gone@contractor.example", is_active=False)
    contractor_person(Role.REVIEWER, email="no-approver@contractor.example")
    code(ENDED_CODE)
    Code.objects.filter(code=ENDED_CODE).update(terminated=None)
    fails = approved(publish_on=DAY, codes=(ENDED_CODE,), approved_by=told)
    passes = approved(publish_on=DAY, approved_by=told)
    Code.objects.filter(code=ENDED_CODE).update(terminated=date(2026, 3, 9))
    on_its_day(time_machine)
    before = set(OutgoingMail.objects.values_list("pk", flat=True))
    done = publish_due()
    assert [(each.application, bool(each.failure)) for each in done] == [(fails, True), (passes, False)]
    assert (again(fails).status, again(passes).status) == ("approved", "determined")
    publish_due()
    mails = OutgoingMail.objects.exclude(pk__in=before)
    assert [(mail.to, mail.subject) for mail in mails] == [
        (["told@contractor.example"], f"Not published on its day: {fails.dcn}")
    ]
    assert "K1032 ended on March 9, 2026. Return the determination to its reviewer" in mails.get().text
    Code.objects.filter(code=ENDED_CODE).update(terminated=None)
    publish_due()
    assert again(fails).status == "determined"
    assert again(fails).determination.publishing_failure == ""


def test_a_fault_that_nobody_thought_of_stops_no_other(time_machine: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = approved(publish_on=DAY), approved(publish_on=DAY)
    on_its_day(time_machine)
    from verification.workflow import effects  # noqa: PLC0415

    publishing = effects.publish

    def broken(determination: Determination, **how: Any) -> None:
        if determination.application_id == first.pk:
            raise ZeroDivisionError
        publishing(determination, **how)

    monkeypatch.setattr(effects, "publish", broken)
    publish_due()
    assert (again(first).status, again(second).status) == ("approved", "determined")
    monkeypatch.undo()
    publish_due()
    assert again(first).status == "determined"


def test_a_code_that_ends_before_the_day_is_refused_at_the_approval() -> None:
    application = recommended()
    Code.objects.filter(code="K1007").update(terminated=date(2026, 3, 9))
    before = everything_about(application)
    with pytest.raises(NotAllowed, match="K1007 ends on March 9, 2026, before that day"):
        step("approve", application, approver(), publish_on=DAY, begins=date(2026, 3, 2))
    assert everything_about(application) == before
    step("approve", application, approver(), publish_on=DAY - timedelta(days=1), begins=date(2026, 3, 2))


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"publish_on": date(2026, 3, 2)}, "must be after today"),
        ({"publish_on": date(2026, 6, 3)}, "must be on or before June 2, 2026"),
        ({"publish_on": DAY, "begins": None}, "Give the first date of service"),
    ],
)
def test_days_that_do_not_fit_are_refused(given: dict[str, Any], why: str) -> None:
    application = recommended()
    before = everything_about(application)
    with pytest.raises(NotAllowed, match=why):
        step("approve", application, approver(), **({"begins": date(2026, 3, 1)} | given))
    assert everything_about(application) == before


def test_no_code_may_wait_too(time_machine: Any) -> None:
    application = approved(publish_on=DAY, outcome=Outcome.NO_CODE)
    on_its_day(time_machine)
    publish_due()
    assert (again(application).status, Listing.objects.count(), Letter.objects.count()) == ("determined", 0, 1)


def test_it_is_published_at_once_and_dated_today() -> None:
    application = approved(publish_on=DAY)
    step("publish_now", application, approver())
    assert again(application).determination.letter_date == date(2026, 3, 2)


def test_it_is_moved_to_another_day() -> None:
    application = approved(publish_on=DAY, begins=date(2026, 3, 1))
    step("reschedule", application, approver(), publish_on=date(2026, 3, 20))
    now = again(application).determination
    assert (now.publish_on, now.begins) == (date(2026, 3, 20), date(2026, 3, 1))


@pytest.mark.parametrize(("name", "status"), [("recall", "recommended"), ("return", "in_review")])
def test_the_approval_is_taken_back(time_machine: Any, name: str, status: str) -> None:
    application = approved(publish_on=DAY)
    step(name, application, approver(), reason="Not yet.")
    made = again(application).determination
    assert (again(application).status, made.approved_by, made.publish_on, made.begins) == (status, None, None, None)
    on_its_day(time_machine)
    assert publish_due() == []
    assert Listing.objects.count() == 0


def test_the_applicant_may_still_withdraw_and_nothing_is_published(time_machine: Any) -> None:
    application = approved(publish_on=DAY)
    assert [step.name for step, _ in possible(application, application.created_by)] == ["withdraw"]
    step("withdraw", application, application.created_by)
    on_its_day(time_machine)
    assert publish_due() == []
    assert (again(application).status, Listing.objects.count()) == ("withdrawn", 0)


# Two people, at each step


STEPS = {
    "determine": (recommended, {"letter_date": date(2026, 3, 2), "begins": date(2026, 3, 2)}),
    "return": (recommended, {"reason": "x"}),
    "approve": (recommended, {"publish_on": DAY, "begins": date(2026, 3, 2)}),
    "reschedule": (approved, {"publish_on": DAY}),
    "recall": (approved, {"reason": "x"}),
    "publish_now": (approved, {}),
}


@pytest.mark.parametrize("name", STEPS)
def test_who_recommended_takes_no_part_in_it(name: str) -> None:
    both = contractor_person(Role.REVIEWER, Role.APPROVER)
    make, given = STEPS[name]
    application = make(reviewed_by=both)
    before = everything_about(application)
    with pytest.raises(NotAllowed, match="You recommended this determination"):
        step(name, application, both, **given)
    assert everything_about(application) == before
    step(name, application, approver(), **given)


@pytest.mark.parametrize("name", STEPS)
def test_who_has_acted_for_the_applicant_takes_no_part_in_it(name: str) -> None:
    make, given = STEPS[name]
    application = make()
    decider = approver()
    Representation.objects.create(
        user=decider, organization=application.organization, confirmed_at=timezone.now(), ended_at=timezone.now()
    )
    before = everything_about(application)
    with pytest.raises(NotAllowed, match="You have acted for the applicant"):
        step(name, application, decider, **given)
    assert everything_about(application) == before


def test_who_decided_and_came_to_act_for_the_applicant_meanwhile_did_not_decide(time_machine: Any) -> None:
    decider = approver(name="Avery Approver")
    application = approved(publish_on=DAY, approved_by=decider)
    Representation.objects.create(user=decider, organization=application.organization, confirmed_at=timezone.now())
    on_its_day(time_machine)
    (done,) = publish_due()
    assert done.failure.startswith("Avery Approver decided and has acted for the applicant. Return the determination")
    assert Listing.objects.count() == 0


def test_the_database_refuses_an_own_approval_that_waits() -> None:
    application = recommended()
    with pytest.raises(IntegrityError, match="nobody_approves_an_own_recommendation"):
        Determination.objects.filter(application=application).update(
            approved_by=application.reviewer, approved_at=timezone.now(), publish_on=DAY, begins=DAY
        )


def test_the_database_refuses_one_that_is_approved_without_a_day() -> None:
    application = recommended()
    with pytest.raises(IntegrityError, match="determination_is_dated_once_approved"):
        Determination.objects.filter(application=application).update(
            approved_by=approver(), approved_at=timezone.now(), begins=DAY
        )


def test_only_the_system_publishes_on_the_day(time_machine: Any) -> None:
    application = approved(publish_on=DAY)
    with pytest.raises(NotAllowed, match="has not come yet"):
        step("publish", application, None)
    on_its_day(time_machine)
    with pytest.raises(NotAllowed, match="Only the system"):
        step("publish", application, approver())


# Several at once


def test_a_day_is_published_whole_each_as_it_was_seen() -> None:
    by = approver()
    seen, changed, own = approved(), approved(), approved(reviewed_by=contractor_person(Role.REVIEWER, Role.APPROVER))
    versions = [(seen, seen.version), (changed, changed.version)]
    step("reschedule", changed, approver(), publish_on=DAY)
    done = publish_together(versions, by=by)
    assert [each.failure for each in done] == ["", str(_stale())]
    assert [again(each).status for each in (seen, changed)] == ["determined", "approved"]
    (mine,) = publish_together([(own, own.version)], by=own.reviewer)  # type: ignore[arg-type]
    assert mine.failure == "You recommended this determination. Another approver has to decide on it."


def _stale() -> Stale:
    return Stale("The application was changed after you opened this page. Look at it again, then decide.")


def test_a_second_click_publishes_nothing_more() -> None:
    by, application = approver(), approved()
    publish_together([(application, application.version)], by=by)
    assert [each.failure for each in publish_together([(application, application.version)], by=by)] == [""]
    with pytest.raises(NotFromHere):
        step("publish_now", again(application), approver())
    assert (Listing.objects.count(), Letter.objects.count()) == (1, 1)


def test_waiting_founds_no_organization() -> None:
    maker = manufacturer()
    before = set(Organization.objects.values_list("name", flat=True))
    application = recommended(maker)
    Application.objects.filter(pk=application.pk).update(manufacturer_name="A Maker Nobody Knows")
    step("approve", again(application), approver(), publish_on=DAY, begins=DAY)
    assert set(Organization.objects.values_list("name", flat=True)) == before
    assert organization_of(maker).name in before
