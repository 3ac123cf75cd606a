"""Publications: posted, revised, read as they were, and followed."""

import xml.etree.ElementTree as ET
from datetime import date
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.test import Client

from pcl.errors import ChangedMeanwhileError, RegisterError
from pcl.models import Publication, PublicationVersion
from pcl.public.markdown import as_html
from pcl.services.publications import PublicationSaid, post_publication, revise_publication
from tests.factories.accounts import UserFactory
from tests.factories.register import make_code, make_publication
from tests.pcl.test_public_pages import page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_in_november")]
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def _in_november() -> Any:
    with time_machine.travel("2026-11-21 15:00Z"):
        yield


def said(**fields: Any) -> PublicationSaid:
    given = {
        "title": "Knee Braces - Correct Coding",
        "publishers": ["DME MACs", "PDAC"],
        "posted": date(2024, 5, 30),
        "status": "current",
        "body": "The first text.",
    }
    return PublicationSaid(**(given | fields))


def post(**fields: Any) -> Publication:
    return post_publication(said=said(**fields), description="Originally Published", by=None)


def revise(publication: Publication, *, seen: int = 1, day: date = date(2025, 1, 2), **fields: Any) -> Publication:
    description = fields.pop("description", "Text clarified")
    given = {"status": "revised", "body": "The second text.", **fields}
    return revise_publication(
        publication=publication, seen_version=seen, said=said(**given), changed_on=day, description=description, by=None
    )


def test_a_new_one_has_an_address_and_a_first_row_of_history(client: Client) -> None:
    code = make_code("L1843")
    publication = post(codes=[code], citations=["42 CFR 414.234"])

    assert (publication.slug, publication.version) == ("knee-braces-correct-coding", 1)
    assert list(publication.history.values_list("changed_on", "description", "version")) == [
        (date(2024, 5, 30), "Originally Published", 1)
    ]
    words = page(client, "/publications/knee-braces-correct-coding/")
    assert "The first text." in words
    assert "May 30, 2024 Originally Published Version 1, as above" in words
    assert "It applies as it was first posted, corrections of wording aside." in words
    assert "42 CFR 414.234" in words
    assert "Knee Braces - Correct Coding" in page(client, "/codes/L1843/")


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Knee Braces - Correct Coding", "knee-braces-correct-coding-2"),
        ("أجهزة تقويم الركبة", "publication-of-2024-05-30"),
        ("🦿🦿", "publication-of-2024-05-30"),
        ("x" * 300, "x" * 140),
    ],
)
def test_a_title_of_any_letters_has_an_address_of_its_own(client: Client, title: str, slug: str) -> None:
    post()

    made = post(title=title)

    assert made.slug == slug
    assert title in page(client, f"/publications/{slug}/")
    assert title in page(client, "/publications/")


def test_an_address_that_is_taken_is_refused() -> None:
    make_publication("taken")

    with pytest.raises(RegisterError, match="has the address “taken” already"):
        post_publication(said=said(), slug="taken", description="x", by=None)


def test_a_revision_keeps_what_was_said_before(client: Client) -> None:
    publication = post(codes=[make_code("L1843")])

    revise(publication, codes=[make_code("L1851")], title="Knee Braces, Revised")

    words = page(client, "/publications/knee-braces-correct-coding/")
    assert "The second text." in words
    assert "The first text." not in words
    assert "May 30, 2024 Originally Published Version 1 January 2, 2025 Text clarified Version 2, as above" in words
    before = page(client, "/publications/knee-braces-correct-coding/versions/1/")
    assert "This is not what the publication says today This is version 1, of May 30, 2024." in before
    assert ("The first text." in before, "The second text." in before) == (True, False)
    assert ("L1843" in before, "L1851" in before) == (True, False)
    assert (
        client.get("/publications/knee-braces-correct-coding/versions/2/")["Location"] == publication.get_absolute_url()
    )
    assert client.get("/publications/knee-braces-correct-coding/versions/3/").status_code == 404
    assert client.get("/publications/knee-braces-correct-coding/versions/99999999999999999999/").status_code == 404


def test_history_that_came_along_belongs_to_the_first_text(client: Client) -> None:
    publication = make_publication(body="The first text.")
    publication.history.create(changed_on=date(2010, 1, 1), description="Long ago")
    publication.history.create(changed_on=date(2023, 12, 28), description="As it came")

    revise(publication, posted=date(2023, 12, 28))

    words = page(client, "/publications/a-publication/")
    assert "Long ago not kept here December 28, 2023 As it came Version 1 January 2, 2025" in words


def test_what_was_said_before_cannot_be_altered() -> None:
    revise(post())

    with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
        PublicationVersion.objects.update(body="Another")


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"day": date(2024, 5, 29)}, "The date of change, May 29, 2024, lies before May 30, 2024"),
        ({"day": date(2026, 11, 22)}, "The date of change, November 22, 2026, is still to come"),
        ({"posted": date(2026, 12, 1)}, "The day of posting, December 1, 2026, is still to come"),
        ({"posted": date(1850, 12, 1)}, "1850-12-01 is not a plausible date"),
        ({"day": date(2024, 5, 30), "description": "Originally Published"}, "The history has “Originally Published”"),
        ({"body": "The first text.", "status": "current"}, "Nothing is different from what is published"),
    ],
)
def test_a_revision_that_cannot_be_changes_nothing(fields: dict[str, Any], why: str) -> None:
    publication = post()

    with pytest.raises(RegisterError) as refused:
        revise(publication, **fields)

    assert why in str(refused.value)
    publication.refresh_from_db()
    assert (publication.body, publication.version) == ("The first text.", 1)
    assert (publication.history.count(), PublicationVersion.objects.count()) == (1, 0)


