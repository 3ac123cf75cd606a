"""A listing, a code and an organization on a date of service, and as the list stood at a moment (DOMAIN 7)."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.test import Client
from django.utils.html import escape

from hcpcs.models import Code
from pcl.models import Listing, RegisterEntry
from pcl.queries.statement_content import statement_content
from pcl.services.correct_listing import correct_listing
from pcl.services.end_date_listing import end_date_listing
from pcl.services.follow_catalogue import follow_catalogue
from pcl.services.follow_on_listing import recode_listing, reinstate_listing
from pcl.services.organizations import merge_organizations, rename_organization
from pcl.services.products import rename_product
from tests.factories.register import make_code, publish, require, some_organization
from tests.pcl.test_public_pages import page, products

pytestmark = pytest.mark.django_db
JUNE, JULY, AUGUST = (datetime(2026, month, 15, 16, 0, tzinfo=UTC) for month in (6, 7, 8))
NOW = datetime(2026, 9, 1, 12, 0, tzinfo=UTC)
JUNE_15, JULY_15, AUGUST_15 = (f"{month} 15, 2026, 12:00 p.m. ET" for month in ("Jun", "Jul", "Aug"))
ENDS_IN_JUNE, ENDS_IN_JULY = (f"its last day to bill is {day}, 2026" for day in ("June 30", "July 31"))
OPEN = "from January 1, 2026 on, with no end set"
WHY = {"reason": "Because.", "by": None}


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def listing() -> Listing:
    """Published in June, in July ended as of June 30, which was corrected in August to July 31; it is September."""
    with time_machine.travel(JUNE, tick=False):
        listing = publish("ReWalk", begins=date(2026, 1, 1), model_number="RW-6")
    with time_machine.travel(JULY, tick=False):
        end_date_listing(listing=listing, last_day=date(2026, 6, 30), **WHY)
    with time_machine.travel(AUGUST, tick=False):
        correct_listing(listing=listing, begins=date(2026, 1, 1), last_day=date(2026, 7, 31), comment="", **WHY)
    return listing


def answer(client: Client, listing: Listing, **asked: str) -> str:
    """The page's answer: the two sentences and what stands beside them."""
    query = "&".join(f"{name}={value}" for name, value in asked.items())
    words = page(client, f"/listings/{listing.pk}/?{query}")
    return words.partition(" Show ")[2].partition(" Status on ")[0]


# The auditor's question, on one page


@pytest.mark.parametrize(
    ("on", "as_published", "in_force", "the_list"),
    [
        (
            "2026-07-15",
            "2026-06-20",
            "On July 15, 2026 it could be billed under K1007.",
            f"The list of June 20, 2026 said so too, though with other dates: {OPEN}. It had said so since {JUNE_15}.",
        ),
        (
            "2026-07-15",
            "2026-07-20",
            "On July 15, 2026 it could be billed under K1007.",
            f"The list of July 20, 2026 said otherwise: that it cannot be billed, since {ENDS_IN_JUNE}.",
        ),
        (
            "2026-08-01",
            "2026-06-20",
            f"On August 1, 2026 it could not be billed under K1007: {ENDS_IN_JULY}.",
            f"The list of June 20, 2026 said otherwise: that it can be billed, {OPEN}.",
        ),
        (
            "2026-09-01",
            "",
            f"Today, September 1, 2026, it cannot be billed under K1007: {ENDS_IN_JULY}.",
            # In July the list named another last day.
            f"The list has given this answer since {JULY_15}, and this reason since {AUGUST_15}.",
        ),
        (
            "2026-12-24",
            "2026-08-15T16:00:00Z",
            f"On December 24, 2026 it cannot be billed under K1007: {ENDS_IN_JULY}.",
            (
                f"The list of {AUGUST_15} said so too. It had given this answer since {JULY_15}, "
                f"and this reason since {AUGUST_15}."
            ),
        ),
    ],
)
def test_both_clocks_are_answered_at_the_top(  # noqa: PLR0917  # one argument for each part of the question
    listing: Listing, client: Client, on: str, as_published: str, in_force: str, the_list: str
) -> None:
    words = answer(client, listing, on=on, as_published=as_published)

    assert words.startswith(f"{in_force} {the_list}"), words


