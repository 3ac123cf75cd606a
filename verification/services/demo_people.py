"""The people of the demonstration register. They exist in demo mode only."""

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction

from accounts.demo import DEMO_PEOPLE, DemoPerson
from accounts.models import Role, RoleAssignment, User
from verification.models import Representation
from verification.services.represent import name_organization

DEMO_ORGANIZATION = "Stride Robotics"


@transaction.atomic
def ensure_demo_people() -> None:
    """Create whoever of the demo people is missing. Raises ImproperlyConfigured outside demo mode."""
    if not settings.DEMO:
        raise ImproperlyConfigured("Demo people exist in demo mode only.")
    for person in DEMO_PEOPLE:
        user = User.objects.filter(email=person.email).first() or _create(person)
        if person.role in Role.values:
            RoleAssignment.objects.get_or_create(user=user, role=person.role, revoked_at=None)
        elif not Representation.objects.filter(user=user).exists():
            name_organization(user=user, name=DEMO_ORGANIZATION)


def _create(person: DemoPerson) -> User:
    is_administrator = person.role == Role.ADMINISTRATOR
    user = User.objects.create_user(
        person.email, person.password, name=person.name, is_staff=is_administrator, is_superuser=is_administrator
    )
    EmailAddress.objects.create(user=user, email=person.email, verified=True, primary=True)
    return user


def demo_sign_ins() -> tuple[DemoPerson, ...]:
    """Role, name, e-mail address and password of each, for the banner of `make run`."""
    return DEMO_PEOPLE if settings.DEMO else ()
