"""Mails go to who may act on the application now and wants them; what must reach somebody always does."""

import pytest
from django.test import Client

from accounts.models import OutgoingMail, User
from tests.factories.companies import colleague_of
from tests.factories.verification import (
    information_requested,
    manufacturer,
    submitted,
    withdrawn,
)
from verification.models import Application, Representation
from verification.queries.told import OPTIONAL, who_is_told
from verification.services.mail_preferences import choose_mails
from verification.services.represent import end_representation

pytestmark = pytest.mark.django_db


@pytest.fixture
def maker() -> User:
    return manufacturer()


@pytest.fixture
def colleague(maker: User) -> User:
    return colleague_of(maker)


def leaves(user: User) -> None:
    end_representation(representation=Representation.objects.get(user=user))


@pytest.fixture
def application(maker: User) -> Application:
    return submitted(maker)


def told(application: Application, about: str) -> set[str]:
    return {person.email for person in who_is_told(application, about)}


def test_who_began_it_is_told_and_nobody_else(application: Application, maker: User, colleague: User) -> None:
    assert told(application, "received") == told(application, "determined") == {maker.email}


def test_a_colleague_may_want_every_application(application: Application, maker: User, colleague: User) -> None:
    choose_mails(user=colleague, every_application=True, wanted=OPTIONAL)
    assert told(application, "determined") == {maker.email, colleague.email}


def test_what_somebody_does_without_is_not_sent_and_the_rest_is(application: Application, maker: User) -> None:
    choose_mails(user=maker, every_application=False, wanted=OPTIONAL.keys() - {"received"})
    assert told(application, "received") == set()
    assert told(application, "review_begun") == {maker.email}
    assert told(application, "information_requested") == {maker.email}


def test_what_must_reach_somebody_reaches_the_others_once_the_one_who_began_it_left(
    application: Application, maker: User, colleague: User
) -> None:
    leaves(maker)
    assert told(application, "determined") == {colleague.email}
    assert told(application, "received") == {colleague.email}


def test_nobody_outside_is_told(application: Application, maker: User) -> None:
    stranger = manufacturer()
    choose_mails(user=stranger, every_application=True, wanted=OPTIONAL)
    left = colleague_of(maker)
    choose_mails(user=left, every_application=True, wanted=OPTIONAL)
    leaves(left)
    shut_out = colleague_of(maker)
    choose_mails(user=shut_out, every_application=True, wanted=OPTIONAL)
    User.objects.filter(pk=shut_out.pk).update(is_active=False)
    assert told(application, "determined") == {maker.email}


def test_each_gets_a_mail_of_their_own(maker: User, colleague: User) -> None:
    choose_mails(user=colleague, every_application=True, wanted=OPTIONAL)
    application = withdrawn(maker)
    mails = OutgoingMail.objects.filter(subject=f"Your application {application.dcn} was withdrawn")
    assert sorted(mail.to for mail in mails) == sorted([[maker.email], [colleague.email]])
    assert all("/apply/mails/" in mail.text and f"/apply/{application.pk}/" in mail.html for mail in mails)


def test_every_step_that_the_applicant_may_know_of_is_mailed(maker: User) -> None:
    application = information_requested(maker)
    subjects = list(OutgoingMail.objects.filter(to=[maker.email]).order_by("pk").values_list("subject", flat=True))
    assert subjects == [
        f"We received your application {application.dcn}",
        f"The review of your application {application.dcn} has begun",
        f"Information needed for your application {application.dcn}",
    ]


def test_the_page_shows_what_was_chosen_and_saves_it(client: Client, maker: User) -> None:
    client.force_login(maker)
    page = client.get("/apply/mails/").content.decode()
    assert page.count("checked") == 1 + len(OPTIONAL)
    answer = client.post("/apply/mails/", {"whose": "every", "wanted": ["received"]}, follow=True)
    assert answer.content.decode().count("checked") == 2
    preference = maker.mail_preference
    assert preference.every_application
    assert set(preference.unwanted) == OPTIONAL.keys() - {"received"}


@pytest.mark.parametrize("data", [{}, {"whose": "nobody"}, {"whose": "own", "wanted": ["determined"]}])
def test_a_choice_that_is_none_changes_nothing(client: Client, maker: User, data: dict[str, object]) -> None:
    client.force_login(maker)
    choose_mails(user=maker, every_application=True, wanted=["received"])
    assert client.post("/apply/mails/", data).status_code == 422
    maker.mail_preference.refresh_from_db()
    assert maker.mail_preference.every_application
