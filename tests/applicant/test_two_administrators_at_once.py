"""Two people at the same moment, each in a connection of their own: one wins, the other is told."""

from collections.abc import Callable

import pytest

from accounts.models import Role
from tests.factories.accounts import UserFactory, contractor_person
from tests.factories.companies import authorized, colleague_of, invited
from tests.factories.verification import manufacturer, organization_of, waiting_manufacturer
from tests.together import together
from verification.models import Authorization, Representation
from verification.queries.representation import administrators_of, may_act_for
from verification.services.authorize import end_authorization
from verification.services.invite import accept_invitation, invite, take_back_invitation
from verification.services.people import end_access, make_ordinary
from verification.services.represent import confirm_representation, refuse_representation

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: Callable[[], object]) -> list[str]:
    """Start all of them together; answers "done", or why not, of each, sorted."""
    return sorted("done" if refusal is None else str(refusal) for refusal in together(*acts))


def test_two_administrators_end_each_other() -> None:
    one = manufacturer("Stride Robotics")
    other = colleague_of(one, as_administrator=True)
    organization = organization_of(one)

    answers = at_once(
        lambda: end_access(organization=organization, person=other, by=one),
        lambda: end_access(organization=organization, person=one, by=other),
    )

    assert answers == ["Only an administrator of Stride Robotics can do this.", "done"]
    assert administrators_of(organization).count() == 1


def test_the_last_two_administrators_give_it_up() -> None:
    one = manufacturer("Stride Robotics")
    other = colleague_of(one, as_administrator=True)
    organization = organization_of(one)

    answers = at_once(
        lambda: make_ordinary(organization=organization, person=one, by=one),
        lambda: end_access(organization=organization, person=other, by=other),
    )

    assert [answer == "done" for answer in answers] == [False, True]
    assert administrators_of(organization).count() == 1


def test_an_administrator_and_the_contractor_answer() -> None:
    maker, registrar = manufacturer("Stride Robotics"), contractor_person(Role.REGISTRAR)
    newcomer, asked = waiting_manufacturer(organization_of(maker))

    answers = at_once(
        lambda: confirm_representation(representation=asked, by=maker),
        lambda: refuse_representation(representation=asked, by=registrar),
    )

    assert answers == ["This request has been answered already.", "done"]
    asked.refresh_from_db()
    assert (asked.confirmed_at is None) is (asked.refused_by == registrar)
    assert may_act_for(newcomer, organization_of(maker).pk) is (asked.confirmed_at is not None)


def test_an_invitation_is_accepted_while_it_is_taken_back() -> None:
    maker, newcomer = manufacturer("Stride Robotics"), UserFactory(email="new@firm.example")
    invitation = invited(maker)

    answers = at_once(
        lambda: accept_invitation(invitation=invitation, by=newcomer),
        lambda: take_back_invitation(invitation=invitation, by=maker),
    )

    assert [answer == "done" for answer in answers].count(True) == 1
    invitation.refresh_from_db()
    assert may_act_for(newcomer, organization_of(maker).pk) is (invitation.accepted_at is not None)


def test_a_double_click_accepts_once() -> None:
    maker, newcomer = manufacturer("Stride Robotics"), UserFactory(email="new@firm.example")
    invitation = invited(maker)

    accepting = [lambda: accept_invitation(invitation=invitation, by=newcomer)] * 4

    assert at_once(*accepting) == ["done"] * 4
    assert Representation.objects.filter(user=newcomer).count() == 1


def test_two_administrators_invite_the_same_person() -> None:
    one = manufacturer("Stride Robotics")
    other = colleague_of(one, as_administrator=True)
    organization = organization_of(one)

    answers = at_once(
        *(
            lambda by=by: invite(organization=organization, email="new@firm.example", as_administrator=False, by=by)  # type: ignore[misc]
            for by in (one, other)
        )
    )

    assert [answer.split(".")[0] for answer in answers] == ["done", "new@firm"]


def test_an_authorization_ends_once() -> None:
    maker, casey = manufacturer("Stride Robotics"), manufacturer("Clearpath Consulting")
    authorization = authorized(maker, casey)

    answers = at_once(*(lambda by=by: end_authorization(authorization=authorization, by=by) for by in (maker, casey)))  # type: ignore[misc]

    assert answers == ["This has ended already.", "done"]
    assert (
        Authorization.objects.get().log.filter(what__in=("authorization_revoked", "authorization_given_up")).count()
        == 1
    )
