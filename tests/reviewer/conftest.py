"""Clients signed in as the contractor's people."""

import pytest
from django.test import Client

from accounts.models import Role, User
from tests.applicant.pages import signed_in
from tests.factories.accounts import contractor_person


@pytest.fixture
def robin(db: None) -> User:
    return contractor_person(Role.REVIEWER, name="Robin Reviewer")


@pytest.fixture
def avery(db: None) -> User:
    return contractor_person(Role.APPROVER, name="Avery Approver")


@pytest.fixture
def reese(db: None) -> User:
    return contractor_person(Role.REGISTRAR, name="Reese Registrar")


@pytest.fixture
def as_robin(robin: User) -> Client:
    return signed_in(robin)


@pytest.fixture
def as_avery(avery: User) -> Client:
    return signed_in(avery)


@pytest.fixture
def as_reese(reese: User) -> Client:
    return signed_in(reese)
