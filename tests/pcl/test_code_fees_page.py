"""Fees on the page of a code and on a page of their own."""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
import time_machine
from django.test import Client

from hcpcs.models import Code, Kind
from hcpcs.services.import_fees import import_fees
from tests.accounts.test_templates_obey_the_content_security_policy import breaches
from tests.factories.register import make_code
from tests.hcpcs.fee_files import fee_file, fee_row, published_fees
from tests.pcl.test_public_pages import page

pytestmark = pytest.mark.django_db
PAGE = "/codes/E0193/fees/"


@pytest.fixture
def _published() -> None:
    make_code("E0193", long_description="Powered air flotation bed")
    make_code("K1007")
    import_fees(path=published_fees())


def load(folder: Path, rows: list[list[str]], title: str = "April 2025") -> None:
    import_fees(path=fee_file(folder, rows, title=f"{title} Fee Schedule"))


def make_modifier(modifier: str) -> None:
    Code.objects.filter(pk=make_code(modifier).pk).update(kind=Kind.MODIFIER)


@pytest.mark.usefixtures("_published")
def test_every_state_with_its_rural_and_non_rural_amount(client: Client) -> None:
    words = page(client, f"{PAGE}?on=2025-05-01")

    assert "Fee schedule of April to June 2025" in words
    assert "A fee is not coverage." in words
    assert "Alabama $842.09 $1,005.70" in words
    assert "Alaska $1,154.25 –" in words
    assert "CMS sets no ceiling and no floor for this row." in words
    html = client.get(PAGE).content.decode()
    assert html.partition('aria-label="Amounts by state"')[2].count('<th scope="row">') == 53
    assert "Ceiling $111,860.00, floor $83,895.03" in page(client, "/codes/K1007/fees/?on=2025-05-01")


@pytest.mark.usefixtures("_published")
@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("on=2025-05-01&state=AL", "E0193 RR on May 1, 2025 $842.09 The amount for a non-rural area of Alabama."),
        ("on=2025-05-01&state=AL&rural=true&modifier=RR", "on May 1, 2025 $1,005.70 The amount for a rural area of"),
        ("on=2025-05-01&state=AK&rural=true", "$1,154.25 CMS gives no rural amount of its own here; the one amount of"),
        ("on=2025-07-01&state=AL", "No amount. The fee schedule of July to September 2025 is not loaded here."),
    ],
)
def test_the_amount_for_a_date_of_service(client: Client, query: str, said: str) -> None:
    assert said in page(client, f"{PAGE}?{query}")


@pytest.mark.usefixtures("_published")
@time_machine.travel("2026-11-21 15:00Z")
def test_a_quarter_that_is_not_loaded_is_said(client: Client) -> None:
    said = (
        "The schedule of October to December 2026, which the date of service falls in, is not loaded here. "
        "These are the fees of April to June 2025; they do not apply to another quarter."
    )
    assert said in page(client, PAGE)
    assert said in page(client, "/codes/E0193/")
    assert "not loaded here" not in page(client, "/codes/E0193/?on=2025-05-01")


@pytest.mark.usefixtures("_published")
def test_the_page_of_the_code_has_them_in_short(client: Client) -> None:
    words = page(client, "/codes/K1007/?on=2025-05-01")

    assert "Medicare fee schedule Dates of service from April 1, 2025 to June 30, 2025." in words
    assert "No modifier $111,860.00 $83,895.03" in words
    assert "A fee is not coverage" in words
    html = client.get("/codes/K1007/?on=2025-05-01").content.decode()
    assert 'href="/codes/K1007/fees/?on=2025-05-01"' in html
    assert client.get("/codes/K1007/fees/?on=2025-05-01").status_code == 200


def test_every_row_is_named_with_its_modifiers(client: Client, tmp_path: Path) -> None:
    make_code("E0001")
    make_modifier("KE")
    load(tmp_path, [fee_row("E0001", "NU"), fee_row("E0001", "NU", "KE", amounts=["3.00"] * 6)])

    words = page(client, "/codes/E0001/fees/?on=2025-05-01&modifier=NU+KE&state=CA")

    assert "E0001 NU KE on May 1, 2025 $3.00" in words
    assert "KE Description of KE" in words
    assert "NU a modifier that no loaded release describes" in words
    html = client.get("/codes/E0001/fees/?on=2025-05-01&modifier=NU+KE").content.decode()
    assert re.findall(r'href="(/[^"]*modifier=[^"]*)"\s*(aria-current="true")?', html) == [
        ("/codes/E0001/fees/?on=2025-05-01&amp;modifier=NU", ""),
        ("/codes/E0001/fees/?on=2025-05-01&amp;modifier=NU+KE", 'aria-current="true"'),
    ]


