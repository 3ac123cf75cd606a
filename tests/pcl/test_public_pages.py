"""What a supplier, a biller or an auditor reads."""

import re
from collections.abc import Callable
from datetime import date
from itertools import chain

import pytest
import time_machine
from django.test import Client
from django.utils.html import escape, strip_tags
from pytest_django import DjangoAssertNumQueries

from hcpcs.services.load_seed_codes import load_seed_codes
from pcl.models import ListingChange
from pcl.services.end_date_listing import end_date_listing
from pcl.services.load_seed_register import load_seed_register
from tests.factories.register import make_code, make_publication, publish, require

pytestmark = pytest.mark.django_db
EXOSKELETON = "/publications/powered-lower-extremity-exoskeleton-correct-coding/"


@pytest.fixture
def seed() -> None:
    load_seed_codes()
    load_seed_register()


def text_of(html: bytes) -> str:
    """The words of the page's own part, blanks squeezed."""
    body = html.decode().partition("<main")[2].partition("</main>")[0]
    return " ".join(strip_tags(body).replace("\xa0", " ").split())


def page(client: Client, address: str, *, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, address
    return text_of(response.content).replace("&amp;", "&").replace("&#x27;", "'")


def products(client: Client, address: str, *, status: int = 200) -> list[str]:
    """The products that the page's tables name, in order."""
    response = client.get(address)
    assert response.status_code == status, address
    links = re.findall(r'href="/listings/\d+/[^"]*">([^<]*)</a>\s*</th>', response.content.decode())
    return [link.strip() for link in links]


@pytest.mark.usefixtures("seed")
@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/?q=rewalk",
        "/?q=nothing",
        "/listings/{listing}/",
        "/codes/",
        "/codes/K1007/",
        "/codes/K1032/",
        "/organizations/argo-technologies/",
        "/publications/",
        EXOSKELETON,
        "/requirements/",
        "/changes/",
        "/data/",
        "/about/",
    ],
)
def test_every_page_answers_to_anybody_and_only_to_reading(client: Client, address: str) -> None:
    address = address.format(listing=ListingChange.objects.get().listing_id)

    assert client.get(address).status_code == 200
    assert client.head(address).status_code == 200
    assert client.post(address).status_code == 405


@pytest.mark.usefixtures("seed")
@time_machine.travel("2026-11-21 15:00Z")
@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("/api/hcpcs/v3/search?terms=power+wheelchair", b"[0,[],null,[]]"),
        ("/fhir/CodeSystem/hcpcs/$lookup?code=K1007", b'"resourceType":"Parameters"'),
        ("/fhir/CodeSystem/hcpcs/$validate-code?code=K1032&date=2024-01-01", b'"valueBoolean":false'),
        ("/fhir/metadata", b'"CapabilityStatement"'),
    ],
)
def test_the_examples_of_the_data_page_work(client: Client, address: str, says: bytes) -> None:
    assert f'href="{escape(address)}"' in client.get("/data/").content.decode().replace("%24", "$")
    response = client.get(address)
    assert response.status_code == 200
    assert says in response.content.replace(b": ", b":")


@pytest.mark.usefixtures("seed")
@time_machine.travel("2026-11-21 15:00Z")
def test_the_search_page_begins_with_the_box_and_the_newest_listings(client: Client) -> None:
    publish("Indego", begins=date(2024, 7, 1))
    publish("To come", begins=date(2027, 1, 1))

    html = client.get("/").content.decode()

    assert products(client, "/") == ["Indego", "ReWalk"]
    assert html.index('name="q"') < html.index('name="code"')
    assert "<h1>Find the HCPCS code under which a product is billed</h1>" in html


@time_machine.travel("2026-11-21 15:00Z")
def test_results_can_be_read_page_by_page_and_back(client: Client) -> None:
    for number in range(120):
        publish(f"Product {number:03}")

    seen, address, addresses = [], "/?q=product", []
    while address:
        addresses.append(address)
        html = client.get(address).content.decode()
        seen.append(products(client, address))
        following = re.search(r'href="([^"]*)"\s+rel="next"', html)
        address = following[1].replace("&amp;", "&") if following else ""
    assert [len(each) for each in seen] == [50, 50, 20]
    assert list(chain.from_iterable(seen)) == [f"Product {number:03}" for number in range(120)]

    html = client.get(addresses[-1]).content.decode()
    back = re.search(r'href="([^"]*)"\s+rel="prev"', html)
    assert back is not None
    assert products(client, back[1].replace("&amp;", "&")) == seen[1]
    assert 'rel="prev"' not in client.get("/?q=product").content.decode()


