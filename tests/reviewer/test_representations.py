import pytest
from django.test import Client

from accounts.models import User
from tests.factories.verification import submitted, waiting_manufacturer
from tests.reviewer.page import text_of
from verification.queries.representation import may_act_for
from verification.services.represent import confirm_representation, end_representation

PAGE = "/review/representations/"


def test_who_waits_is_shown_longest_first(as_reese: Client) -> None:
    organization = submitted().organization
    first, _ = waiting_manufacturer(organization, name="Pat First")
    second, _ = waiting_manufacturer(organization, name="Sam Second")
    response = as_reese.get(PAGE)
    assert [asked.user for asked in response.context["waiting"]] == [first, second]
    text = text_of(response)
    assert f"Pat First {first.email} {organization.name}" in text


def test_nobody_waits(as_reese: Client) -> None:
    assert "Nobody waits" in text_of(as_reese.get(PAGE))


def test_confirming(as_reese: Client, reese: User) -> None:
    organization = submitted().organization
    person, asked = waiting_manufacturer(organization, name="Pat")
    assert not may_act_for(person, organization.pk)
    answer = as_reese.post(f"{PAGE}{asked.pk}/", {"answer": "confirm"}, follow=True)
    assert f"Pat may now act for {organization.name}." in text_of(answer)
    assert may_act_for(person, organization.pk)
    asked.refresh_from_db()
    assert asked.confirmed_by == reese


def test_refusing(as_reese: Client) -> None:
    organization = submitted().organization
    person, asked = waiting_manufacturer(organization)
    as_reese.post(f"{PAGE}{asked.pk}/", {"answer": "refuse"})
    assert not may_act_for(person, organization.pk)
    assert "Nobody waits" in text_of(as_reese.get(PAGE))


@pytest.mark.parametrize("answer", ["confirm", "refuse"])
def test_what_another_registrar_answered_stands(as_reese: Client, reese: User, answer: str) -> None:
    organization = submitted().organization
    confirmed, first = waiting_manufacturer(organization)
    refused, second = waiting_manufacturer(organization)
    confirm_representation(representation=first, by=reese)
    end_representation(representation=second)
    for asked in (first, second):
        page = as_reese.post(f"{PAGE}{asked.pk}/", {"answer": answer}, follow=True)
        assert "This request has been answered already." in text_of(page)
    assert may_act_for(confirmed, organization.pk)
    assert not may_act_for(refused, organization.pk)


@pytest.mark.parametrize("answer", ["", "maybe"])
def test_an_answer_is_one_of_two(as_reese: Client, answer: str) -> None:
    person, asked = waiting_manufacturer(submitted().organization)
    assert as_reese.post(f"{PAGE}{asked.pk}/", {"answer": answer}).status_code == 400
    assert not may_act_for(person, asked.organization_id)


def test_it_is_the_registrars_alone(as_robin: Client, as_avery: Client, as_reese: Client) -> None:
    person, asked = waiting_manufacturer(submitted().organization)
    for client in (as_robin, as_avery):
        assert client.get(PAGE).status_code == 403
        assert client.post(f"{PAGE}{asked.pk}/", {"answer": "confirm"}).status_code == 403
    assert as_reese.get(f"{PAGE}{asked.pk}/").status_code == 405
    assert as_reese.post(f"{PAGE}999999/", {"answer": "confirm"}).status_code == 404
    assert not may_act_for(person, asked.organization_id)
