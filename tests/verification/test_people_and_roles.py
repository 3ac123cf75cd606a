"""Who gets a role and who loses it: what is refused, what is logged, and who is told."""

from typing import Any

import pytest
from allauth.account.models import EmailAddress

from accounts.models import AccountEvent, EventKind, OutgoingMail, Role, RoleAssignment, User
from accounts.services.roles import RoleRefused, deactivate, grant_role, reactivate, revoke_role
from pcl.errors import RegisterError
from tests.factories.accounts import UserFactory, contractor_person
from tests.factories.register import some_organization
from tests.factories.verification import in_review, manufacturer, rejected, reviewer, waiting_manufacturer
from verification.services.represent import end_representation, name_organization

pytestmark = pytest.mark.django_db


@pytest.fixture
def ari() -> User:
    return contractor_person(Role.ADMINISTRATOR, name="Ari Administrator")


def roles_of(user: User) -> set[str]:
    return set(User.objects.get(pk=user.pk).roles)


def events() -> list[tuple[str, Any, Any, str, str]]:
    """All but sign-ins, oldest first."""
    return [
        (each.kind, each.by, each.person, each.about.get("role", ""), each.reason)
        for each in AccountEvent.objects.exclude(kind=EventKind.SIGNED_IN).order_by("id")
    ]


def mails() -> list[tuple[list[str], str]]:
    return [(mail.to, mail.subject) for mail in OutgoingMail.objects.order_by("id")]


def test_a_role_is_granted_logged_and_told(ari: User) -> None:
    person = UserFactory()
    grant_role(user=person, role=Role.REVIEWER, reason=" Hired on Monday. ", by=ari)
    assert roles_of(person) == {"reviewer"}
    assert events() == [("role_granted", ari, person, "reviewer", "Hired on Monday.")]
    assert mails() == [([person.email], "You were given a role in the PCL Registry")]
    assert "Hired on Monday" not in OutgoingMail.objects.get().text
    assert "a reviewer" in OutgoingMail.objects.get().text


def test_nobody_grants_a_role_to_themselves(ari: User) -> None:
    with pytest.raises(RoleRefused, match="Ask another administrator"):
        grant_role(user=ari, role=Role.APPROVER, reason="I can do it.", by=ari)
    assert roles_of(ari) == {"administrator"}
    assert events() == []


def test_a_reason_must_be_said(ari: User) -> None:
    with pytest.raises(RoleRefused, match="Say why"):
        grant_role(user=UserFactory(), role=Role.APPROVER, reason="  ", by=ari)


def test_whoever_acts_for_an_applicant_gets_no_role_until_that_ends(ari: User) -> None:
    maker = manufacturer("Stride Robotics")
    with pytest.raises(RoleRefused, match="acts for Stride Robotics"):
        grant_role(user=maker, role=Role.REVIEWER, reason="Hired.", by=ari)
    asking, asked = waiting_manufacturer(some_organization("Known Maker"))
    with pytest.raises(RoleRefused, match="Known Maker"):
        grant_role(user=asking, role=Role.REVIEWER, reason="Hired.", by=ari)
    end_representation(representation=asked)
    grant_role(user=asking, role=Role.REVIEWER, reason="Hired.", by=ari)
    assert roles_of(asking) == {"reviewer"}
    with pytest.raises(RegisterError, match="You work for the contractor"):
        name_organization(user=User.objects.get(pk=asking.pk), name="Some Maker")


def test_an_auditor_holds_no_other_role(ari: User) -> None:
    auditor, registrar = contractor_person(Role.AUDITOR), contractor_person(Role.REGISTRAR)
    with pytest.raises(RoleRefused, match="goes with no other"):
        grant_role(user=auditor, role=Role.REVIEWER, reason="Both.", by=ari)
    with pytest.raises(RoleRefused, match="goes with no other"):
        grant_role(user=registrar, role=Role.AUDITOR, reason="Both.", by=ari)


def test_the_last_administrator_stays(ari: User) -> None:
    gone = contractor_person(Role.ADMINISTRATOR, is_active=False)
    with pytest.raises(RoleRefused, match="last administrator"):
        revoke_role(user=ari, role=Role.ADMINISTRATOR, reason="Leaves.", by=ari)
    assert not gone.is_active
    other = contractor_person(Role.ADMINISTRATOR)
    revoke_role(user=ari, role=Role.ADMINISTRATOR, reason="Leaves.", by=other)
    assert roles_of(ari) == set()
    assert not User.objects.get(pk=ari.pk).is_staff
    with pytest.raises(RoleRefused, match="last administrator"):
        deactivate(user=other, reason="Leaves.", by=ari)
    assert roles_of(other) == {"administrator"}


def test_the_reference_data_opens_and_closes_with_the_role(ari: User) -> None:
    person = UserFactory()
    grant_role(user=person, role=Role.ADMINISTRATOR, reason="Deputy.", by=ari)
    person.refresh_from_db()
    assert (person.is_staff, person.is_superuser) == (True, True)
    revoke_role(user=person, role=Role.ADMINISTRATOR, reason="No longer.", by=ari)
    person.refresh_from_db()
    assert (person.is_staff, person.is_superuser) == (False, False)


def test_open_reviews_are_given_to_somebody_else_first(ari: User) -> None:
    busy, idle = reviewer(), reviewer()
    in_review(reviewed_by=busy)
    rejected()
    with pytest.raises(RoleRefused, match="1 open review is assigned"):
        revoke_role(user=busy, role=Role.REVIEWER, reason="Leaves.", by=ari)
    with pytest.raises(RoleRefused, match="1 open review is assigned"):
        deactivate(user=busy, reason="Leaves.", by=ari)
    assert User.objects.get(pk=busy.pk).is_active
    deactivate(user=idle, reason="Leaves.", by=ari)
    assert roles_of(busy) == {"reviewer"}


def test_a_closed_account_has_no_role_when_it_opens_again(ari: User) -> None:
    person = contractor_person(Role.REGISTRAR, Role.APPROVER)
    deactivate(user=person, reason="On leave.", by=ari)
    person.refresh_from_db()
    assert not person.is_active
    assert not RoleAssignment.objects.filter(user=person, revoked_at=None).exists()
    with pytest.raises(RoleRefused, match="Reactivate it first"):
        grant_role(user=person, role=Role.APPROVER, reason="Back.", by=ari)
    reactivate(user=person, reason="Back.", by=ari)
    assert (User.objects.get(pk=person.pk).is_active, roles_of(person)) == (True, set())
    assert [event[0] for event in events()] == ["role_revoked", "role_revoked", "deactivated", "reactivated"]
    assert [subject for _, subject in mails()] == [
        "Your account at the PCL Registry was closed",
        "Your account at the PCL Registry is open again",
    ]


def test_what_is_logged_of_accounts_stands(ari: User) -> None:
    grant_role(user=UserFactory(), role=Role.REVIEWER, reason="Hired.", by=ari)
    with pytest.raises(Exception, match="Cannot update or delete"):
        AccountEvent.objects.all().delete()


def test_no_address_is_confirmed_by_a_role(ari: User) -> None:
    person = UserFactory(confirmed_address=False)
    grant_role(user=person, role=Role.REVIEWER, reason="Hired.", by=ari)
    assert not EmailAddress.objects.get(user=person).verified
