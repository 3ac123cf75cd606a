"""The changes page and its feed: what was asked for, all of it, and nothing else."""

import hashlib
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from importlib import import_module
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import time_machine
from django.db import connection
from django.db.migrations import RunSQL
from django.test import Client

from pcl.models import ChangeKind, ChangeSubject, Listing, ListingChange, Organization, Origin
from pcl.queries.change_filter import ChangeForm, changes_matching
from pcl.queries.change_words import in_words
from pcl.services.changes import record_change
from pcl.services.end_date_listing import end_date_listing
from pcl.services.publish_listing import NewListing, publish_listings
from tests.factories.register import make_code, publish
from tests.pcl.test_public_pages import page

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"


def shown(client: Client, query: str = "") -> list[int]:
    """The changes on the page, in order."""
    response = client.get(f"/changes/?{query}")
    assert response.status_code == 200
    return [int(seq) for seq in re.findall(r'id="change-(\d+)"', response.content.decode())]


def fed(client: Client, query: str = "") -> list[int]:
    response = client.get(f"/changes/feed.atom?{query}")
    assert response.status_code == 200
    links = [entry.find(f"{ATOM}link") for entry in ET.fromstring(response.content).findall(f"{ATOM}entry")]  # noqa: S314
    return [int(link.attrib["href"].rsplit("/", 2)[1]) for link in links if link is not None]


@pytest.fixture
def five() -> list[Listing]:
    """1 ReWalk K1007 · 2 Knee E0601 · 3 another ReWalk E0601 · 4 end of 1 · 5 Spine L0650, on four Eastern days."""
    with time_machine.travel("2024-03-01 03:30Z", tick=False) as clock:
        rewalk = publish("ReWalk 7", manufacturer="Argo Technologies", code="K1007")
        clock.move_to("2024-03-01 15:00Z")
        knee = publish("Knee brace", manufacturer="Össur Americas", distributor="Argo Shop", code="E0601")
        clock.move_to("2024-03-02 15:00Z")
        other = publish("ReWalk", manufacturer="Rehab", code="E0601")
        clock.move_to("2024-03-03 04:59Z")
        end_date_listing(listing=rewalk, last_day=date(2024, 12, 31), reason="Withdrawn.", by=None)
        clock.move_to("2024-03-03 05:00Z")
        spine = publish("Spine", manufacturer="Rehab", code="L0650")
    return [rewalk, knee, other, spine]


@pytest.mark.usefixtures("five")
@pytest.mark.parametrize(
    ("query", "seqs"),
    [
        ("", [5, 4, 3, 2, 1]),
        ("kind=end_dated", [4]),
        ("kind=extended", []),
        ("code=k1007", [4, 1]),
        ("code=E0601", [3, 2]),
        ("code=Z9999", []),
        ("organization=argo-technologies", [4, 1]),
        ("organization=argo", [4, 2, 1]),
        ("organization=ossur", [2]),
        ("organization=argo-shop", [2]),
        ("organization=nobody-known", []),
        ("organization=%2D%2D", []),
        ("product=rewalk", [4, 3, 1]),
        ("product=rew", [4, 3, 1]),
        ("product=rewalk+7", [4, 1]),
        ("product=%25", []),
        # 3:30 UTC on March 1 is still February 29 in the East; 4:59 on March 3 is still March 2.
        ("from=2024-02-29&to=2024-02-29", [1]),
        ("from=2024-03-01", [5, 4, 3, 2]),
        ("to=2024-03-02", [4, 3, 2, 1]),
        ("from=2024-03-02&to=2024-03-02", [4, 3]),
        ("from=2024-03-03", [5]),
        ("from=2024-03-04", []),
        ("to=2024-02-28", []),
        ("product=rewalk&code=K1007&kind=listed", [1]),
    ],
)
def test_page_and_feed_show_exactly_what_is_asked_for(client: Client, query: str, seqs: list[int]) -> None:
    assert shown(client, query) == seqs
    assert fed(client, query) == seqs


def test_words_that_mean_very_many_listings_are_found_just_so(
    client: Client, five: list[Listing], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pcl.queries.change_filter.MOST_LISTINGS", 1)

    assert shown(client, "product=rewalk") == [4, 3, 1]
    assert shown(client, "organization=argo&kind=listed") == [2, 1]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("kind=gone", "“gone” is no kind of change. Choose one of: listed, end_dated"),
        ("code=K10", "Write the code as one letter and four digits, such as K1007."),
        ("from=2024-02-30", "“2024-02-30” is not a date that exists."),
        (
            "to=03/01/2024",
            "If it means March 1, 2024, write 2024-03-01.",
        ),
        ("from=2024-03-02&to=2024-03-01", "This day is before the day from which on you ask."),
        ("kind=listed&kind=listed", "This is given more than once. Give it once."),
        (f"product={'x' * 301}", "at most 300 characters"),
        ("product=%00", "Null characters are not allowed."),
    ],
)
def test_what_cannot_be_asked_is_said_on_page_and_feed(client: Client, query: str, said: str) -> None:
    assert said in page(client, f"/changes/?{query}", status=400)
    answer = client.get(f"/changes/feed.atom?{query}")
    assert answer.status_code == 400
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert said in answer.content.decode()