def test_what_is_listed_again_is_not_said_to_be_unlisted(listing: Listing, client: Client) -> None:
    again = reinstate_listing(listing=listing, begins=date(2026, 8, 10), **WHY)

    assert answer(client, listing, on="2026-08-10").startswith(
        f"On August 10, 2026 it could be billed under K1007 by listing {again.pk}, not by this one: {ENDS_IN_JULY}. "
        f"Of listing {listing.pk}: the list has given this answer since {JULY_15}, and this reason since {AUGUST_15}."
    )
    assert answer(client, listing, on="2026-08-09").startswith("On August 9, 2026 it could not be billed under K1007")
    assert answer(client, again, on="2026-07-31").startswith(
        f"On July 31, 2026 it could be billed under K1007 by listing {listing.pk}, not by this one: its first day"
    )
    moved = recode_listing(listing=again, code=make_code("L2222"), begins=date(2026, 8, 20), **WHY)
    assert answer(client, again, on="2026-08-20").startswith("On August 20, 2026 it could not be billed under K1007")
    assert answer(client, moved, on="2026-08-19").startswith("On August 19, 2026 it could not be billed under L2222")


def test_what_else_was_in_force_is_told_by_the_list_asked_about(listing: Listing, client: Client) -> None:
    with time_machine.travel("2026-08-20T12:00:00Z", tick=False):
        make_code("L2222")
        later = recode_listing(listing=listing, code=Code.objects.get(code="L2222"), begins=date(2026, 7, 1), **WHY)

    by_july = answer(client, later, on="2026-07-10", as_published="2026-08-16")
    by_now = answer(client, listing, on="2026-07-10")

    assert f"By that list, in force on that day for the same model: listing {listing.pk} under K1007" in by_july
    assert f" In force on that day for the same model: listing {later.pk} under L2222" in by_now


def test_a_listing_not_yet_on_the_list_is_said_to_be_none(listing: Listing, client: Client) -> None:
    words = answer(client, listing, on="2026-07-15", as_published="2026-06-14")

    assert words.startswith(
        "On July 15, 2026 it could be billed under K1007. The list of June 14, 2026 did not show this listing yet: it "
        "was first published on Jun 15, 2026, 12:00 p.m. ET."
    )
    assert "What follows is what the list says now." in words


def test_the_page_shows_what_the_list_showed_then(listing: Listing, client: Client) -> None:
    with time_machine.travel("2026-08-20T12:00:00Z", tick=False):
        rename_product(product=listing.model.product, name="ReWalk 7", since=date(2026, 8, 1), source="", **WHY)

    then = page(client, f"/listings/{listing.pk}/?on=2026-07-15&as_published=2026-07-20")
    now = page(client, f"/listings/{listing.pk}/?on=2026-07-15")

    assert "What follows is what the list of July 20, 2026 showed." in then
    assert "Last day to bill June 30, 2026" in then
    assert "Last day to bill July 31, 2026" in now
    assert "<h1>ReWalk</h1>" in client.get(f"/listings/{listing.pk}/?as_published=2026-07-20").content.decode()
    assert "<h1>ReWalk 7</h1>" in client.get(f"/listings/{listing.pk}/").content.decode()
    assert "On July 15, 2026 the product was called “ReWalk”." in now
    assert "Product ReWalk The list of now says: ReWalk 7 Model number RW-6" in then
    assert "Product ReWalk 7 Also known as ReWalk (until July 31, 2026) Model number RW-6" in now
    assert "the product was called" not in page(client, f"/listings/{listing.pk}/?on=2026-08-01")