@pytest.mark.parametrize(
    ("query", "order"),
    [
        ("", ["Alpha", "Gamma", "Beta"]),
        ("&sort=product", ["Alpha", "Beta", "Gamma"]),
        ("&sort=manufacturer", ["Beta", "Gamma", "Alpha"]),
        ("&sort=newest", ["Gamma", "Beta", "Alpha"]),
    ],
)
def test_results_are_sorted_as_asked(client: Client, query: str, order: list[str]) -> None:
    publish("Alpha", manufacturer="Zeta", code="E0001")
    publish("Beta", manufacturer="Acme", code="K1007")
    publish("Gamma", manufacturer="Bolt", code="E0147")

    assert products(client, f"/?status=all{query}") == order


@pytest.mark.usefixtures("seed")
@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("q=rewalk&on=2024-02-30", "“2024-02-30” is not a date that exists."),
        ("q=rewalk&status=covered", "“covered” is no status."),
        ("q=rewalk&code=12345", "Write the code as one letter and four digits, such as K1007."),
        ("q=rewalk&code=K1007&code=K1032", "This is given more than once. Give it once."),
        ("q=rewalk&q=" + "x" * 10_000, "That is too long: it has 10000 characters, and at most 400 can be looked for."),
        ("q=%00rewalk", "Null characters are not allowed."),
    ],
)
def test_a_value_that_cannot_be_used_is_said_beside_its_field(client: Client, query: str, words: str) -> None:
    html = client.get(f"/?{query}").content.decode()

    assert words in page(client, f"/?{query}", status=400)
    assert products(client, f"/?{query}", status=400) == []
    assert 'aria-invalid="true"' in html
    assert "rewalk" in html or "xxx" in html


@pytest.mark.usefixtures("seed")
@pytest.mark.parametrize("typed", ["***", "'; DROP TABLE", "🦿", "שלום", "%25", "a" * 400, "& | ! :*", "<script>"])
def test_nothing_typed_is_ever_a_fault(client: Client, typed: str) -> None:
    response = client.get("/", {"q": typed})

    assert response.status_code == 200
    assert b"<script>alert" not in response.content
    assert "No listing found" in text_of(response.content)


@pytest.mark.usefixtures("seed")
def test_a_cursor_that_means_nothing_shows_the_first_page_and_says_so(client: Client) -> None:
    address = "/?q=rewalk&cursor=forged"

    assert "That page is no longer where it was." in page(client, address, status=400)
    assert products(client, address, status=400) == ["ReWalk"]


@pytest.mark.usefixtures("seed")
def test_who_finds_nothing_is_told_what_else_to_try(client: Client) -> None:
    words = page(client, "/?q=rewalk&code=k1007&on=2023-01-01")

    assert "No listing found" in words
    assert "1 listing on other dates of service: ended before, or not yet in force." in words
    assert "K1007 is valid on January 1, 2023, and this register knows of no requirement" in words
    assert products(client, "/?q=rewalk&code=k1007&on=2023-01-01&status=all") == ["ReWalk"]


def test_the_box_proposes_codes_and_manufacturers_of_what_is_found(client: Client) -> None:
    publish("Brace", code="L1832", manufacturer="Acme & Sons")
    publish("Brace Pro", code="L1833", manufacturer="Bolt")
    publish("Walker", code="E0143", manufacturer="Corvus")
    html = client.get("/?q=brace").content.decode()
    proposed = html.partition('<datalist id="names">')[2].partition("</datalist>")[0]
    assert re.findall(r'<option value="([^"]+)">', proposed) == ["L1832", "L1833", "Acme &amp; Sons", "Bolt"]
    assert 'list="names"' in html
    empty = client.get("/").content.decode()
    assert "<option value" not in empty.partition('<datalist id="names">')[2].partition("</datalist>")[0]


@pytest.mark.usefixtures("seed")
def test_each_part_of_a_search_can_be_taken_away(client: Client) -> None:
    html = client.get("/?q=rewalk&code=K1007&on=2024-06-01").content.decode()

    assert re.findall(r'class="register-status register-status--info"\s+href="([^"]*)"', html) == [
        "/?code=K1007&amp;on=2024-06-01",
        "/?q=rewalk&amp;on=2024-06-01",
        "/?q=rewalk&amp;code=K1007",
    ]
    assert 'href="/api/v1/exports/listings.csv?q=rewalk&amp;code=K1007&amp;on=2024-06-01"' in html


