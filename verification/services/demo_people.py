"""The people of the demonstration register. They exist in demo mode only."""

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.utils import timezone

from accounts.demo import DEMO_COLLEAGUES, DEMO_PEOPLE, DemoPerson
from accounts.models import Role, RoleAssignment, User
from verification.models import Authorization, Representation
from verification.queries.representation import administered_by
from verification.services.authorize import Terms, give_authorization
from verification.services.represent import name_organization

DEMO_ORGANIZATION = "Stride Robotics"
DEMO_REPRESENTATIVE = "Clearpath Regulatory Consulting"
ORGANIZATIONS = {"manufacturer": DEMO_ORGANIZATION, "representative": DEMO_REPRESENTATIVE}


@transaction.atomic
def ensure_demo_people() -> None:
    """Create whoever of the demo people is missing. Raises ImproperlyConfigured outside demo mode."""
    if not settings.DEMO:
        raise ImproperlyConfigured("Demo people exist in demo mode only.")
    for person in (*DEMO_PEOPLE, *DEMO_COLLEAGUES):
        user = User.objects.filter(email=person.email).first() or _create(person)
        if person.role in Role.values:
            RoleAssignment.objects.get_or_create(user=user, role=person.role, revoked_at=None)
        elif not Representation.objects.filter(user=user).exists():
            name_organization(user=user, name=ORGANIZATIONS[person.role])
    _ensure_authorization()


def _ensure_authorization() -> None:
    """The consultant may apply for the demo manufacturer, until somebody who tries things out ends it."""
    people = {person.role: User.objects.get(email=person.email) for person in DEMO_PEOPLE}
    maker = administered_by(people["manufacturer"]).filter(name=DEMO_ORGANIZATION).first()
    if maker is None or Authorization.objects.filter(manufacturer=maker).exists():
        return
    if administered_by(people["representative"]).filter(name=DEMO_REPRESENTATIVE).exists():
        terms = Terms(begins=timezone.localdate())
        give_authorization(manufacturer=maker, name=DEMO_REPRESENTATIVE, terms=terms, by=people["manufacturer"])


def _create(person: DemoPerson) -> User:
    is_administrator = person.role == Role.ADMINISTRATOR
    user = User.objects.create_user(
        person.email, person.password, name=person.name, is_staff=is_administrator, is_superuser=is_administrator
    )
    EmailAddress.objects.create(user=user, email=person.email, verified=True, primary=True)
    return user


def demo_sign_ins() -> tuple[DemoPerson, ...]:
    """Role, name, e-mail address and password of each, for the banner of `make run`."""
    return (*DEMO_PEOPLE, *DEMO_COLLEAGUES) if settings.DEMO else ()