def test_the_link_to_keep_shows_for_ever_what_the_list_says_now(listing: Listing, client: Client) -> None:
    html = client.get(f"/listings/{listing.pk}/?on=2026-07-15").content.decode()
    kept = re.search(r'<code class="register-copy__value">http://testserver([^<]*)</code>', html)
    assert kept is not None
    address = kept[1].replace("&amp;", "&")
    assert address == f"/listings/{listing.pk}/?on=2026-07-15&as_published=2026-09-01T12%3A00%3A00.000000Z"
    with time_machine.travel("2026-10-01T12:00:00Z", tick=False):
        correct_listing(listing=listing, begins=date(2026, 1, 1), last_day=date(2026, 7, 1), comment="", **WHY)

        words = page(client, address)
        again = client.get(address).content.decode()

    assert "The list of Sep 1, 2026, 8:00 a.m. ET said otherwise: that it can be billed" in words
    # The instant stays in the field, which a date field would have emptied.
    assert 'name="as_published" value="2026-09-01T12:00:00.000000Z"' in re.sub(r"\s+", " ", again)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("on=2026-02-30", "“2026-02-30” is not a date that exists."),
        ("as_published=2026-09-02", "Nobody knows yet what the list will say then."),
        ("as_published=yesterday", "“yesterday” is not a moment that can be read."),
        ("on=0001-01-01&as_published=9999-12-31", "0001-01-01 is not a plausible date."),
    ],
)
def test_a_moment_that_cannot_be_asked_for(listing: Listing, client: Client, query: str, words: str) -> None:
    for address in (f"/listings/{listing.pk}/", "/codes/K1007/", "/organizations/argo-technologies/"):
        assert words in page(client, f"{address}?{query}", status=400)


# The timeline


def test_the_timeline_draws_what_its_table_says(listing: Listing, client: Client) -> None:
    html = client.get(f"/listings/{listing.pk}/?on=2026-07-15&as_published=2026-07-20").content.decode()
    drawn = html.partition('aria-labelledby="both-clocks"')[2].partition("</svg>")[0]
    words = page(client, f"/listings/{listing.pk}/?on=2026-07-15&as_published=2026-07-20")
    table = words.partition("Product and manufacturer ")[2].partition(" What happened")[0]

    bars = re.findall(r'<rect x="([\d.]+)%" y="(\d+)" width="([\d.]+)%"', " ".join(drawn.split()))
    day = re.search(r'<line x1="([\d.]+)%"[^>]*stroke-dasharray="5 3"', " ".join(drawn.split()))
    assert day is not None
    (x1, y1, until_july), (x2, y2, until_june), (x3, y3, for_ever) = [tuple(map(float, bar)) for bar in bars]
    assert x1 == x2 == x3
    assert y1 < y2 < y3
    assert until_june < until_july < for_ever
    # July 15 lies in the first bar, after the second, and in the third.
    assert x2 + until_june < float(day[1]) < x1 + until_july
    assert table == (
        "Aug 15, 2026, 12:00 p.m. ET it still does January 1, 2026 July 31, 2026 In force ReWalk by Argo Technologies "
        f"{JULY_15} asked about Aug 15, 2026, 12:00 p.m. ET January 1, 2026 June 30, 2026 Ended "
        "ReWalk by Argo Technologies "
        f"{JUNE_15} {JULY_15} January 1, 2026 no end set In force ReWalk by Argo Technologies "
        f"the beginning {JUNE_15} not on the list"
    )
    assert 'role="img"' in drawn
    assert "style=" not in drawn


@pytest.mark.parametrize("on", ["1966-07-01", "2199-12-31", "2026-01-01", "2026-12-31"])
def test_any_day_can_be_drawn(client: Client, on: str) -> None:
    begins = date(2199, 12, 31) if on.startswith("2199") else date(1990, 1, 1)
    listing = publish("ReWalk", code=make_code("K1007", added=date(1966, 7, 1)), begins=begins)

    html = client.get(f"/listings/{listing.pk}/?on={on}").content.decode()

    shares = [float(each) for each in re.findall(r' (?:x|x1|x2|width)="([\d.-]+)%"', html)]
    assert shares
    assert all(0 <= each <= 100 for each in shares)


def test_a_listing_that_never_could_be_billed_has_no_bar(client: Client) -> None:
    code = make_code("K1032", added=date(2022, 1, 1))
    listing = publish("Sleeve", code=code, begins=date(2024, 1, 1))
    Code.objects.filter(pk=code.pk).update(terminated=date(2023, 12, 31))
    follow_catalogue()

    words = page(client, f"/listings/{listing.pk}/?on=2024-06-01")
    html = client.get(f"/listings/{listing.pk}/?on=2024-06-01").content.decode()

    assert "On June 1, 2024 it could not be billed under K1032: the code had ended before the listing began." in words
    assert "it still does none none: the code had ended before Ended" in words
    # The one bar is of what the list said before it followed the code.
    assert html.count("<rect ") == 1


