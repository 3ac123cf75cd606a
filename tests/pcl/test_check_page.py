"""The page `/check/`: a question with an address, an answer in words."""

import re
from collections.abc import Callable
from datetime import date
from html import unescape
from typing import Any

import pytest
import time_machine
from django.test import Client

from tests.factories.register import make_code, make_publication, publish, require

pytestmark = pytest.mark.django_db
ASKED = "/check/?code=K1007&date_of_service=2024-06-01"


def page(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status
    return " ".join(response.content.decode().split())


def test_the_form_is_there_before_anything_is_asked(client: Client) -> None:
    html = page(client, "/check/")
    assert "Is this product listed under this code?" in html
    assert "What to do next" not in html
    assert 'href="/check/batch/"' in html


@pytest.mark.parametrize(
    ("product", "kind", "heading"),
    [
        ("ReWalk", "success", "Listed under K1007 on June 1, 2024"),
        ("Elsewhere", "warning", "Not listed under K1007, but under another code"),
        ("Nowhere", "error", "Not listed under K1007 on June 1, 2024"),
        ("", "warning", "More is needed to answer"),
    ],
)
def test_the_answer_is_a_box_with_words(client: Client, product: str, kind: str, heading: str) -> None:
    require(make_code("K1007"), begins=date(2024, 6, 1), publication=make_publication("why"))
    listing = publish("ReWalk")
    publish("Elsewhere", code="L0001")

    html = page(client, f"{ASKED}&product={product}")

    assert f'class="usa-alert usa-alert--{kind}"' in html
    assert f'id="answer">{heading}</h2>' in html
    assert 'href="/publications/why/"' in html
    assert "Listed is not covered." in html
    assert (f'href="/listings/{listing.pk}/?on=2024-06-01"' in html) is (product == "ReWalk")
    assert (
        f"http://testserver/check/?code=K1007&amp;date_of_service=2024-06-01{'&amp;product=' if product else ''}"
        in html
    )


@pytest.mark.parametrize(
    ("code", "heading"),
    [("K1032", "K1032 is not valid on June 1, 2024"), ("Q9999", "There is no code Q9999")],
)
def test_a_code_that_cannot_be_billed_says_so(client: Client, code: str, heading: str) -> None:
    make_code("K1032", terminated=date(2023, 12, 31))
    assert heading in page(client, f"/check/?code={code}&date_of_service=2024-06-01&product=x")


def test_an_unverified_code_needs_no_listing(client: Client) -> None:
    make_code("A4206")
    assert "A4206 needs no verified product on June 1, 2024" in page(
        client, "/check/?code=a4206&date_of_service=2024-06-01"
    )


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("code=K1007", "Write the date of service, such as 2024-06-01."),
        ("code=&date_of_service=2024-06-01", "Write the HCPCS code of the claim, such as K1007."),
        ("code=K1007&date_of_service=02/30/2024", "“02/30/2024” is not a date that exists"),
        ("code=K1007&date_of_service=07/01/24", "“07/01/24” has a year of two digits; it needs all four. If it means"),
        ("code=K1007&date_of_service=1066-10-14", "is not a plausible date"),
        ("code=K1007&date_of_service=2024-06-01&product=--", "holds no letter or digit"),
        ("code=" + "K" * 21 + "&date_of_service=2024-06-01", "at most 20 characters"),
        ("code=K1007&date_of_service=2024-06-01&code=K1032", "This is given more than once. Give it once."),
        ("code=K1007&date_of_service=2024-06-01&product=%00x", "Null characters are not allowed"),
        ("product=" + "x" * 1_000 + "&code=K1&date_of_service=2024-06-01", "at most 300 characters"),
    ],
)
def test_what_cannot_be_meant_is_said_beside_its_field(client: Client, query: str, said: str) -> None:
    html = page(client, f"/check/?{query}", 400)
    assert said in html
    assert "What to do next" not in html


@pytest.mark.parametrize("product", ["%25x_'\\:*", "\u202eabc", "🦿 x", "<script>x</script>"])
def test_odd_names_are_only_names(client: Client, product: str) -> None:
    publish("ReWalk")
    html = page(client, f"{ASKED}&product={product}")
    assert "K1007 needs no verified product" in html
    assert "<script>x" not in html


def test_too_many_questions_from_one_address_are_told_to_wait(client: Client, settings: Any) -> None:
    settings.CHECK_LINES_PER_HOUR = 1
    make_code("K1007")
    page(client, ASKED)
    assert "Try again in" in page(client, ASKED, 429)


