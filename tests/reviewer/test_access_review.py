"""The access review: who may do what, its filters and its file, and the record that somebody looked."""

import csv
import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import AccountEvent, Role, User
from accounts.services.api_keys import create_api_key
from tests.factories.accounts import UserFactory, contractor_person
from tests.factories.verification import manufacturer
from tests.reviewer.conftest import signed_in
from tests.reviewer.page import text_of

ACCESS = "/review/access/"
NOW = datetime(2026, 6, 1, 16, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _now() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def ari(db: None) -> User:
    return contractor_person(Role.ADMINISTRATOR, name="Ari Administrator")


@pytest.fixture
def as_ari(ari: User) -> Client:
    return signed_in(ari)


def seen(person: User, days_ago: int) -> User:
    User.objects.filter(pk=person.pk).update(last_seen_at=NOW - timedelta(days=days_ago))
    return person


def names(client: Client, **asked: str) -> list[str]:
    return [row["name"] for row in client.get(ACCESS, asked).context["rows"]]


@pytest.fixture
def everybody(ari: User) -> None:
    both = contractor_person(Role.REVIEWER, Role.APPROVER, name="Bo Both")
    seen(both, 90)
    Authenticator.objects.create(user=both, type="totp", data={})
    Authenticator.objects.create(user=both, type="recovery_codes", data={})
    long_ago = seen(contractor_person(Role.REGISTRAR, name="Lee Longago"), 91)
    Authenticator.objects.create(user=long_ago, type="recovery_codes", data={})
    contractor_person(Role.REVIEWER, name="Gone", is_active=False)
    maker = seen(manufacturer("Stride Robotics", name="Mo Maker"), 1)
    create_api_key(user=maker, name="Mirror")


@pytest.mark.usefixtures("everybody")
def test_each_filter_finds_exactly_those(as_ari: Client) -> None:
    assert names(as_ari) == ["Ari Administrator", "Bo Both", "Lee Longago"]
    assert names(as_ari, mark="no_second_factor") == ["Ari Administrator", "Lee Longago"]
    assert names(as_ari, mark="unseen") == ["Lee Longago"]
    assert names(as_ari, mark="several_roles") == ["Bo Both"]
    assert names(as_ari, who="applicants") == ["Mo Maker"]
    assert names(as_ari, who="all", mark="no_second_factor") == ["Ari Administrator", "Lee Longago", "Mo Maker"]
    counts = {label: number for label, number, _ in as_ari.get(ACCESS).context["counts"]}
    assert counts == {"Without a second factor": 2, "Not seen for long": 1, "With several roles": 1}


@pytest.mark.usefixtures("everybody")
def test_a_row_says_what_the_person_reaches(as_ari: Client) -> None:
    maker = as_ari.get(ACCESS, {"who": "applicants"}).context["rows"][0]
    assert (maker["roles"], maker["organizations"], maker["second_factors"], maker["api_keys"]) == (
        [],
        ["Stride Robotics"],
        [],
        1,
    )
    both = as_ari.get(ACCESS, {"mark": "several_roles"}).context["rows"][0]
    assert (both["roles"], both["second_factors"], both["roles_since"]) == (
        ["Approver", "Reviewer"],
        ["Code from an app"],
        NOW,
    )


@pytest.mark.usefixtures("everybody")
def test_the_file_is_the_same_list_and_that_it_was_taken_is_logged(as_ari: Client, ari: User) -> None:
    User.objects.filter(name="Mo Maker").update(name="=Mo Maker")
    response = as_ari.get("/review/access.csv", {"who": "applicants"})
    rows = list(csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode())))  # type: ignore[attr-defined]
    assert [(row["name"], row["organizations"], row["api_keys"], row["second_factors"]) for row in rows] == [
        ("'=Mo Maker", "Stride Robotics", "1", "")
    ]
    event = AccountEvent.objects.get(kind="exported")
    assert (event.by, event.about["asked"]) == (ari, {"who": "applicants", "mark": ""})


@pytest.mark.usefixtures("everybody")
def test_that_it_was_reviewed_is_kept(as_ari: Client, ari: User) -> None:
    as_ari.post(ACCESS, {"note": "One account closed."})
    event = AccountEvent.objects.get(kind="access_reviewed")
    assert (event.by, event.reason, event.about["counts"]["all"]) == (ari, "One account closed.", 3)
    page = text_of(as_ari.get(ACCESS))
    assert "Reviewed by Ari Administrator" in page
    assert "One account closed." in page


def test_an_auditor_looks_and_does_not_say_that_it_was_reviewed(db: None) -> None:
    client = signed_in(contractor_person(Role.AUDITOR))
    assert "I reviewed who may do what" not in text_of(client.get(ACCESS))
    assert client.post(ACCESS, {"note": ""}).status_code == 403


def test_a_list_of_nobody_says_so(as_ari: Client) -> None:
    assert "Nobody is among them" in text_of(as_ari.get(ACCESS, {"who": "applicants"}))


@pytest.mark.parametrize("asked", [{"who": "enemies"}, {"mark": "tall"}, {"cursor": "abc"}])
def test_what_cannot_be_asked_is_refused(as_ari: Client, asked: dict[str, str]) -> None:
    assert as_ari.get(ACCESS, asked).status_code == 400


def test_it_costs_the_same_for_one_and_for_three(as_ari: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            as_ari.get(ACCESS, {"who": "applicants"})
        return len(asked)

    UserFactory()
    one = queries()
    manufacturer("Second")
    manufacturer("Third")
    assert queries() == one
