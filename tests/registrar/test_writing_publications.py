"""What a registrar sees while writing; what the public sees is in tests/pcl/test_publications.py."""

from datetime import date
from typing import Any

import pytest
import time_machine
from django.test import Client

from accounts.models import User
from pcl.models import Publication
from tests.factories.register import make_code, make_publication
from tests.pcl.test_public_pages import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_in_november")]
NEW = "/review/publications/new/"
EDIT = "/review/publications/a-publication/edit/"


@pytest.fixture
def _in_november() -> Any:
    with time_machine.travel("2026-11-21 15:00Z"):
        yield


def typed(**fields: str) -> dict[str, str]:
    return {
        "title": "Knee Braces",
        "slug": "",
        "publishers": "DME MACs\r\n\r\n PDAC ",
        "posted": "2024-05-30",
        "status": "current",
        "codes": "l1843, L1851",
        "body": "The text.",
        "citations": "42 CFR 414.234",
        "description": "Originally Published",
        **fields,
    }


def revision(**fields: str) -> dict[str, str]:
    given = {"changed_on": "2026-11-20", "seen_version": "1", "description": "Changed", "posted": "2023-12-28"}
    return typed(**(given | {"codes": ""} | fields))


def words(response: Any) -> str:
    return text_of(response.content).replace("&#x27;", "'").replace("&quot;", '"')


def test_what_is_typed_is_published(as_reese: Client, reese: User) -> None:
    make_code("L1843")
    make_code("L1851")

    response = as_reese.post(NEW, typed(publish="1"))

    publication = Publication.objects.get()
    assert response["Location"] == "/publications/knee-braces/"
    assert (publication.title, publication.publishers) == ("Knee Braces", ["DME MACs", "PDAC"])
    assert (publication.citations, publication.posted) == (["42 CFR 414.234"], date(2024, 5, 30))
    assert sorted(publication.codes.values_list("code", flat=True)) == ["L1843", "L1851"]
    assert publication.history.get().by == reese


@pytest.mark.parametrize("address", [NEW, EDIT])
def test_a_preview_saves_nothing_and_loses_nothing(as_reese: Client, address: str) -> None:
    make_publication()
    before = list(Publication.objects.values_list())
    body = "# Seen\n\n<script>alert(1)</script>\n\n**bold** " + "ש" * 3

    response = as_reese.post(address, revision(preview="1", body=body, posted="never", title=""))

    html = response.content.decode()
    assert response.status_code == 200
    assert "<h2>Seen</h2>" in html
    assert "<strong>bold</strong> ששש" in html
    assert "<script>alert(1)" not in html
    assert ('value="never"' in html, "data-unsaved" in html) == (True, True)
    assert list(Publication.objects.values_list()) == before


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"codes": "L1843 Z9999 K10O7"}, "Z9999, K10O7 are no codes of the catalogue."),
        ({"posted": "2024-02-30"}, "“2024-02-30” is not a date that exists."),
        ({"posted": "2026-12-01"}, "The day of posting, December 1, 2026, is still to come."),
        ({"title": " \u200b"}, "Title: This field is required."),
        ({"publishers": "x" * 121}, "Line 1 has 121 characters; at most 120 can be kept."),
        ({"status": "valid"}, "Select a valid choice."),
        ({"body": "x" * 200_001}, "at most 200000 characters"),
        ({"slug": "a-publication"}, "has the address “a-publication” already"),
        ({"slug": "a b"}, "letters, numbers, underscores or hyphens"),
    ],
)
def test_a_mistake_is_said_and_nothing_typed_is_lost(as_reese: Client, fields: dict[str, str], why: str) -> None:
    make_code("L1843")
    make_code("L1851")
    make_publication()

    response = as_reese.post(NEW, typed(publish="1", citations="Typed with care", **fields))

    assert response.status_code in {409, 422}
    assert why in words(response)
    assert "Typed with care" in response.content.decode()
    assert Publication.objects.count() == 1


def test_two_at_once_the_second_sees_what_the_first_did_and_loses_nothing(as_reese: Client) -> None:
    make_publication(body="One two three four five six.")
    first = as_reese.post(EDIT, revision(body="One two three four five seven.", description="By the first"))

    second = as_reese.post(EDIT, revision(body="The text of the second.", description="By the second"))

    assert (first.status_code, second.status_code) == (302, 409)
    html = second.content.decode()
    told = words(second)
    assert "Somebody else has revised this publication since you opened it." in told
    assert "By the first (by Reese Registrar)" in told
    assert "[removed: six]" in told
    assert "[added: seven]" in told
    assert "The text of the second.</textarea>" in html
    assert Publication.objects.get().body == "One two three four five seven."
    assert 'name="seen_version" value="2"' in html

    again = as_reese.post(EDIT, revision(body="Both.", description="By the second", seen_version="2"))
    assert (again.status_code, Publication.objects.get().body) == (302, "Both.")


def test_a_linked_code_stays_bound_to_its_meaning(as_reese: Client) -> None:
    publication = make_publication()
    old = make_code("Q2040", added=date(2010, 1, 1), terminated=date(2015, 12, 31))
    make_code("Q2040", added=date(2018, 1, 1))
    publication.codes.set([old])

    as_reese.post(EDIT, revision(codes="Q2040"))

    assert [code.pk for code in publication.codes.all()] == [old.pk]


def test_the_form_begins_with_what_is_published(as_reese: Client) -> None:
    publication = make_publication(citations=["42 CFR 414.234"])
    publication.codes.set([make_code("L1843")])
    html = as_reese.get(EDIT).content.decode()

    assert "*A summary.*</textarea>" in html
    assert "DME MACs\nPDAC</textarea>" in html
    assert 'value="L1843"' in html
    assert 'name="seen_version" value="1"' in html
    assert as_reese.get("/review/publications/nothing/edit/").status_code == 404


def test_the_list_leads_to_each(as_reese: Client, client: Client) -> None:
    make_publication()

    html = as_reese.get("/review/publications/").content.decode()

    assert 'href="/review/publications/a-publication/edit/"' in html
    assert as_reese.get("/review/publications/?status=x").status_code == 400
    assert client.get("/review/publications/")["Location"].startswith("/accounts/login/")