def test_a_household_has_one_limit_however_many_addresses_it_has(client: Client, settings: Any) -> None:
    """On the page, in files and through the API together."""
    settings.CHECK_LINES_PER_HOUR = 3
    make_code("K1007")
    first, second, third = [{"REMOTE_ADDR": f"2001:db8:1:2::{number}"} for number in (1, 2, 3)]
    line = {"code": "K1007", "date_of_service": "2024-06-01"}
    kind = "application/json"
    assert client.get(ASKED, **first).status_code == 200
    assert client.post("/check/batch/", {"lines": "K1007,2024-06-01"}, **second).status_code == 302
    assert client.post("/api/v1/checks/", {"lines": [line]}, content_type=kind, **third).status_code == 200
    assert client.post("/api/v1/checks/", {"lines": [line]}, content_type=kind, **first).status_code == 429
    assert client.post("/check/batch/", {"lines": "K1007,2024-06-01"}, **first).status_code == 429
    assert client.get(ASKED, **third).status_code == 429
    assert client.get(ASKED, REMOTE_ADDR="2001:db8:1:3::1").status_code == 200


def test_a_listing_more_costs_no_query_more(client: Client, count_queries: Callable[[str], int]) -> None:
    require(make_code("K1007"), begins=None, publication=make_publication())
    publish("Brace", model_number="1")
    once = count_queries(f"{ASKED}&product=Brace")
    publish("Brace", model_number="2")
    publish("Brace", model_number="3")
    assert count_queries(f"{ASKED}&product=Brace") == once


def test_a_part_of_a_name_leads_to_what_may_be_meant(client: Client) -> None:
    require(make_code("K1007"), begins=date(2024, 1, 1))
    publish("ReWalk 7", manufacturer="Argo Technologies", code="K1007", model_number="RW-7")
    publish("ReWalk 5", manufacturer="Argo Technologies", code="L2001")
    publish("Other", manufacturer="Somebody", code="K1007")
    html = page(client, "/check/?code=K1007&date_of_service=2024-06-01&product=rewalk")

    assert "Not listed under K1007" in html
    assert "Do you mean one of these?" in html
    meant = re.findall(r'href="(/check/[^"]+)">Check ([^<]+)</a>', html)
    assert [text for _, text in meant] == ["ReWalk 7, model RW-7"]
    assert "Listed under K1007 on June 1, 2024" in page(client, unescape(meant[0][0]))


@pytest.mark.parametrize(
    "query",
    ["product=ReWlak+7", "model_number=RW-77", "manufacturer=Arggo+Technologies", "product=ReWalk+7&model_number=X"],
)
def test_a_misspelled_name_leads_to_what_may_be_meant(client: Client, query: str) -> None:
    require(make_code("K1007"), begins=date(2024, 1, 1))
    publish("ReWalk 7", manufacturer="Argo Technologies", code="K1007", model_number="RW-7")
    publish("Other", manufacturer="Somebody", code="K1007")
    html = page(client, f"/check/?code=K1007&date_of_service=2024-06-01&{query}")

    assert "Not listed under K1007" in html
    assert re.findall(r'href="/check/[^"]+">Check ([^<]+)</a>', html) == ["ReWalk 7, model RW-7"]


def test_what_may_be_meant_is_asked_of_the_same_list(client: Client) -> None:
    with time_machine.travel("2026-03-02T12:00:00Z", tick=False):
        require(make_code("K1007"), begins=date(2024, 1, 1))
        publish("ReWalk 7", code="K1007")
    html = page(client, f"{ASKED}&product=rewalk&as_published=2026-03-02")

    assert re.findall(r'href="/check/[^"]+(as_published=[^"]+)">Check ', html) == ["as_published=2026-03-02"]


@pytest.mark.parametrize("code", ["k+1007", "K-1007", "k.1007", "+K1007+"])
def test_a_code_is_read_however_it_is_parted(client: Client, code: str) -> None:
    require(make_code("K1007"), begins=date(2024, 1, 1))
    publish("ReWalk 7", code="K1007")
    assert "Listed under K1007 on June 1, 2024" in page(
        client, f"/check/?code={code}&date_of_service=2024-06-01&product=ReWalk+7"
    )


@pytest.mark.parametrize("query", ["product=Nothing+alike", "product=%D7%90", ""])
def test_nothing_alike_is_not_offered(client: Client, query: str) -> None:
    require(make_code("K1007"), begins=date(2024, 1, 1))
    publish("ReWalk 7", code="K1007")
    assert "Do you mean" not in page(client, f"{ASKED}&{query}")


def test_an_empty_question_is_told_what_to_write(client: Client) -> None:
    assert "Write the date of service" in page(client, "/check/?code=&date_of_service=", 400)