def test_a_code_that_begins_later_moves_the_first_day_to_bill(client: Client) -> None:
    code = make_code("K1032", added=date(2022, 1, 1))
    listing = publish("Sleeve", code=code, begins=date(2022, 4, 1))
    Code.objects.filter(pk=code.pk).update(added=date(2022, 7, 1))
    follow_catalogue()

    words = page(client, f"/listings/{listing.pk}/?on=2022-06-30")
    assert "On June 30, 2022 it could not be billed under K1032: its first day to bill is July 1, 2022." in words
    assert "First day to bill July 1, 2022 The code begins on that day; the listing itself has April 1, 2022" in words
    assert "July 1, 2022 no end set In force" in page(client, "/?q=sleeve&on=2022-07-01")


@pytest.mark.parametrize(
    "address",
    [
        "/codes/K1007/?",
        "/organizations/argo-technologies/?",
        "/?q=rewalk&",
        "/check/?code=K1007&date_of_service=2026-06-20&model_number=RW-6&",
    ],
)
def test_what_leads_to_a_listing_asks_it_for_the_same_day_and_list(
    listing: Listing, client: Client, address: str
) -> None:
    clocks = "on=2026-06-20&as_published=2026-07-20"
    asked = f"{address}{clocks if 'check' not in address else 'as_published=2026-07-20'}"
    html = client.get(asked).content.decode()

    assert f'href="/listings/{listing.pk}/?{escape(clocks)}"' in html
    assert f'href="/listings/{listing.pk}/"' not in html
    assert f'href="/codes/K1007/?{escape(clocks)}"' in html


def test_a_listing_leads_on_to_the_same_day_and_list(listing: Listing, client: Client) -> None:
    """Not to today's, where somebody follows a link in between."""
    with time_machine.travel("2026-08-20T12:00:00Z", tick=False):
        other = publish("ReWalk", begins=date(2026, 1, 1), model_number="RW-7")
        moved = recode_listing(listing=listing, code=make_code("L2222"), begins=date(2026, 7, 20), **WHY)
    clocks = "on=2026-06-20&as_published=2026-08-25"
    html = client.get(f"/listings/{listing.pk}/?{clocks}").content.decode()

    for path in (
        f"/listings/{other.pk}/",
        f"/listings/{moved.pk}/",
        "/codes/K1007/",
        "/organizations/argo-technologies/",
    ):
        assert f'href="{path}?{escape(clocks)}"' in html, path
    assert f'href="/?code=K1007&amp;{escape(clocks)}"' in html


# DOMAIN 7, by name


def test_case_1_a_terminated_code_ends_its_listings_and_the_action_date_revives_none(client: Client) -> None:
    code = make_code("K1032", added=date(2022, 4, 1), action_effective=date(2024, 1, 1), action_code="N")
    listing = publish("Sleeve", code=code, begins=date(2022, 4, 1))
    Code.objects.filter(pk=code.pk).update(terminated=date(2023, 12, 31))
    follow_catalogue()

    last = answer(client, listing, on="2023-12-31")
    after = answer(client, listing, on="2024-01-01")

    assert last.startswith("On December 31, 2023 it could be billed under K1032.")
    ended = "its last day to bill is December 31, 2023 (the code ended)."
    assert after.startswith(f"On January 1, 2024 it could not be billed under K1032: {ended}")
    words = page(client, f"/listings/{listing.pk}/?on=2024-01-01")
    assert "The code ended on that day; the listing itself has no end set." in words
    assert "The code K1032 ended: its last day of use was December 31, 2023." in words
    assert products(client, "/codes/K1032/?on=2023-12-31") == ["Sleeve"]
    assert "No product is listed under K1032 on January 1, 2024" in page(client, "/codes/K1032/?on=2024-01-01")


