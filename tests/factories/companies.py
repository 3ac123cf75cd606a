"""Companies and their people for tests, brought there through the services that people use.

colleague = colleague_of(maker)                       # invited by `maker`, and accepted
casey = representative_of(maker)                      # of another company, authorized by `maker` from today on
application = submitted(casey, behalf=organization_of(maker))
"""

import re
from datetime import date, timedelta

from django.utils import timezone

from accounts.models import OutgoingMail, User
from tests.factories.accounts import UserFactory
from tests.factories.verification import manufacturer, organization_of
from verification.models import Authorization, Capacity, Invitation
from verification.services.authorize import Terms, give_authorization
from verification.services.invite import accept_invitation, invite


def today() -> date:
    return timezone.localdate()


def in_days(days: int) -> date:
    return today() + timedelta(days=days)


def colleague_of(person: User, *, as_administrator: bool = False, **fields: str) -> User:
    """Somebody whom `person`, an administrator, invited, and who accepted."""
    colleague: User = UserFactory(**fields)
    invitation = invite(
        organization=organization_of(person), email=colleague.email, as_administrator=as_administrator, by=person
    )
    accept_invitation(invitation=invitation, by=colleague)
    return colleague


def invited(person: User, email: str = "new@firm.example", *, as_administrator: bool = False) -> Invitation:
    return invite(organization=organization_of(person), email=email, as_administrator=as_administrator, by=person)


def link_to(email: str) -> str:
    """The path in the newest invitation that went to `email`."""
    mail = OutgoingMail.objects.filter(to=[email], text__contains="/apply/invitations/").latest("id")
    found = re.search(r"(/apply/invitations/\S+)", mail.text)
    assert found
    return found[1]


def authorized(
    maker: User,
    representative: User,
    *,
    begins: date | None = None,
    until: date | None = None,
    capacity: Capacity = Capacity.REPRESENTATIVE,
    kinds: tuple[str, ...] = (),
) -> Authorization:
    """`maker` lets the company of `representative` apply for theirs; from today on, unless it is said otherwise."""
    terms = Terms(begins=begins or today(), capacity=capacity, kinds=kinds)
    authorization = give_authorization(
        manufacturer=organization_of(maker), name=organization_of(representative).name, terms=terms, by=maker
    )
    if until is not None:
        # One that ran out cannot be given any more.
        Authorization.objects.filter(pk=authorization.pk).update(until=until, begins=min(authorization.begins, until))
        authorization.refresh_from_db()
    return authorization


def representative_of(maker: User, organization: str = "", **terms: date) -> User:
    """The first person of a company that `maker` authorized."""
    person = manufacturer(organization)
    authorized(maker, person, **terms)  # type: ignore[arg-type]
    return person