@pytest.mark.usefixtures("five")
def test_conditions_can_be_taken_away_one_by_one(client: Client) -> None:
    html = client.get("/changes/?code=E0601&product=knee").content.decode()

    assert 'href="/changes/?product=knee"' in html
    assert 'href="/changes/?code=E0601"' in html
    assert '<link rel="alternate" type="application/atom+xml"' in " ".join(html.split())
    assert 'href="/changes/feed.atom?code=E0601&amp;product=knee"' in html
    assert 'href="/subscribe/?code=E0601"' in html


def test_a_page_ends_and_the_next_begins_after_it(client: Client) -> None:
    for number in range(60):
        publish(f"Product {number}", code="K1007" if number % 2 else "E0601")

    html = client.get("/changes/?code=K1007").content.decode()
    following = re.search(r'href="([^"]*cursor[^"]*)"', html)
    assert following is None
    first = shown(client)
    following = re.search(r'href="/changes/\?([^"]*cursor[^"]*)"', client.get("/changes/").content.decode())
    assert following
    assert first + shown(client, following[1].replace("&amp;", "&")) == list(range(60, 0, -1))


def test_nothing_found_says_what_to_do(client: Client) -> None:
    assert "Nothing has changed yet" in page(client, "/changes/")
    assert "Remove one of the conditions above" in page(client, "/changes/?code=K1007")


@time_machine.travel("2024-06-01 15:00Z", tick=False)
def test_the_feed_is_what_readers_of_feeds_expect(client: Client, settings: Any) -> None:
    settings.SITE_URL = "https://register.example"
    listing = publish("<b>ReWalk</b>", comment="", reason="See <Letter> & annex.")
    response = client.get("/changes/feed.atom?code=K1007")
    feed = ET.fromstring(response.content)  # noqa: S314
    entry = feed.find(f"{ATOM}entry")
    assert entry is not None
    links = {link.attrib.get("rel", ""): link.attrib["href"] for link in feed.findall(f"{ATOM}link")}

    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert links == {
        "alternate": "http://testserver/changes/?code=K1007",
        "self": "http://testserver/changes/feed.atom?code=K1007",
    }
    assert feed.findtext(f"{ATOM}id") == "https://register.example/changes/feed.atom?code=K1007"
    assert feed.findtext(f"{ATOM}title") == "Changes of the Product Classification List (HCPCS code: K1007)"
    seq = ListingChange.objects.get(listing=listing).seq
    assert entry.findtext(f"{ATOM}id") == f"https://register.example/changes/{seq}/"
    assert (
        entry.findtext(f"{ATOM}title")
        == "<b>ReWalk</b> by Argo Technologies: Listed under K1007 for dates of service from January 1, 2024"
    )
    assert entry.findtext(f"{ATOM}summary") == "<p>See &lt;Letter&gt; &amp; annex.</p>"
    assert entry.findtext(f"{ATOM}updated") == "2024-06-01T15:00:00+00:00"
    # The same on any host, and when asked again.
    again = ET.fromstring(client.get("/changes/feed.atom", headers={"host": "localhost"}).content)  # noqa: S314
    assert again.findtext(f"{ATOM}entry/{ATOM}id") == f"https://register.example/changes/{seq}/"


def test_a_feed_without_changes_is_a_feed(client: Client) -> None:
    assert fed(client) == []


# The permanent page


def recorded(listing: Listing, kind: ChangeKind, before: dict[str, Any]) -> ListingChange:
    """A change as services record it that are not part of this test."""
    Listing.objects.filter(pk=listing.pk).update(version=listing.version + 1)
    listing.refresh_from_db()
    return record_change(listing=listing, kind=kind, before=before, reason="A reason.", by=None)


def said_before(listing: Listing, **other: Any) -> dict[str, Any]:
    change = listing.changes.order_by("-seq").first()
    assert change
    return {**change.after, **other}