def test_the_second_of_two_is_told() -> None:
    publication = post()
    revise(publication)

    with pytest.raises(ChangedMeanwhileError, match="Somebody else has revised this publication"):
        revise(publication, body="The text of the second.", description="Another")

    publication.refresh_from_db()
    assert (publication.body, publication.version) == ("The second text.", 2)


def test_a_retired_one_says_so(client: Client) -> None:
    post(status="retired")

    assert "Retired It no longer applies." in page(client, "/publications/knee-braces-correct-coding/")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["new", "old"]),
        ("status=current", ["new"]),
        ("status=retired", ["old"]),
        ("code=l1843", ["old"]),
        ("code=L1843&status=current", []),
    ],
)
def test_publications_are_narrowed_alike_on_the_page_and_in_the_api(
    client: Client, query: str, found: list[str]
) -> None:
    make_publication("new", title="Title new")
    old = make_publication("old", title="Title old", posted=date(2020, 1, 1), status="retired")
    old.codes.set([make_code("L1843"), make_code("L1843", added=date(1990, 1, 1), terminated=date(1999, 1, 1))])

    assert [row["slug"] for row in client.get(f"/api/v1/publications/?{query}").json()["results"]] == found
    html = client.get(f"/publications/?{query}").content.decode()
    assert [slug for slug in ("new", "old") if f"Title {slug}" in html] == found


def test_a_filter_that_means_nothing_is_refused_by_name(client: Client) -> None:
    api = client.get("/api/v1/publications/?status=valid")

    assert (api.status_code, api.json()["parameter"]) == (400, "status")
    words = "“valid” is no status. Choose one of: current, revised, retired."
    assert words in page(client, "/publications/?status=valid", status=400)


def test_the_feed_has_an_entry_for_each_change(client: Client) -> None:
    make_publication("another").history.create(changed_on=date(2023, 12, 28), description="Posted <b>")
    author = UserFactory(name="Somebody Secret")
    publication = post()
    revise_publication(
        publication=publication,
        seen_version=1,
        said=said(body="x"),
        changed_on=date(2025, 1, 2),
        description="Text clarified",
        by=author,
    )

    response = client.get("/publications/feed.atom")

    assert (response.status_code, response["Content-Type"]) == (200, "application/atom+xml; charset=utf-8")
    feed = ET.fromstring(response.content)  # noqa: S314  # our own
    entries = [
        (entry.findtext(f"{ATOM}title"), entry.findtext(f"{ATOM}updated")) for entry in feed.iter(f"{ATOM}entry")
    ]
    assert entries == [
        ("Knee Braces - Correct Coding: Text clarified", "2025-01-02T00:00:00-05:00"),
        ("Knee Braces - Correct Coding: Originally Published", "2024-05-30T00:00:00-04:00"),
        ("Some Device - Correct Coding: Posted <b>", "2023-12-28T00:00:00-05:00"),
    ]
    assert len({entry.findtext(f"{ATOM}id") for entry in feed.iter(f"{ATOM}entry")}) == 3
    assert b"Secret" not in response.content
    assert "Secret" not in page(client, "/publications/knee-braces-correct-coding/")
    for address in ("/publications/", "/publications/another/"):
        assert 'type="application/atom+xml"' in client.get(address).content.decode()


def test_the_feed_costs_no_more_queries_with_more_changes(count_queries: Any) -> None:
    make_publication("one").history.create(changed_on=date(2024, 1, 1), description="Posted")
    with_one = count_queries("/publications/feed.atom")
    for slug in ("two", "three"):
        make_publication(slug).history.create(changed_on=date(2024, 1, 1), description="Posted")

    assert count_queries("/publications/feed.atom") == with_one


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("# One\n\n## Two", "<h2>One</h2>\n<h3>Two</h3>\n"),
        ("### Three\n\n#### Four", "<h2>Three</h2>\n<h3>Four</h3>\n"),
        ("## Two\n\n# One", "<h3>Two</h3>\n<h2>One</h2>\n"),
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n"),
        ("a <img src=x onerror=alert(1)>", "<p>a &lt;img src=x onerror=alert(1)&gt;</p>\n"),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>\n"),
        ("[x](JaVaScRiPt&#58;alert(1))", "<p>[x](JaVaScRiPt:alert(1))</p>\n"),
        ("[x](data:text/html,x)", "<p>[x](data:text/html,x)</p>\n"),
        ('[x](https://a.example/"onclick=alert(1))', '<p><a href="https://a.example/%22onclick=alert(1)">x</a></p>\n'),
    ],
)
def test_no_markup_of_the_author_reaches_the_page(text: str, html: str) -> None:
    assert as_html(text) == html
