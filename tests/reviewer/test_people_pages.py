"""The administrator's pages of people and roles."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import ContractorInvitation, Role, User
from tests.factories.accounts import UserFactory, contractor_person
from tests.factories.verification import in_review, reviewer
from tests.reviewer.conftest import signed_in
from tests.reviewer.page import text_of

PEOPLE = "/review/people/"


@pytest.fixture
def ari(db: None) -> User:
    return contractor_person(Role.ADMINISTRATOR, name="Ari Administrator")


@pytest.fixture
def as_ari(ari: User) -> Client:
    return signed_in(ari)


def test_a_role_is_granted_and_revoked(as_ari: Client) -> None:
    person = UserFactory(name="Nell New")
    page = f"{PEOPLE}{person.pk}/"
    assert as_ari.post(page, {"act": "grant", "role": "approver", "reason": "Hired."}).status_code == 302
    assert set(User.objects.get(pk=person.pk).roles) == {"approver"}
    assert "Approver" in text_of(as_ari.get(PEOPLE))
    assert as_ari.post(page, {"act": "revoke", "role": "approver", "reason": "Left."}).status_code == 302
    assert set(User.objects.get(pk=person.pk).roles) == set()
    assert "Left." in text_of(as_ari.get(page))


def test_what_is_refused_is_said_and_what_was_typed_stays(as_ari: Client, ari: User) -> None:
    busy = reviewer(name="Robin Reviewer")
    application = in_review(reviewed_by=busy)
    refused = as_ari.post(f"{PEOPLE}{busy.pk}/", {"act": "deactivate", "reason": "Leaves in May."})
    assert refused.status_code == 400
    text = text_of(refused)
    assert "1 open review is assigned to Robin Reviewer" in text
    assert "Leaves in May." in text
    assert application.dcn
    assert application.dcn in text
    alone = as_ari.post(f"{PEOPLE}{ari.pk}/", {"act": "revoke", "role": "administrator", "reason": "Leaves."})
    assert (alone.status_code, "last administrator" in text_of(alone)) == (400, True)
    nothing = as_ari.post(f"{PEOPLE}{busy.pk}/", {"act": "grant", "role": "approver", "reason": ""})
    assert (nothing.status_code, "Say why" in text_of(nothing)) == (400, True)


@pytest.mark.parametrize("said", [{"act": "promote"}, {"act": "revoke", "role": "king", "reason": "x"}, {}])
def test_an_act_that_there_is_not(as_ari: Client, ari: User, said: dict[str, str]) -> None:
    assert as_ari.post(f"{PEOPLE}{ari.pk}/", said).status_code == 400


def test_somebody_is_invited_and_the_invitation_withdrawn(as_ari: Client) -> None:
    said = {"name": "Nell New", "email": "nell@contractor.example", "roles": ["reviewer"], "reason": "Hired."}
    assert as_ari.post(f"{PEOPLE}invite/", said).status_code == 302
    assert "nell@contractor.example" in text_of(as_ari.get(PEOPLE))
    invitation = ContractorInvitation.objects.get()
    as_ari.post(f"{PEOPLE}invitations/{invitation.pk}/withdraw/")
    assert "nell@contractor.example" not in text_of(as_ari.get(PEOPLE)).replace("The invitation to nell@", "")
    wrong = as_ari.post(f"{PEOPLE}invite/", {**said, "roles": ["reviewer", "auditor"]})
    assert (wrong.status_code, "goes with no other" in text_of(wrong)) == (400, True)


def test_anybody_with_an_account_is_found(as_ari: Client) -> None:
    UserFactory(name="Mo Maker", email="mo@firm.example")
    assert "Mo Maker" in text_of(as_ari.get(PEOPLE, {"q": "MO@FIRM"}))
    assert "Invite the person instead" in text_of(as_ari.get(PEOPLE, {"q": "nobody\x00here"}))


def test_an_auditor_sees_people_without_buttons(as_ari: Client, ari: User) -> None:
    client = signed_in(contractor_person(Role.AUDITOR))
    person = client.get(f"{PEOPLE}{ari.pk}/").content.decode().split("<main")[1]
    assert 'method="post"' not in person
    assert 'href="/review/people/invite/"' not in client.get(PEOPLE).content.decode()
    assert client.post(f"{PEOPLE}{ari.pk}/", {"act": "revoke"}).status_code == 403


def test_it_costs_the_same_for_one_and_for_three(as_ari: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            as_ari.get(PEOPLE)
        return len(asked)

    one = queries()
    contractor_person(Role.REVIEWER)
    contractor_person(Role.REVIEWER, Role.APPROVER)
    assert queries() == one