def test_a_change_has_a_page_for_ever(client: Client, five: list[Listing]) -> None:
    change = ListingChange.objects.get(seq=4)
    words = page(client, "/changes/4/")

    assert "ReWalk 7 by Argo Technologies under K1007 Last day to bill set to December 31, 2024." in words
    assert "Last day to bill no end set December 31, 2024 changed" in words
    assert "First day to bill January 1, 2024 January 1, 2024 " in words
    assert words.count("changed") == 1 + "What differs is marked “changed”.".count("changed")
    assert change.hash in words
    assert change.previous_hash in words
    html = client.get("/changes/4/").content.decode()
    assert f'href="/listings/{five[0].pk}/"' in html
    assert 'href="/changes/3/"' in html
    assert 'href="/changes/5/"' in html
    assert 'href="/api/v1/changes/?after=3&amp;limit=1"' in html
    assert client.get("/api/v1/changes/?after=3&limit=1").json()["results"][0]["hash"] == change.hash


def test_the_text_on_the_page_is_what_was_hashed(client: Client) -> None:
    publish("Öl & <b>", comment="“Quoted” \\ \t")
    change = ListingChange.objects.get()

    response = client.get("/changes/1/")

    assert hashlib.sha256(response.context["hashed"].encode()).hexdigest() == change.hash


def test_the_first_and_the_last_change_have_one_neighbour(client: Client, five: list[Listing]) -> None:
    first, last = (client.get(f"/changes/{seq}/").content.decode() for seq in (1, 5))

    assert "The change before" not in first
    assert "The change after" in first
    assert "The change before" in last
    assert "The change after" not in last
    assert "The listing is new: the list said nothing of it before." in first


@pytest.mark.parametrize("seq", ["0", "6", "9" * 18, "9" * 40])
def test_a_change_that_never_was_says_which_there_are(client: Client, five: list[Listing], seq: str) -> None:
    words = page(client, f"/changes/{seq}/", status=404)

    assert f"There is no change {seq} Changes are numbered without a gap, and the newest is 5." in words


def test_a_new_period_tells_of_the_earlier_listing(client: Client) -> None:
    earlier = publish("ReWalk", begins=date(2023, 1, 1))
    end_date_listing(listing=earlier, last_day=date(2023, 6, 30), reason="Withdrawn.", by=None)
    later = publish("ReWalk", begins=date(2024, 1, 1))
    recorded(later, ChangeKind.REINSTATED, said_before(earlier))
    words = page(client, "/changes/")

    assert "Reinstated under K1007: a new period for dates of service from January 1, 2024" in words
    assert f"The earlier listing {earlier.pk} ended on June 30, 2023 A reason." in words
    assert "First day to bill: " not in words
    table = page(client, "/changes/4/")
    assert f"Listing {earlier.pk} {later.pk} changed" in table
    assert f"It continues Listing {earlier.pk}, which keeps its own dates" in table


def test_a_move_to_another_code_tells_of_the_earlier_listing_and_is_found_under_both(client: Client) -> None:
    earlier = publish("ReWalk", code="K1007")
    later = publish("ReWalk", code="E0601", begins=date(2024, 7, 1))
    recorded(later, ChangeKind.RECODED, said_before(earlier))

    words = page(client, "/changes/?code=K1007")
    assert "Moved from K1007 to E0601: a new listing for dates of service from July 1, 2024" in words
    assert f"The earlier listing {earlier.pk} has no end set A reason." in words
    assert shown(client, "code=K1007") == [3, 1]
    assert shown(client, "code=E0601") == [3, 2]


def test_a_listing_that_is_published_with_its_end_says_so() -> None:
    """An earlier list brings such as have ended: a follower must not take one for open."""
    listing = publish("ReWalk")
    past = NewListing(listing.model_id, make_code("L0001").pk, date(2020, 1, 1), date(2021, 6, 30))
    (change,) = publish_listings(new=[past], origin=Origin.IMPORTED, reason="An earlier list.")
    assert in_words(change).what == "Listed under L0001 for dates of service from January 1, 2020 to June 30, 2021"


def test_of_a_model_under_two_codes_a_change_says_which(client: Client) -> None:
    first = publish("ReWalk", code="K1007")
    publish("ReWalk", code="L0001")
    end_date_listing(listing=first, last_day=date(2026, 12, 31), reason="Withdrawn.", by=None)
    assert "ReWalk by Argo Technologies under K1007: Last day to bill set" in page(client, "/changes/")


def test_a_correction_of_the_same_listing_says_what_was_before(client: Client) -> None:
    listing = publish("ReWalk")
    recorded(listing, ChangeKind.CORRECTED, said_before(listing, product="ReWlak", effective_to="2024-05-31"))

    words = page(client, "/changes/?kind=corrected")

    assert "Product: ReWalk (before: ReWlak)" in words
    assert "Last day to bill: no end set (before: May 31, 2024)" in words


# What a change is about


def test_a_change_is_about_code_product_and_organizations(five: list[Listing]) -> None:
    knee = five[1].model.product
    about = set(ChangeSubject.objects.filter(change=2).values_list("about", flat=True))

    assert about == {
        "code:E0601",
        f"product:{knee.pk}",
        f"organization:{knee.manufacturer_id}",
        f"organization:{knee.distributor_id}",
    }


