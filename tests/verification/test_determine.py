"""The determination and its listings: all of it or nothing of it, once, and by somebody who did not recommend it."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError
from django.utils import timezone

from accounts.models import OutgoingMail, Role
from hcpcs.models import Code
from pcl.models import Listing, ListingChange, Organization, RegisterEntry
from tests.factories.accounts import contractor_person
from tests.factories.verification import (
    ENDED_CODE,
    again,
    approver,
    code,
    determined,
    recommended,
    reviewed,
)
from tests.verification.snapshot import everything_about
from verification.models import Application, Determination, DeterminedCode, Letter, Outcome, TransitionLog
from verification.workflow.errors import NotAllowed, NotGiven, Stale
from verification.workflow.perform import perform

pytestmark = pytest.mark.django_db


def dates(**changed: Any) -> dict[str, Any]:
    today = timezone.localdate()
    return {"letter_date": today, "begins": today} | changed


def determine(application: Application, **said: Any) -> TransitionLog:
    return perform(
        "determine",
        application=application,
        by=said.pop("by", None) or approver(),
        seen_version=said.pop("seen_version", application.version),
        given=said.pop("given", None) or dates(),
    )


def test_every_model_is_listed_under_the_code_from_the_begin_date() -> None:
    application = recommended(model_numbers=("SO-100", "SO-200"), distributor_name="Gait Supply LLC")
    begins = timezone.localdate() - timedelta(days=3)
    by = approver()
    determine(application, by=by, given=dates(begins=begins))
    assert [
        (e.code, e.manufacturer, e.distributor, e.product, e.model_number, e.effective_from, e.effective_to, e.origin)
        for e in RegisterEntry.objects.order_by("model_number")
    ] == [
        ("K1007", application.manufacturer_name, "Gait Supply LLC", "StrideOne Exoskeleton", number, begins, None,
         "determination")
        for number in ("SO-100", "SO-200")
    ]  # fmt: skip
    assert [(change.kind, change.by) for change in ListingChange.objects.order_by("seq")] == [("listed", by)] * 2
    assert set(DeterminedCode.objects.values_list("listing", flat=True)) == set(
        Listing.objects.values_list("pk", flat=True)
    )


def test_a_double_click_determines_once() -> None:
    application = recommended(model_numbers=("A", "B"))
    by = approver()
    first = determine(application, by=by)
    after = everything_about(application)
    assert determine(application, by=by) == first
    assert everything_about(application) == after
    assert (Determination.objects.count(), Listing.objects.count(), Letter.objects.count()) == (1, 2, 1)


def test_another_approver_with_the_same_page_is_told() -> None:
    application = recommended()
    determine(application)
    with pytest.raises(Exception, match="“Determined” now"):
        determine(application)
    assert Listing.objects.count() == 1


def test_the_manufacturer_that_the_register_knows_is_found_again() -> None:
    before = Organization.objects.count()
    application = determined()
    assert Organization.objects.count() == before + 1  # the applicant's own
    assert Listing.objects.get().model.product.manufacturer == application.organization


def test_no_code_publishes_nothing() -> None:
    application = recommended(outcome=Outcome.NO_CODE)
    determine(application, given={"letter_date": timezone.localdate()})
    assert again(application).status == "determined"
    assert (Listing.objects.count(), ListingChange.objects.count(), Letter.objects.count()) == (0, 0, 1)
    assert Determination.objects.get().begins is None


@pytest.mark.parametrize(
    ("outcome", "given", "why"),
    [
        (Outcome.NO_CODE, dates, "leave the begin date empty"),
        (Outcome.CODES_ASSIGNED, lambda: dates(begins=None), "first date of service"),
        (Outcome.CODES_ASSIGNED, lambda: dates(begins=date(1902, 1, 1)), "not a plausible begin date"),
        (Outcome.CODES_ASSIGNED, lambda: dates(begins=date(2902, 1, 1)), "not a plausible begin date"),
        (Outcome.CODES_ASSIGNED, lambda: dates(letter_date=timezone.localdate() - timedelta(days=8)), "within a week"),
        (Outcome.CODES_ASSIGNED, lambda: dates(letter_date=timezone.localdate() + timedelta(days=8)), "within a week"),
    ],
)
def test_dates_that_do_not_fit_are_refused(outcome: Outcome, given: Any, why: str) -> None:
    application = recommended(outcome=outcome)
    before = everything_about(application)
    with pytest.raises(NotAllowed, match=why):
        determine(application, given=given())
    assert everything_about(application) == before


@pytest.mark.parametrize("days", [-7, 7])
def test_a_letter_may_be_dated_a_week_either_way(days: int) -> None:
    application = recommended()
    letter_date = timezone.localdate() + timedelta(days=days)
    determine(application, given=dates(letter_date=letter_date))
    assert Determination.objects.get().letter_date == letter_date


def test_a_code_that_ended_is_refused_on_any_begin_date_and_nothing_of_it_is_written() -> None:
    application = recommended(distributor_name="A Distributor New To The Register")
    ended = timezone.localdate() - timedelta(days=1)
    Code.objects.filter(code="K1007").update(terminated=ended)
    before = everything_about(application)
    for begins in (timezone.localdate(), ended):
        with pytest.raises(NotAllowed, match="K1007 ended on .* Return the determination to its reviewer, who assigns"):
            determine(application, given=dates(begins=begins))
    assert everything_about(application) == before


def test_a_code_is_in_force_on_its_last_day() -> None:
    application = recommended()
    Code.objects.filter(code="K1007").update(terminated=timezone.localdate())
    with pytest.raises(NotAllowed, match="K1007 is not valid on .*: it is in force from .* until "):
        determine(application, given=dates(begins=timezone.localdate() + timedelta(days=1)))
    determine(application)
    assert Listing.objects.get().effective_from == timezone.localdate()


def test_a_code_that_ended_after_the_draft_is_not_recommended() -> None:
    application = reviewed()
    Code.objects.filter(code="K1007").update(terminated=timezone.localdate() - timedelta(days=1))
    before = everything_about(application)
    with pytest.raises(NotAllowed, match="K1007 ended on .* Change the draft determination: assign a code that is in"):
        perform("recommend", application=application, by=application.reviewer, seen_version=application.version)
    assert everything_about(application) == before


def test_a_later_code_that_is_refused_takes_the_listings_before_it_back() -> None:
    application = recommended()
    determination = application.determination
    model = application.models.get()
    DeterminedCode.objects.create(determination=determination, model=model, code=code(ENDED_CODE))
    before = everything_about(application)
    with pytest.raises(NotAllowed, match="K1032 ended on December 31, 2023"):
        determine(application)
    assert everything_about(application) == before


def test_a_model_that_is_listed_already_is_refused() -> None:
    first = determined(product_name="Same Product")
    second = recommended(first.created_by, product_name="same  product")
    before = everything_about(second)
    with pytest.raises(
        NotAllowed, match=r"Already listed under this code on .* or later: SO-100 \(K1007\)\. End the listing first"
    ):
        determine(second)
    assert everything_about(second) == before


def test_nobody_approves_an_own_recommendation() -> None:
    both = contractor_person(Role.REVIEWER, Role.APPROVER)
    application = recommended(reviewed_by=both)
    before = everything_about(application)
    with pytest.raises(NotAllowed, match="You recommended this determination"):
        determine(application, by=both)
    assert everything_about(application) == before


def test_the_database_refuses_it_too() -> None:
    application = recommended()
    with pytest.raises(IntegrityError, match="nobody_approves_an_own_recommendation"):
        Determination.objects.filter(application=application).update(
            approved_by=application.reviewer, approved_at=timezone.now(), letter_date=timezone.localdate(),
            begins=timezone.localdate(), published_at=timezone.now(),
        )  # fmt: skip


def test_an_approval_without_a_recommendation_is_refused_by_the_database() -> None:
    application = reviewed()
    with pytest.raises(IntegrityError, match="nobody_approves_an_own_recommendation"):
        Determination.objects.filter(application=application).update(
            approved_by=approver(), approved_at=timezone.now(), letter_date=timezone.localdate(),
            begins=timezone.localdate(), published_at=timezone.now(),
        )  # fmt: skip


def test_a_page_that_is_out_of_date_is_refused() -> None:
    application = recommended()
    before = everything_about(application)
    with pytest.raises(Stale):
        determine(application, seen_version=application.version - 1)
    assert everything_about(application) == before


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ({"begins": date(2026, 1, 1)}, "letter_date"),
        ({"letter_date": "2026-01-01"}, "letter_date"),
        ({"letter_date": date(2026, 1, 1), "status": "determined"}, "status"),
    ],
)
def test_what_must_be_given_is_named(given: dict[str, Any], name: str) -> None:
    application = recommended()
    before = everything_about(application)
    with pytest.raises(NotGiven) as refusal:
        determine(application, given=given)
    assert refusal.value.name == name
    assert everything_about(application) == before


def test_nothing_is_mailed_before_the_letter_is_written() -> None:
    application = recommended()
    before = OutgoingMail.objects.count()
    determine(application)
    assert OutgoingMail.objects.count() == before