def test_case_6_the_end_of_the_manufacturers_listing_is_not_that_of_the_distributors(client: Client) -> None:
    """The same thing under the distributor's own name and number is a listing of its own, with dates of its own."""
    its_own = publish("Walker", model_number="W-1", begins=date(2024, 1, 1))
    sold = publish(
        "Helpful Walker", model_number="w1", manufacturer="Other Maker", distributor="Seller", begins=date(2024, 7, 1)
    )
    end_date_listing(listing=its_own, last_day=date(2025, 6, 30), **WHY)

    assert "its last day to bill is June 30, 2025" in answer(client, its_own, on="2025-07-01")
    assert answer(client, sold, on="2025-07-01").startswith("On July 1, 2025 it could be billed under K1007.")
    # Each leads to the other, and says that they are two.
    for one, other in ((its_own, "Helpful Walker"), (sold, "Walker")):
        assert other in products(client, f"/listings/{one.pk}/")
        assert "Other listings with model number" in page(client, f"/listings/{one.pk}/")
    assert "Distributor Seller" in page(client, f"/listings/{sold.pk}/")


@pytest.mark.parametrize("model_number", ["W-1", ""])
def test_after_a_merger_two_of_the_same_names_are_told_apart(client: Client, model_number: str) -> None:
    """A listing that ended must not say of the other, which nothing but its number tells from it, that it ended."""
    with time_machine.travel(JUNE, tick=False):
        one = publish("Walker", model_number=model_number, manufacturer="Argo", begins=date(2024, 1, 1))
        two = publish("Walker", model_number=model_number, manufacturer="Birch", begins=date(2024, 1, 1))
        publish("Walker", model_number=f"{model_number}-X", manufacturer="Argo", begins=date(2024, 1, 1))
        publish("Other", model_number=model_number, manufacturer="Argo", begins=date(2024, 1, 1))
        end_date_listing(listing=one, last_day=date(2025, 6, 30), **WHY)
        birch, argo = some_organization("Birch"), some_organization("Argo")
        assert "under the same names" not in answer(client, one, on="2025-07-01")
    with time_machine.travel(JULY, tick=False):
        merge_organizations(merged=birch, into=argo, since=date(2026, 7, 1), source="", **WHY)

    same = f"In force on that day under the same names: listing {two.pk} under K1007 (no distributor named)."
    words = answer(client, one, on="2025-07-01")
    assert words.count("under the same names") == 1
    assert same in words
    assert "under the same names" not in answer(client, two, on="2025-07-01")
    assert "under the same names" not in answer(client, one, on="2025-07-01", as_published="2026-07-01")
    content = statement_content(one.pk, on=date(2025, 7, 1), instant=None)
    assert content is not None
    assert content.said["elsewhere"] == [
        f"In force on July 1, 2025 under the same names: listing {two.pk} under K1007 (no distributor named)."
    ]


def test_case_7_after_a_merger_the_old_name_finds_and_the_history_has_the_name_of_the_day(client: Client) -> None:
    with time_machine.travel(JUNE, tick=False):
        listing = publish("Walker", manufacturer="Old Walkers", begins=date(2026, 1, 1))
        staying = publish("Cane", manufacturer="Stride Inc.", begins=date(2026, 1, 1))
    with time_machine.travel(JULY, tick=False):
        merge_organizations(
            merged=some_organization("Old Walkers"),
            into=some_organization("Stride Inc."),
            since=date(2026, 7, 10),
            source="Attestation",
            **WHY,
        )

    assert products(client, "/?q=old+walkers") == ["Walker"]
    assert products(client, "/?q=old+walkers&as_published=2026-06-20") == ["Walker"]
    before = page(client, f"/listings/{listing.pk}/?on=2026-07-09")
    assert "On July 9, 2026 the manufacturer was called “Old Walkers”." in before
    assert "Manufacturer Stride Inc. Also known as Old Walkers (until July 9, 2026)" in before
    assert "was called" not in page(client, f"/listings/{listing.pk}/?on=2026-07-10")
    assert "Manufacturer Old Walkers" in page(client, f"/listings/{listing.pk}/?as_published=2026-07-01")
    # The name is not that of what its new owner had made before.
    assert "Old Walkers" not in page(client, f"/listings/{staying.pk}/?on=2026-07-09")

    merged = page(client, "/organizations/old-walkers/")
    assert "Merged into Stride Inc." in merged
    assert "Nothing is listed under this name any more" in merged
    assert products(client, "/organizations/old-walkers/?as_published=2026-06-20") == ["Walker"]
    into = page(client, "/organizations/stride-inc/")
    assert "Formerly organizations of their own Old Walkers until July 9, 2026, part of it since (Attestation)" in into
    assert products(client, "/organizations/stride-inc/") == ["Cane", "Walker"]


