"""Roles and accounts change at /review/people/ only: with a reason, a mail and a row in the log."""

import pytest
from django.test import Client

from accounts.models import Role, User
from tests.factories.accounts import contractor_person

pytestmark = pytest.mark.django_db


def test_the_reference_data_shows_them_and_changes_none(client: Client) -> None:
    ari, robin = contractor_person(Role.ADMINISTRATOR), contractor_person(Role.REVIEWER)
    User.objects.filter(pk=ari.pk).update(is_superuser=True)
    client.force_login(User.objects.get(pk=ari.pk))
    page = f"/admin/accounts/user/{robin.pk}/change/"
    assert "Reviewer" in client.get(page).content.decode()
    forms = {"role_assignments-TOTAL_FORMS": "2", "role_assignments-INITIAL_FORMS": "1"}
    assignment = robin.role_assignments.get()
    said = {
        "email": robin.email,
        "name": "Robin Renamed",
        "is_superuser": "on",
        "is_staff": "on",
        **forms,
        "role_assignments-0-id": str(assignment.pk),
        "role_assignments-0-user": str(robin.pk),
        "role_assignments-0-revoked_at_0": "2026-01-01",
        "role_assignments-0-revoked_at_1": "00:00",
        "role_assignments-1-user": str(robin.pk),
        "role_assignments-1-role": "administrator",
    }
    client.post(page, said)
    robin = User.objects.get(pk=robin.pk)
    assert (robin.name, robin.is_active, robin.is_staff, robin.is_superuser) == ("Robin Renamed", True, False, False)
    assert set(robin.roles) == {"reviewer"}
