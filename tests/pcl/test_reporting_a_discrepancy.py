"""What the public can tell the registrars, without an account, and what it gets to see of it: next to nothing."""

import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from accounts.models import OutgoingMail
from pcl.models import DiscrepancyKind, DiscrepancyReport, DiscrepancyStep, Listing
from pcl.patient_numbers import patient_number_in
from pcl.public.report_limit import LIMITS
from pcl.queries.discrepancies import beside
from tests.factories.discrepancies import report_on
from tests.factories.register import publish, some_code
from tests.reviewer.page import text_of

pytestmark = pytest.mark.django_db


def said(**given: Any) -> dict[str, Any]:
    return {
        "submission": str(uuid.uuid4()),
        "kind": "wrong_dates",
        "text": "The listing ended with the recall.",
        "website": "",
        **given,
    }


def page(listing: Listing) -> str:
    return f"/listings/{listing.pk}/report/"


def test_a_report_is_kept_and_has_a_receipt(client: Client) -> None:
    listing = publish("ReWalk", model_number="RW-6.0")
    answer = client.post(page(listing), said(email="biller@firm.example", evidence_url="https://maker.example/recall"))
    report = DiscrepancyReport.objects.get()
    assert (report.kind, report.listing, report.code, report.text, report.email, report.evidence_url) == (
        "wrong_dates",
        listing,
        "K1007",
        "The listing ended with the recall.",
        "biller@firm.example",
        "https://maker.example/recall",
    )
    assert [(step.kind, step.by) for step in report.steps.all()] == [("received", None)]
    assert answer.url == f"/report/received/{report.reference}/"
    assert re.fullmatch(r"D-[2-9A-Z]{4}-[2-9A-Z]{4}", report.reference)
    # Nobody is mailed whose address somebody else may have typed.
    assert OutgoingMail.objects.count() == 0


def test_the_receipt_says_what_happens_next_and_nothing_that_was_written(client: Client) -> None:
    listing = publish()
    report = report_on(listing, text="My secret words", email="biller@firm.example", evidence_url="https://x.example/")
    response = client.get(f"/report/received/{report.reference}/")
    text = text_of(response)
    assert f"reference is {report.reference}" in text
    assert "What happens next" in text
    for secret in ("My secret words", "biller@firm.example", "x.example"):
        assert secret not in response.content.decode()
    assert "noindex" in response.content.decode()
    assert "private" in response["Cache-Control"]
    # However it was noted.
    assert client.get(f"/report/received/{report.reference.replace('-', '').lower()}/").status_code == 200
    assert client.get("/report/received/D-2222-2222/").status_code == 404
    assert client.get("/report/received/%00/").status_code == 404


def test_no_public_page_shows_a_report(client: Client) -> None:
    listing = publish("ReWalk")
    report = report_on(listing, text="My secret words", email="biller@firm.example")
    for address in ("/", f"/listings/{listing.pk}/", "/changes/", "/codes/K1007/", f"/api/v1/listings/{listing.pk}/"):
        body = client.get(address).content.decode()
        assert ("My secret words" in body, report.reference in body, "biller@" in body) == (False, False, False)


def test_the_listing_leads_to_the_form(client: Client) -> None:
    listing = publish()
    assert f'href="{page(listing)}"' in client.get(f"/listings/{listing.pk}/").content.decode()
    assert client.get("/listings/999999/report/").status_code == 404


def test_edge_case_5_model_listed_under_product_a_is_marketed_as_product_b(client: Client) -> None:
    """DOMAIN 7.5: what is listed as A is sold as B. The report keeps both names, and registrars see both listings."""
    listed = publish("Product A", model_number="AB-12/3", manufacturer="Maker")
    same_number = publish("Product C", model_number="ab123", manufacturer="Distributor")
    sold_as = publish("Product B Deluxe", model_number="B-9", manufacturer="Maker")
    publish("Product D", model_number="AB-12/4", manufacturer="Maker")

    refused = client.post(page(listed), said(kind="other_name"))
    assert refused.status_code == 422
    assert "Give the name or model number that the product is marketed under." in text_of(refused)
    client.post(page(listed), said(kind="other_name", named="Product B"))

    report = DiscrepancyReport.objects.get()
    assert (report.kind, report.listing, report.named) == ("other_name", listed, "Product B")
    found = beside(report)
    assert [entry.pk for entry in found.same_model] == [same_number.pk]
    assert [entry.pk for entry in found.same_name] == [sold_as.pk]