@pytest.mark.usefixtures("seed")
@time_machine.travel("2026-11-21 15:00Z")
def test_a_listing_has_a_page_of_its_own(client: Client) -> None:
    listing = ListingChange.objects.get().listing

    words = page(client, listing.get_absolute_url())

    for said in (
        "Today, November 21, 2026, it can be billed under K1007. The list has said so since ",
        "First day to bill December 28, 2023",
        "Last day to bill no end set",
        "Manufacturer Argo Technologies",
        "Also known as Rewalk™",
        "Model number none stated",
        "Origin Assigned by CMS",
        "The source gives no begin date",
        "For dates of service on or after June 1, 2024, only products on this list may be billed under K1007.",
        "Listed is not covered.",
        "Change 1 ·",
        "Listed under K1007 for dates of service from December 28, 2023",
        "as the publication posted December 28, 2023 says.",
    ):
        assert said in words, said


@time_machine.travel("2026-11-21 15:00Z")
def test_the_page_of_a_listing_tells_what_happened_to_it(client: Client) -> None:
    listing = publish("Exo", begins=date(2024, 6, 1))
    end_date_listing(listing=listing, last_day=date(2025, 3, 31), reason="The maker withdrew it.", by=None)

    words = page(client, listing.get_absolute_url())

    assert "it cannot be billed under K1007: its last day to bill is March 31, 2025." in words
    assert "Last day to bill set to March 31, 2025 The maker withdrew it." in words
    assert words.index("Change 2 ·") < words.index("Change 1 ·")
    on_the_last_day = page(client, f"{listing.get_absolute_url()}?on=2025-03-31")
    assert "On March 31, 2025 it could be billed under K1007." in on_the_last_day


def test_a_listing_that_never_was_is_said_to_be_none(client: Client) -> None:
    assert "There is no listing 7" in page(client, "/listings/7/", status=404)
    assert "There is no listing" in page(client, "/listings/99999999999999999999/", status=404)


@pytest.mark.usefixtures("seed")
@time_machine.travel("2026-11-21 15:00Z")
def test_k1032_says_that_it_ended(client: Client) -> None:
    words = page(client, "/codes/K1032/")

    assert "Ended: last day of use December 31, 2023" in words
    assert "may be billed for dates of service from April 1, 2022 to December 31, 2023" in words
    assert "Action Effective Date January 1, 2024" in words
    assert "Ended" not in page(client, "/codes/K1032/?on=2023-12-31").partition("CMS's record")[0]
    assert "Ended: last day" in page(client, "/codes/K1032/?on=2024-01-01")


@pytest.mark.usefixtures("seed")
@pytest.mark.parametrize(
    ("on", "said"),
    [
        (
            "2024-05-31",
            "Verification is not yet required on May 31, 2024 For dates of service on or after June 1, 2024",
        ),
        ("2024-06-01", "Only products on this list may be billed under K1007 For dates of service on or after June 1"),
    ],
)
def test_a_requirement_is_told_as_of_the_date_of_service(client: Client, on: str, said: str) -> None:
    """DOMAIN 7, case 2."""
    words = page(client, f"/codes/K1007/?on={on}")

    assert said in words
    assert "Powered Lower Extremity Exoskeleton - Correct Coding" in words
    assert products(client, f"/codes/K1007/?on={on}") == ["ReWalk"]
    assert ("1 code requires" in page(client, f"/requirements/?on={on}")) is (on == "2024-06-01")


def test_a_code_that_is_used_again_has_several_meanings(client: Client) -> None:
    """DOMAIN 7, case 12."""
    old = make_code("Q2040", added=date(2010, 1, 1), terminated=date(2015, 12, 31), long_description="A toxin")
    new = make_code("Q2040", added=date(2018, 1, 1), long_description="A cell therapy")
    publish("Old toxin", code=old, begins=date(2012, 1, 1))
    publish("New therapy", code=new, begins=date(2019, 1, 1))

    assert products(client, "/codes/Q2040/?on=2012-06-01") == ["Old toxin"]
    assert products(client, "/codes/Q2040/?on=2020-01-01") == ["New therapy"]
    words = page(client, "/codes/Q2040/?on=2020-01-01")
    assert "HCPCS code Q2040 A cell therapy" in words
    assert "January 1, 2010 to December 31, 2015 : A toxin" in words
    # Between the two it means nothing; the page shows what ended last.
    assert "Ended: last day of use December 31, 2015" in page(client, "/codes/Q2040/?on=2016-06-01")