def test_whoever_looks_for_one_of_two_that_merged_finds_the_changes_of_both(client: Client) -> None:
    listing = publish("ReWalk", manufacturer="Old Robotics")
    other = publish("Knee", manufacturer="New Robotics")
    old, new = (Organization.objects.get(name=name) for name in ("Old Robotics", "New Robotics"))
    Organization.objects.filter(pk=old.pk).update(merged_into=new)
    before = said_before(listing)
    type(listing.model.product).objects.filter(pk=listing.model.product_id).update(manufacturer=new)
    listing = Listing.objects.get(pk=listing.pk)
    recorded(listing, ChangeKind.RENAMED, before)
    end_date_listing(listing=other, last_day=date(2024, 12, 31), reason="Withdrawn.", by=None)

    assert shown(client, "organization=new-robotics") == [4, 3, 2, 1]
    # What was New Robotics' before the merger is not Old Robotics'.
    assert shown(client, "organization=old-robotics") == [4, 3, 1]


def test_an_organization_that_gives_a_product_away_finds_the_change_that_says_so(client: Client) -> None:
    listing = publish("ReWalk", manufacturer="Old Robotics")
    publish("Knee", manufacturer="New Robotics")
    before = said_before(listing)
    new = Organization.objects.get(name="New Robotics")
    type(listing.model.product).objects.filter(pk=listing.model.product_id).update(manufacturer=new)
    recorded(Listing.objects.get(pk=listing.pk), ChangeKind.CORRECTED, before)

    assert shown(client, "organization=old-robotics") == [3, 1]
    assert shown(client, "organization=new-robotics") == [3, 2]


def test_changes_made_before_there_were_subjects_get_theirs(five: list[Listing]) -> None:
    kept = sorted(ChangeSubject.objects.values_list("about", "change_id"))
    assert len(kept) == 16
    operations = import_module("pcl.migrations.0043_subscriptions").Migration.operations
    [told] = [operation for operation in operations if isinstance(operation, RunSQL)]
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM pcl_changesubject")
        cursor.execute(told.sql)

    assert sorted(ChangeSubject.objects.values_list("about", "change_id")) == kept


# How it is found


@pytest.fixture
def many(five: list[Listing]) -> None:
    """So many changes that reading all of them would be the slow way, as the planner sees it."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO pcl_listingchange
                (seq, at, kind, listing_id, version, before, after, reason, previous_hash, hash)
            SELECT n, '2024-04-01'::timestamptz + n * interval '1 hour', 'corrected', %s, n, '{}',
                '{"code": "E0601", "manufacturer": "", "distributor": null}', 'Again.', md5((n - 1)::text), md5(n::text)
            FROM generate_series(6, 20000) n
            """,
            [five[2].pk],
        )
        cursor.execute("ANALYZE pcl_listingchange, pcl_changesubject, pcl_registerentry")


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize(
    ("given", "index"),
    [
        ({}, "pcl_listingchange_pkey"),
        ({"kind": "end_dated"}, "change_by_kind"),
        ({"code": "K1007"}, "pcl_changesubject_pkey"),
        ({"code": "E0601"}, "pcl_listingchange_pkey"),
        ({"organization": "argo-technologies"}, "pcl_changesubject_pkey"),
        ({"product": "spine"}, "one_change_per_version_of_a_listing|pcl_listingchange_listing_id"),
        ({"from": "2024-03-01", "to": "2024-03-02"}, "change_by_instant"),
    ],
)
def test_each_filter_is_answered_from_an_index(given: dict[str, str], index: str) -> None:
    form = ChangeForm(given)
    assert form.is_valid()

    plan = changes_matching(form.cleaned_data).order_by("-seq")[:51].explain()

    assert re.search(index, plan), plan
    assert not re.search("Seq Scan on pcl_(listingchange|changesubject)", plan), plan


@pytest.mark.parametrize(
    "address",
    [
        "/changes/",
        "/changes/?code=K1007",
        "/changes/?organization=argo-technologies&product=first",
        "/changes/feed.atom",
    ],
)
def test_longer_feeds_cost_no_more_queries(count_queries: Callable[[str], int], address: str) -> None:
    make_code("K1007")
    publish("First")
    with_one = count_queries(address)
    for number in range(3):
        publish(f"First {number}")

    assert count_queries(address) == with_one <= 6


def test_an_instant_is_told_as_it_was(client: Client) -> None:
    with time_machine.travel(datetime(2024, 12, 1, 17, 5, tzinfo=UTC), tick=False):
        publish("ReWalk")

    assert "Change 1 · Dec 1, 2024, 12:05 p.m. ET" in page(client, "/changes/1/")