def test_case_11_a_reinstated_product_has_a_new_period_and_the_gap_stays(client: Client) -> None:
    with time_machine.travel(JUNE, tick=False):
        listing = publish("Walker", model_number="W-1", begins=date(2024, 1, 1))
        end_date_listing(listing=listing, last_day=date(2026, 3, 31), **WHY)
    with time_machine.travel(JULY, tick=False):
        listing.refresh_from_db()
        again = reinstate_listing(listing=listing, begins=date(2026, 8, 1), **WHY)

    assert "its last day to bill is March 31, 2026" in answer(client, listing, on="2026-04-01")
    assert "its first day to bill is August 1, 2026" in answer(client, again, on="2026-07-31")
    later = answer(client, listing, on="2026-08-01")
    assert later.endswith(f"In force on that day for the same model: listing {again.pk} under K1007.")
    assert "In force on that day" not in answer(client, listing, on="2026-07-31")
    assert "In force on that day" not in answer(client, listing, on="2026-08-01", as_published="2026-06-20")
    words = page(client, f"/listings/{listing.pk}/?on=2026-08-01")
    later = f"Listing {again.pk} under K1007: August 1, 2026 to no end set In force It reinstates this listing."
    assert later in words
    words = page(client, f"/listings/{again.pk}/?on=2026-08-01")
    earlier = f"Listing {listing.pk} under K1007: January 1, 2024 to March 31, 2026 Ended This listing reinstates it."
    assert earlier in words
    assert RegisterEntry.objects.count() == 2


def test_a_listing_moved_to_another_code_leads_there_and_back(client: Client) -> None:
    listing = publish("Walker", begins=date(2024, 1, 1))
    moved = recode_listing(listing=listing, code=make_code("K0900"), begins=date(2026, 8, 1), **WHY)

    assert answer(client, listing, on="2026-08-01").endswith(f"for the same model: listing {moved.pk} under K0900.")
    assert "The same product went on under this code." in page(client, f"/listings/{listing.pk}/")
    assert "The product was moved from this code." in page(client, f"/listings/{moved.pk}/")


def test_case_16_what_the_list_showed_is_not_what_was_in_force(client: Client) -> None:
    """The letter is of June 1, dates of service count from then on, and the list showed it on June 15 only."""
    with time_machine.travel(JUNE, tick=False):
        listing = publish("Walker", begins=date(2026, 6, 1))

    words = answer(client, listing, on="2026-06-01", as_published="2026-06-10")

    assert words.startswith(
        "On June 1, 2026 it could be billed under K1007. The list of June 10, 2026 did not show this listing yet: "
        f"it was first published on {JUNE_15}."
    )
    assert answer(client, listing, on="2026-06-01", as_published="2026-06-15").startswith(
        "On June 1, 2026 it could be billed under K1007. The list of June 15, 2026 said so too."
    )
    assert products(client, "/codes/K1007/?on=2026-06-01&as_published=2026-06-10") == []
    assert products(client, "/codes/K1007/?on=2026-06-01&as_published=2026-06-15") == ["Walker"]
    assert products(client, "/?code=K1007&on=2026-06-01&as_published=2026-06-10") == []


# Codes and organizations


def test_the_page_of_a_code_has_the_listings_of_then(listing: Listing, client: Client) -> None:
    publish("Published later", begins=date(2026, 1, 1))

    assert products(client, "/codes/K1007/?on=2026-07-15") == ["Published later", "ReWalk"]
    assert products(client, "/codes/K1007/?on=2026-07-15&as_published=2026-06-20") == ["ReWalk"]
    words = page(client, "/codes/K1007/?on=2026-07-15&as_published=2026-07-20")
    assert "No product is listed under K1007 on July 15, 2026 As the list stood on July 20, 2026." in words
    assert "These stood under it at other times" in words
    html = client.get("/codes/K1007/?on=2026-07-15&as_published=2026-06-20").content.decode()
    assert f'href="/?code=K1007&amp;status=all{escape("&on=2026-07-15&as_published=2026-06-20")}"' in html