@pytest.mark.usefixtures("seed")
def test_the_address_of_a_code_is_in_capitals(client: Client) -> None:
    response = client.get("/codes/k1007/?on=2024-06-01")

    assert (response.status_code, response["Location"]) == (301, "/codes/K1007/?on=2024-06-01")
    assert "Z9999 is not a code that this register knows" in page(client, "/codes/Z9999/", status=404)
    assert client.get("/codes/%00/").status_code in {301, 404}


@pytest.mark.usefixtures("seed")
def test_codes_are_found_by_word_and_by_status(client: Client) -> None:
    assert "K1032" in page(client, "/codes/?q=compress&status=all")
    assert "No code found" in page(client, "/codes/?q=compress&on=2024-01-01")
    assert "1 code or modifier" in page(client, "/codes/?q=compress&on=2023-12-31")
    assert "is not a date that exists" in page(client, "/codes/?on=2024-02-30", status=400)


def test_a_publication_shows_no_markup_of_its_author(client: Client) -> None:
    make_publication(body="<script>alert(1)</script> **bold** [x](javascript:alert(1))")

    html = client.get("/publications/a-publication/").content.decode()

    assert "<script>alert(1)" not in html
    assert 'href="javascript' not in html
    assert "<strong>bold</strong>" in html


def test_a_requirement_without_a_first_date_says_so(client: Client) -> None:
    require(make_code("A5512"), begins=None, fallback_code="A9270", exception_text="Unless made by hand.")

    words = page(client, "/codes/A5512/?on=2001-01-01")

    assert "The source names this code, but no first date of service." in words
    assert "No source says whether that was so on January 1, 2001 already; this register takes it that it was." in words
    assert "Unless made by hand. A product that is not listed: A9270." in words


@pytest.mark.parametrize(
    "address",
    [
        "/?status=all",
        "/",
        "/codes/?status=all",
        "/codes/K1007/",
        "/organizations/argo-technologies/",
        "/publications/",
        "/requirements/",
        "/changes/",
        "/listings/{first}/",
    ],
)
def test_a_longer_list_costs_no_more_queries(
    client: Client,
    address: str,
    django_assert_max_num_queries: DjangoAssertNumQueries,
    count_queries: Callable[[str], int],
) -> None:
    first = publish("First").pk
    add_row("first")
    address = address.format(first=first)
    with_one = count_queries(address)
    add_row("second")
    add_row("third")

    assert count_queries(address) == with_one
    most = 6 if address.startswith("/?") or address == "/" else 14 if "/listings/" in address else 10
    with django_assert_max_num_queries(most):
        client.get(address)


def add_row(name: str) -> None:
    """One more of everything that a list can show."""
    publish(f"Product {name}", other_names=(f"Alias {name}",), model_number=name)
    number = {"first": 1, "second": 2, "third": 3}[name]
    code = make_code(f"E000{number}")
    publication = make_publication(name)
    publication.codes.set([code])
    publication.history.create(changed_on=date(2024, 1, 1), description="Posted")
    require(code, begins=date(2020, 1, 1), publication=publication)


@pytest.mark.parametrize(
    ("asked", "carried"),
    [
        ("q=walker", ""),
        ("q=walker&on=2026-09-01", "?on=2026-09-01"),
        ("on=2026-09-01&status=all&as_published=2026-11-22", "?on=2026-09-01&amp;as_published=2026-11-22"),
    ],
)
def test_a_result_leads_on_with_the_days_that_were_asked_for(client: Client, asked: str, carried: str) -> None:
    with time_machine.travel("2026-11-21 15:00Z", tick=False):
        listing = publish("Old walker", code="E0148", begins=date(2020, 1, 1))
    with time_machine.travel("2026-11-25 15:00Z", tick=False):
        html = client.get(f"/?{asked}").content.decode()

    assert f'href="/listings/{listing.pk}/{carried}">Old walker</a>' in html
    assert f'href="/codes/E0148/{carried}">E0148</a>' in html
