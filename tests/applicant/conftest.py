import pytest
from django.test import Client

from accounts.models import User
from tests.applicant.pages import signed_in
from tests.factories.verification import manufacturer


@pytest.fixture
def maker(db: None) -> User:
    return manufacturer("Stride Robotics")


@pytest.fixture
def client(maker: User) -> Client:
    """Signed in as `maker`."""
    return signed_in(maker)