def test_an_organizations_listings_are_narrowed_by_status_day_and_moment(listing: Listing, client: Client) -> None:
    publish("Ended", begins=date(2025, 1, 1))
    end_date_listing(listing=Listing.objects.get(model__product__name="Ended"), last_day=date(2025, 12, 31), **WHY)
    publish("To come", begins=date(2026, 12, 1))
    publish("Of another", manufacturer="Other Maker")
    at = "/organizations/argo-technologies/"

    assert products(client, at) == ["Ended", "ReWalk", "To come"]
    assert products(client, f"{at}?status=current&on=2026-07-15") == ["ReWalk"]
    assert products(client, f"{at}?status=current") == []
    assert products(client, f"{at}?status=ended&on=2026-07-15") == ["Ended"]
    assert products(client, f"{at}?status=future&on=2026-07-15") == ["To come"]
    assert products(client, f"{at}?as_published=2026-07-20&status=current&on=2026-07-15") == []
    assert products(client, f"{at}?as_published=2026-07-20") == ["ReWalk"]
    assert "Show all its listings" in page(client, f"{at}?status=current")
    assert "Nothing of it stood on the list then" in page(client, f"{at}?as_published=2026-06-01")
    assert "Select a valid choice" in page(client, f"{at}?status=covered", status=400)
    assert "Products Ended: 1 listing ReWalk: 1 listing To come: 1 listing" in page(client, at)


def test_an_organizations_names_stand_with_their_days(client: Client) -> None:
    listing = publish("Walker", manufacturer="First Name Inc.")
    organization = listing.model.product.manufacturer
    rename_organization(
        organization=organization, name="Second Name Inc.", since=date(2025, 1, 1), source="A letter", **WHY
    )
    rename_organization(organization=organization, name="Third Name Inc.", since=date(2026, 1, 1), source="", **WHY)

    assert (
        "Names over time Third Name Inc. today First Name Inc. until December 31, 2024 (A letter) "
        "Second Name Inc. from January 1, 2025 until December 31, 2025"
        in page(client, "/organizations/first-name-inc/")
    )


def test_an_organizations_listings_come_page_by_page(client: Client) -> None:
    for number in range(60):
        publish(f"Product {number:02}")
    at = "/organizations/argo-technologies/?status=current&on=2026-07-15"

    html = client.get(at).content.decode()
    following = re.search(r'href="([^"]*)"\s+rel="next"', html)

    assert following is not None
    assert len(products(client, at)) == 50
    assert products(client, following[1].replace("&amp;", "&")) == [f"Product {number:02}" for number in range(50, 60)]
    assert "These are the first 20 by name;" in page(client, at)


def test_a_listings_page_costs_at_most_fourteen_queries(client: Client, count_queries: Callable[[str], int]) -> None:
    code = make_code("K1007")
    require(code, begins=date(2024, 6, 1))
    listing = publish("Walker", code=code, model_number="W-1", distributor="Seller", other_names=("Alias",))
    add_neighbours(listing, 1)
    address = f"/listings/{listing.pk}/?on=2025-07-01&as_published=2026-09-01"
    with_one = count_queries(address)
    add_neighbours(listing, 2)
    add_neighbours(listing, 3)

    assert count_queries(address) == with_one <= 14


def add_neighbours(listing: Listing, number: int) -> None:
    """One more of all that its page can show."""
    day = date(2026, number, 1)
    publish("Walker", model_number=f"W-1-{number}", distributor="Seller")
    publish(f"Other {number}", model_number="W1", manufacturer=f"Maker {number}")
    recode_listing(listing=listing, code=make_code(f"K000{number}"), begins=date(2026, 9 - number, 1), **WHY)
    rename_product(product=listing.model.product, name=f"Walker {number}", since=day, source="", **WHY)
    rename_organization(
        organization=listing.model.product.manufacturer, name=f"Argo {number}", since=day, source="", **WHY
    )
    listing.model.product.refresh_from_db()
