"""What belongs to another organization is not there; who may not apply gets no page."""

import pytest
from django.test import Client

from accounts.models import User
from tests.applicant.pages import address, signed_in, words
from tests.factories.accounts import UserFactory
from tests.factories.verification import (
    STAGES,
    again,
    attached,
    complete_draft,
    determined,
    information_requested,
    manufacturer,
    reviewer,
    submitted,
    waiting_manufacturer,
)
from verification.letters.jobs import write_letter
from verification.models import Application, Letter
from verification.services.represent import confirm_representation, end_representation

SECTIONS = ("reason", "manufacturer", "distributor", "product", "questions", "documents", "signature")


def every_address(application: Application) -> list[str]:
    """Every page of an application, with a document that is really attached."""
    document = application.documents.first()
    assert document is not None
    return [
        *(address("section", application, section) for section in SECTIONS),
        *(
            address(name, application)
            for name in ("application", "submit", "withdraw", "respond", "letter", "discard", "put_back")
        ),
        *(
            address(name, application, document.pk)
            for name in ("document", "remove_document", "restore_document")
        ),
    ]  # fmt: skip


@pytest.mark.parametrize("status", STAGES)
def test_nothing_of_another_organization_is_there(client: Client, status: str) -> None:
    theirs = STAGES[status](manufacturer())
    if status == "determined":
        write_letter(letter_id=Letter.objects.get().pk)
    before = again(theirs)

    data = {"seen_version": theirs.version, "reason": "modified", "answer-1": "x", "answer-2": "x"}
    asked = [(method, url) for url in every_address(theirs) for method in ("get", "post")]
    answers = {(method, url): getattr(client, method)(url, data) for method, url in asked}

    assert {key: response.status_code for key, response in answers.items()} == dict.fromkeys(answers, 404)
    assert (again(theirs).version, again(theirs).status) == (before.version, before.status)
    assert theirs.documents.filter(removed_at=None).count() == 3


def test_a_document_is_not_reached_through_an_own_application(client: Client, maker: User) -> None:
    mine, theirs = complete_draft(maker), complete_draft(manufacturer())
    document = theirs.documents.first()
    assert document is not None

    urls = [address(name, mine, document.pk) for name in ("document", "remove_document", "restore_document")]

    assert [client.post(url).status_code for url in urls] == [404, 404, 404]
    assert client.get(urls[0]).status_code == 404


def test_a_number_beyond_all_numbers_is_not_there(client: Client) -> None:
    assert client.get(address("application", 10**30)).status_code == 404


def test_who_waits_for_confirmation_sees_nothing_of_the_organization(maker: User) -> None:
    application = submitted(maker)
    newcomer, representation = waiting_manufacturer(application.organization)
    client = signed_in(newcomer)

    home = client.get(address_of_home())
    assert client.get(application.get_absolute_url()).status_code == 404
    assert application.dcn not in words(home)
    assert f"{application.organization.name}: waiting for confirmation" in words(home)
    assert "Start an application" not in words(home)
    assert client.get("/apply/start/").url == address_of_home()

    confirm_representation(representation=representation, by=reviewer())
    assert client.get(application.get_absolute_url()).status_code == 200


def test_who_does_not_act_for_it_any_more_sees_nothing(client: Client, maker: User) -> None:
    application = submitted(maker)
    assert client.get(application.get_absolute_url()).status_code == 200

    end_representation(representation=maker.representations.get())

    assert client.get(application.get_absolute_url()).status_code == 404


def test_a_colleague_sees_the_same(maker: User) -> None:
    application = information_requested(maker)
    colleague, representation = waiting_manufacturer(application.organization)
    confirm_representation(representation=representation, by=reviewer())

    answer = signed_in(colleague).post(
        address("respond", application), {"seen_version": application.version, "answer-1": "2 kg", "answer-2": "Sent."}
    )

    assert (answer.status_code, again(application).status) == (302, "in_review")


def test_the_contractors_people_do_not_apply(maker: User) -> None:
    application = determined(maker)

    client = signed_in(reviewer())

    assert {client.get(url).status_code for url in every_address(application)} == {403}


def test_who_is_not_signed_in_is_asked_to(maker: User) -> None:
    application = complete_draft(maker)
    attached(application)

    answers = [Client().get(url) for url in [*every_address(application), "/apply/", "/apply/start/"]]

    assert {(response.status_code, response.url.split("?")[0]) for response in answers} == {(302, "/accounts/login/")}


def test_an_applicant_without_an_organization_names_one_first(db: None) -> None:
    client = signed_in(UserFactory())

    assert client.get(address_of_home()).url == "/apply/organization/"
    assert client.get("/apply/start/", follow=True).redirect_chain[-1] == ("/apply/organization/", 302)


def address_of_home() -> str:
    return "/apply/"
