import pytest
from django.test import Client

from accounts.models import User
from tests.applicant.pages import signed_in
from tests.factories.companies import representative_of
from tests.factories.verification import manufacturer, organization_of, submitted
from verification.models import Application


@pytest.fixture
def maker(db: None) -> User:
    return manufacturer("Stride Robotics")


@pytest.fixture
def client(maker: User) -> Client:
    """Signed in as `maker`."""
    return signed_in(maker)


@pytest.fixture
def casey(maker: User) -> User:
    """Of a consultant, which the maker authorized today."""
    return representative_of(maker, "Clearpath Consulting")


@pytest.fixture
def made(maker: User, casey: User) -> Application:
    """What casey submitted for the maker."""
    return submitted(casey, behalf=organization_of(maker))
