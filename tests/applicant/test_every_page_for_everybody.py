"""Every page of an application at this door, for everybody who might ask for it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import Role, User
from tests.applicant.pages import signed_in
from tests.applicant.test_whose_it_is import every_address
from tests.factories.accounts import UserFactory, contractor_person
from tests.factories.companies import authorized, colleague_of, in_days, representative_of
from tests.factories.verification import (
    again,
    complete_draft,
    information_requested,
    manufacturer,
    organization_of,
    waiting_manufacturer,
)
from verification.models import Application, Authorization, Representation
from verification.services.authorize import end_authorization
from verification.services.people import end_access

STAGES = {"draft": complete_draft, "information_requested": information_requested}
MAY = {"owner", "colleague", "representative", "colleague of the representative"}


def ended(person: User, by: User) -> User:
    end_access(organization=organization_of(by), person=person, by=by)
    return person


def with_authorization(person: User, **changed: Any) -> User:
    """The same person, whose company's authorization is another one now."""
    Authorization.objects.update(**changed)
    return person


def revoked(maker: User, casey: User) -> User:
    end_authorization(authorization=Authorization.objects.get(), by=maker)
    return casey


def of_another_application(maker: User) -> User:
    other = representative_of(maker, "Other Consultants")
    complete_draft(other, behalf=organization_of(maker))
    authorized(manufacturer("Second Maker Inc."), other)
    return other


# By name, given the owner and the representative's first person.
PEOPLE: dict[str, Callable[[User, User], User]] = {
    "owner": lambda maker, _: maker,
    "colleague": lambda maker, _: colleague_of(maker),
    "representative": lambda _, casey: casey,
    "colleague of the representative": lambda _, casey: colleague_of(casey),
    "ended colleague": lambda maker, _: ended(colleague_of(maker), maker),
    "waiting colleague": lambda maker, _: waiting_manufacturer(organization_of(maker))[0],
    "ended colleague of the representative": lambda _, casey: ended(colleague_of(casey), casey),
    "representative expired yesterday": lambda _, casey: with_authorization(
        casey, begins=in_days(-9), until=in_days(-1)
    ),
    "representative revoked": revoked,
    "representative from tomorrow": lambda _, casey: with_authorization(casey, begins=in_days(1)),
    "representative not confirmed": lambda _, casey: with_authorization(casey, confirmed_at=None, confirmed_by=None),
    "distributor": lambda _, casey: with_authorization(casey, capacity="distributor"),
    "representative of another application": lambda maker, _: of_another_application(maker),
    "representative for other kinds": lambda _, casey: with_authorization(casey, kinds=["model_addition"]),
    "other company": lambda *_: manufacturer(),
    "nobody's": lambda *_: UserFactory(),
}


def asked(client: Client, application: Application) -> dict[tuple[str, str], int]:
    data = {"seen_version": "0", "reason": "modified", "answer-1": "x", "answer-2": "x"}
    answers = {}
    for url in every_address(application):
        for method in ("get", "post"):
            response = getattr(client, method)(url, data)
            if response.streaming:
                b"".join(response.streaming_content)
            answers[method, url] = response.status_code
    return answers


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("who", PEOPLE)
def test_who_may_sees_it_and_who_may_not_finds_nothing(maker: User, casey: User, who: str, stage: str) -> None:
    application = STAGES[stage](casey, behalf=organization_of(maker))
    before = again(application)
    person = PEOPLE[who](maker, casey)

    answers = asked(signed_in(person), application)

    if who in MAY:
        allowed = {key for key, status in answers.items() if status == 404}
        # A letter is not there before the determination, and what is said in A.3 is there for its application.
        assert {url.rsplit("/", 2)[1] for _, url in allowed} <= {"letter"}
    else:
        assert set(answers.values()) == {404}
        assert again(application).version == before.version
        assert application.documents.filter(removed_at=None).count() == 3


@pytest.mark.parametrize("role", Role.values)
def test_the_contractors_people_do_not_come_in_here(maker: User, casey: User, role: str) -> None:
    application = complete_draft(casey, behalf=organization_of(maker))
    person = contractor_person(Role(role))
    # Somebody who acted for the applicant before taking up the work.
    Representation.objects.create(user=person, organization=organization_of(maker), confirmed_at=application.created_at)

    assert set(asked(signed_in(person), application).values()) == {403}


def test_who_is_not_signed_in_is_asked_to(maker: User, casey: User) -> None:
    application = complete_draft(casey, behalf=organization_of(maker))
    own = f"/apply/organizations/{organization_of(maker).slug}"
    pages = [f"{own}/people/", f"{own}/authorizations/", f"{own}/authorizations/give/", *every_address(application)]

    answers = [Client().get(url) for url in pages]

    assert {(answer.status_code, answer.url.split("?")[0]) for answer in answers} == {(302, "/accounts/login/")}
