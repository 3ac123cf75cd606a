"""Who finds nothing is told why that may be, and what finds something."""

import re
from collections.abc import Callable
from datetime import date

import pytest
import time_machine
from django.http import QueryDict
from django.test import Client

from pcl.models import RegisterEntry
from pcl.queries import vocabulary as module
from pcl.queries.did_you_mean import suggestions
from pcl.queries.listing_filter import ListingFilter
from pcl.queries.vocabulary import Vocabulary, nearest
from pcl.services.end_date_listing import end_date_listing
from tests.factories.register import make_code, publish, require
from tests.pcl.test_public_pages import page, products

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_vocabulary(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not the words of other tests."""
    monkeypatch.setattr("pcl.queries.did_you_mean.vocabulary", Vocabulary())


@pytest.fixture
def register() -> None:
    publish("ReWalk Personal", manufacturer="Argo Technologies")
    publish("Knee Orthosis", manufacturer="Breg Bracing", code="L1832", model_number="KX-4501/A")
    publish("Walker", manufacturer="Rewind Medical", code="E0147")


def meant(typed: str) -> list[str]:
    def found(words: str) -> object:
        query = QueryDict(mutable=True)
        query["q"] = words
        return ListingFilter(query, RegisterEntry.objects.all()).qs

    return suggestions(typed, found=found)  # type: ignore[arg-type]


@pytest.mark.usefixtures("register")
@pytest.mark.parametrize(
    ("typed", "likely"),
    [
        ("orthsis", ["orthosis"]),
        ("OTRHOSIS", ["orthosis"]),
        ("kne orthossis", ["kne orthosis", "kne"]),
        ("rewlak", ["rewalk"]),
        ("argo tecnologies", ["argo technologies", "argo"]),
        ("K1O07", ["k1007"]),
        ("kx4510", ["KX-4501/A"]),
        ("KX-4S01/A", ["KX-4501/A"]),
        ("argo walker", ["walker", "argo"]),
        ("zzzzzzzz", []),
        ("xy", []),
        ("🦿", []),
        ("---", []),
        ("%_'\\:*", []),
        ("x" * 400, []),
        ("1 " * 200, []),
    ],
)
def test_what_was_meant(typed: str, likely: list[str]) -> None:
    assert meant(typed) == likely


@pytest.mark.usefixtures("register")
def test_only_what_finds_something_is_suggested(client: Client) -> None:
    assert re.findall(r'href="([^"]*)">orthosis</a>', client.get("/?q=orthsis").content.decode()) == ["/?q=orthosis"]
    assert products(client, "/?q=orthosis") == ["Knee Orthosis"]
    # The code is kept, and under it there is no orthosis.
    assert "Did you mean" not in page(client, "/?q=orthsis&code=E0147")
    assert "Did you mean" not in page(client, "/?q=zzzzzzzz")
    assert "Did you mean" not in page(client, "/?q=orthosis")


def test_words_that_come_later_are_known_at_once() -> None:
    publish("Indego")
    assert meant("zefyr") == []
    publish("Zephyr")
    assert meant("zefyr") == ["zephyr"]


def test_a_vocabulary_has_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    publish("Alpha Beta Gamma")
    monkeypatch.setattr(module, "MOST_WORDS_HELD", 2)
    words = Vocabulary()

    words.complete()
    assert len(words.words) == 2
    words.complete()
    assert len(words.words) == 2


def test_slips_of_the_keyboard() -> None:
    assert nearest("knee", ["knees", "keen", "nee", "kneel", "foot"], most=9) == ["kneel", "knees", "nee"]
    assert nearest("ab", ["ac"], most=9) == []
    assert nearest("wheelchiar", ["wheelchair", "wheel"], most=1) == ["wheelchair"]


@time_machine.travel("2026-11-21 15:00Z")
def test_a_listing_that_ended_is_not_one_that_never_was(client: Client) -> None:
    ended = publish("Old walker", code="E0148", begins=date(2020, 1, 1))
    end_date_listing(listing=ended, last_day=date(2021, 1, 1), reason="Withdrawn.", by=None)

    words = page(client, "/?q=old+walker")

    assert "No listing found that is in force on November 21, 2026" in words
    assert "1 listing on other dates of service: ended before, or not yet in force." in words
    assert "other dates of service" not in page(client, "/?q=never+was")


def test_who_types_what_a_product_is_is_led_to_the_codes_described_so(client: Client) -> None:
    for number, description in enumerate(("Knee orthosis, rigid", "Knee orthosis, elastic", "Walker, folding")):
        make_code(f"L181{number}", long_description=description)
    publish("Indego")

    said = client.get("/?q=knee+orth&on=2026-01-02").content.decode()
    assert re.findall(r'href="(/codes/[^"]+)">HCPCS codes described with “knee orth”: 2</a>', said) == [
        "/codes/?q=knee+orth&amp;on=2026-01-02"
    ]
    found = page(client, "/codes/?q=knee+orth&on=2026-01-02")
    assert "L1810" in found
    assert "L1812" not in found
    assert "described with" not in page(client, "/?q=bicycle")
    assert "described with" not in page(client, "/?q=indego")


def test_what_an_earlier_list_did_not_show_is_looked_for_on_the_one_of_now(client: Client) -> None:
    with time_machine.travel("2026-11-21 15:00Z", tick=False):
        publish("Old walker", code="E0148", begins=date(2020, 1, 1))
    with time_machine.travel("2026-11-25 15:00Z", tick=False):
        html = client.get("/?q=old+walker&as_published=2026-11-20").content.decode()
        now = client.get("/?q=old+walker").content.decode()

    assert 'href="/?q=old+walker">Search the list as it stands now</a>' in html
    assert "as it stands now" not in now


@time_machine.travel("2026-11-21 15:00Z")
@pytest.mark.parametrize("query", ["code={}", "q={}"])
def test_it_is_said_what_the_code_is(client: Client, query: str) -> None:
    make_code("K1032", terminated=date(2023, 12, 31))
    make_code("E1111", added=date(2027, 1, 1))
    make_code("E0100")
    require(make_code("L1833"), begins=date(2024, 1, 1))

    def about(code: str) -> str:
        return page(client, f"/?{query.format(code)}")

    assert "Z9999 is not a code that this register knows." in about("Z9999")
    assert "K1032 is not valid on November 21, 2026: it ended after December 31, 2023." in about("k1032")
    assert "E1111 is not yet valid on November 21, 2026: it begins on January 1, 2027." in about("E1111")
    assert "a product need not stand on this list." in about("E0100")
    assert "only products on this list may be billed under it." in about("L1833")


@pytest.mark.parametrize("address", ["/?q=nothing+here", "/?q=L1832", "/?q=orthsis", "/?q=kx4510", "/?code=L1833"])
def test_finding_nothing_costs_few_queries(client: Client, count_queries: Callable[[str], int], address: str) -> None:
    publish("Knee Orthosis", code="L1832", model_number="KX-4501/A", begins=date(2090, 1, 1))
    assert count_queries(f"{address}&on=2030-01-01") <= 6
    publish("Ankle Orthosis", code="L1832", model_number="KX-4502/A", begins=date(2090, 1, 1))
    publish("Hip Orthosis", code="L1832", model_number="KX-4503/A", begins=date(2090, 1, 1))
    assert count_queries(f"{address}&on=2030-01-01") <= 6


@pytest.mark.parametrize(
    ("name", "typed"),
    [("שלום עולם", "שלום"), ("🦿 Leg", "leg"), ("100% Cotton_Wrap", "100%"), ("O'Brien \\ Brace", "o'brien \\")],
)
def test_names_of_every_kind_are_found(client: Client, name: str, typed: str) -> None:
    publish(name)
    publish("Other")

    response = client.get("/", {"q": typed})
    assert response.status_code == 200
    assert len(re.findall(r'href="/listings/\d+/"', response.content.decode())) == 1