def test_something_missing_from_the_list(client: Client) -> None:
    some_code("K1007")
    client.post(
        "/report/",
        said(kind="missing", product="ReWalk 7", manufacturer="Argo", model_number="RW-7", code=" k1007 "),
    )
    report = DiscrepancyReport.objects.get()
    assert (report.kind, report.listing, report.about, report.code) == (
        "missing",
        None,
        "ReWalk 7 · RW-7 · Argo",
        "K1007",
    )


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"kind": ""}, "Choose what is wrong."),
        ({"kind": "missing"}, "Choose one of these."),
        ({"text": ""}, "Describe what is wrong."),
        ({"text": "\u200b\u200b wrong \u200b"}, "Describe it in a sentence"),
        ({"text": "x" * 4001}, "at most 4000 characters"),
        ({"evidence_url": "javascript:alert(1)"}, "This is not the address of a web page."),
        ({"evidence_url": "https://["}, "This is not the address of a web page."),
        ({"evidence_url": "see attachment"}, "This is not the address of a web page."),
        ({"email": "me"}, "This is not an e-mail address. Write one such as"),
        ({"website": "https://casino.example"}, "was filled in. Empty it and send again."),
        ({"text": "Patient 1EG4-TE5-MK73 has it."}, "held a Medicare number (MBI). Take it out"),
        ({"text": "His number is 123-45-6789, see there."}, "held a Social Security number. Take it out"),
        ({"kind": "wrong_name", "named": "1EG4TE5MK73"}, "held a Medicare number (MBI). Take it out"),
        ({"submission": "x"}, "This page: A part of the page was lost."),
        ({"submission": ""}, "This page: A part of the page was lost."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost_or_kept(client: Client, wrong: dict[str, str], words: str) -> None:
    listing = publish()
    response = client.post(page(listing), said(**{"email": "biller@firm.example", **wrong}))
    assert response.status_code == 422
    assert words in text_of(response)
    assert 'value="biller@firm.example"' in response.content.decode() or "email" in wrong
    assert DiscrepancyReport.objects.count() == 0


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"product": ""}, "Name the product, or what your report is about."),
        ({"code": "K10"}, "Write the code as one letter and four digits"),
        ({"code": "K9998"}, "There is no code K9998 in CMS’s files."),
        ({"kind": "wrong_dates"}, "Choose one of these."),
    ],
)
def test_what_is_wrong_about_something_missing(client: Client, wrong: dict[str, str], words: str) -> None:
    response = client.post("/report/", said(**{"kind": "missing", "product": "ReWalk 7", **wrong}))
    assert (response.status_code, words in text_of(response)) == (422, True)
    assert DiscrepancyReport.objects.count() == 0


def test_a_form_sent_twice_is_one_report(client: Client) -> None:
    listing, form = publish(), said()
    first = client.post(page(listing), form)
    second = client.post(page(listing), form)
    assert first.url == second.url
    assert (DiscrepancyReport.objects.count(), DiscrepancyStep.objects.count()) == (1, 1)


def test_an_address_sends_so_many_reports_in_an_hour_and_another_is_not_kept_from_it(client: Client) -> None:
    listing = publish()
    most = LIMITS[0].most
    for _ in range(most):
        assert client.post(page(listing), said()).status_code == 302
    # What is refused anyway is not counted.
    assert client.post(page(listing), said(text="")).status_code == 422
    refused = client.post(page(listing), said(text="These words stay."))
    assert (refused.status_code, refused["Retry-After"]) == (429, "3600")
    assert "These words stay." in text_of(refused)
    assert "Your report was not sent" in text_of(refused)
    assert client.post(page(listing), said(), REMOTE_ADDR="198.51.100.7").status_code == 302
    assert DiscrepancyReport.objects.count() == most + 1
    with time_machine.travel(timezone.now() + timedelta(minutes=61), tick=False):
        assert client.post(page(listing), said()).status_code == 302


def test_hosts_of_one_ipv6_network_are_one_address(client: Client) -> None:
    listing = publish()
    for host in range(LIMITS[0].most):
        assert client.post(page(listing), said(), REMOTE_ADDR=f"2001:db8:1:2::{host + 1:x}").status_code == 302
    assert client.post(page(listing), said(), REMOTE_ADDR="2001:db8:1:2:ffff::1").status_code == 429
    assert client.post(page(listing), said(), REMOTE_ADDR="2001:db8:1:3::1").status_code == 302


def test_a_form_of_another_site_is_refused() -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(page(publish()), said()).status_code == 403
    assert DiscrepancyReport.objects.count() == 0


@pytest.mark.parametrize(
    "text",
    [
        "MBI 1EG4-TE5-MK73",
        "1eg4te5mk73",
        "SSN 123-45-6789",
        "123 45 6789",
        "SSN: 123456789",
        "Medicare number 123456789",
    ],
)
def test_a_patients_number_is_noticed(text: str) -> None:
    assert patient_number_in(text) is not None


@pytest.mark.parametrize(
    "text",
    [
        "Model AB-12/3, UDI 00810022330012",
        "call 800-555-0199",
        "FDA listing D123456",
        "K173034",
        "part 123456789",
        "000-12-3456",
        "2024-06-01",
        "1SG4-TE5-MK73",
        "123-45-67890",
    ],
)
def test_a_products_number_is_not(text: str) -> None:
    assert patient_number_in(text) is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"outcome": "corrected"},
        {"closed_at": timezone.now()},
        {"outcome": "unheard_of"},
        {"kind": "missing"},
        {"kind": "other_name"},
        {"named": "A name where the kind has none"},
        {"about": "Something beside the listing"},
        {"listing": None},
        {"text": ""},
        {"passed_on_to": "CMS"},
    ],
)
def test_the_database_refuses_what_does_not_fit_together(wrong: dict[str, Any]) -> None:
    report = report_on(publish())
    with pytest.raises(IntegrityError), transaction.atomic():
        DiscrepancyReport.objects.filter(pk=report.pk).update(**wrong)


def test_every_kind_can_be_told_somewhere() -> None:
    listing = publish()
    for kind in DiscrepancyKind:
        named = "Other" if kind in {"wrong_name", "other_name"} else ""
        report_on(None if kind == DiscrepancyKind.MISSING else listing, kind=kind, named=named, about="X")
    assert DiscrepancyReport.objects.count() == len(DiscrepancyKind)


def test_behind_a_proxy_the_address_is_the_one_that_the_proxy_saw(client: Client, settings: Any) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    listing = publish()

    def send(forwarded: str) -> int:
        return client.post(page(listing), said(), headers={"X-Forwarded-For": forwarded}).status_code

    # What a client writes there itself comes first, and buys it no new limit.
    assert [send(f"203.0.113.{n}, 198.51.100.7") for n in range(LIMITS[0].most)] == [302] * LIMITS[0].most
    assert send("203.0.113.99, 198.51.100.7") == 429
    assert send("198.51.100.8") == 302