def test_a_modifier_names_its_codes(client: Client, tmp_path: Path) -> None:
    make_modifier("RR")
    make_modifier("KX")
    make_code("E0001")
    assert "No fee schedule is loaded here" in page(client, "/modifiers/RR/")
    load(tmp_path, [fee_row("E0001", "RR"), fee_row("E0002", "NU", "RR"), fee_row("E0003")])

    assert "2 codes in the fee schedule of April to June 2025: E0001 E0002" in page(client, "/modifiers/RR/")
    assert "None in the fee schedule of April to June 2025." in page(client, "/modifiers/KX/")
    response = client.get("/codes/RR/fees/")
    assert (response.status_code, response["Location"]) == (302, "/modifiers/RR/")


def test_a_chart_from_the_second_quarter_on(client: Client, tmp_path: Path) -> None:
    make_code("E0001")
    load(tmp_path, [fee_row("E0001")])
    assert "<svg width=" not in client.get("/codes/E0001/fees/").content.decode()
    load(tmp_path, [fee_row("E0001", amounts=["14.00"] * 6)], "July 2025")
    load(tmp_path, [fee_row("E0001", amounts=["16.00"] * 6)], "January 2026")

    html = client.get("/codes/E0001/fees/").content.decode()
    chart = html.partition("<svg")[2].partition("</svg>")[0]

    # Two lines of three dots; a stroke from April to July 2025, none over the quarter that is not loaded.
    assert chart.count("<circle") == 6
    assert len(re.findall(r'<line[^>]*stroke-width="2"', chart)) == 2
    assert re.findall(r">([A-Z][a-z]{2} \d{4})</text>", chart) == ["Apr 2025", "Jul 2025", "Oct 2025", "Jan 2026"]
    assert breaches(html) == []
    words = page(client, "/codes/E0001/fees/")
    assert "January to March 2026 none none $16.00 $16.00" in words
    assert "April to June 2025 none none $13.00 $10.00" in words
    assert "Non-rural, California" in page(client, "/codes/E0001/fees/?state=CA")


def test_where_there_is_nothing_the_page_says_so(client: Client, tmp_path: Path) -> None:
    make_code("E0001")
    make_code("E0002", terminated=date(2024, 12, 31))
    for address in ("/codes/E0001/", "/codes/E0001/fees/"):
        assert "No fee schedule is loaded for a time at which E0001 could be used." in page(client, address)
    load(tmp_path, [fee_row("E0009"), fee_row("E0002"), fee_row("E0003", amounts=["0.00"] * 6)])
    for address in ("/codes/E0001/?on=2025-05-01", "/codes/E0001/fees/?on=2025-05-01"):
        assert "E0001 is not on the fee schedule of April to June 2025." in page(client, address)
    # It had ended: the file's row of its letters is not shown as its fee.
    assert "It may not be billed for May 1, 2025" in page(client, "/codes/E0002/fees/?on=2025-05-01")
    assert "$10.00" not in page(client, "/codes/E0002/fees/?on=2025-05-01&state=AL")
    make_code("E0003")
    assert "without an amount in any state" in page(client, "/codes/E0003/fees/?on=2025-05-01")


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("on=2025-02-30", "is not a date that exists"),
        ("state=ZZ", "ZZ is not one of the available choices"),
        ("modifier=UE", "UE is not one of the available choices"),
        ("rural=perhaps", "perhaps is not one of the available choices"),
        ("state=%00", "is not one of the available choices"),
    ],
)
def test_a_value_that_cannot_be_used_is_said(client: Client, tmp_path: Path, query: str, said: str) -> None:
    make_code("E0001")
    load(tmp_path, [fee_row("E0001", "RR")])
    assert said in page(client, f"/codes/E0001/fees/?{query}", status=400)


def test_addresses(client: Client) -> None:
    make_code("E0001")
    response = client.get("/codes/e0001/fees/?on=2025-05-01")
    assert (response.status_code, response["Location"]) == (301, "/codes/E0001/fees/?on=2025-05-01")
    assert client.get("/codes/Z9999/fees/").status_code == 404
    assert client.head("/codes/E0001/fees/").status_code == 200
    assert client.post("/codes/E0001/fees/").status_code == 405


def test_quarters_cost_no_more_queries(client: Client, tmp_path: Path, count_queries: Callable[[str], int]) -> None:
    make_code("E0001")
    load(tmp_path, [fee_row("E0001", "RR")])
    addresses = ("/codes/E0001/", "/codes/E0001/fees/", "/codes/E0001/fees/?on=2025-05-01&state=CA")
    with_one = [count_queries(address) for address in addresses]
    for month in ("January", "July", "October"):
        load(tmp_path, [fee_row("E0001", "RR"), fee_row("E0001", "NU")], f"{month} 2025")
    assert [count_queries(address) for address in addresses] == with_one
    assert max(with_one) <= 14
