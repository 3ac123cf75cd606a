"""Releases, history, the dictionary, modifiers, and codes as a release gave them on a day."""

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from hcpcs.indicators import indicator_tables
from hcpcs.models import Release
from hcpcs.queries.described_fields import field_texts
from hcpcs.services.import_release import import_release
from tests.hcpcs.files import first_line, release_file
from tests.hcpcs.releases import JANUARY_2023, JANUARY_2024, LINES, OCTOBER_2025, load_releases
from tests.pcl.test_public_pages import page, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def two(tmp_path: Path) -> list[Release]:
    return load_releases(tmp_path)


def codes_in(html: str) -> list[str]:
    """The codes that a table's rows are of."""
    chips = re.findall(r'<th scope="row" data-label="Code">.*?</th>', html, flags=re.DOTALL)
    return [re.sub(r"<[^>]*>|\s", "", chip) for chip in chips]


def rows_of(client: Client, address: str) -> list[dict[str, str]]:
    response = client.get(address)
    assert response.status_code == 200
    assert response["Content-Type"].startswith("text/csv")
    return list(csv.DictReader(io.StringIO(b"".join(response).decode())))  # type: ignore[call-overload]


# Releases


def test_the_list_of_releases_says_what_each_changed(client: Client, two: list[Release]) -> None:
    words = page(client, "/releases/")

    assert "October 2025, revision 1 in force from October 1, 2025 HCPC2025_OCT_ANWEB.txt" in words
    assert f"SHA-256 {two[1].sha256[:12]}…" in words
    assert "10 1 January 2023, revision 1 2 2 3 8" in words
    assert "no older complete release is loaded" in words
    assert "have a termination date in this release and had none in the one before" in words


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("", ["A0002", "A0003", "A0004", "A0005", "A0006", "A0007", "A0008", "A0009", "A0010", "A0011", "GY"]),
        ("kind=ended", ["A0003", "A0009"]),
        ("kind=absent", ["A0008"]),
        ("kind=redescribed&q=garment", ["A0002"]),
        ("q=a001", ["A0010", "A0011"]),
        ("kind=repriced&q=nothing", []),
    ],
)
def test_changes_of_a_release_are_filtered_alike_on_page_and_in_the_file(
    client: Client, two: list[Release], query: str, codes: list[str]
) -> None:
    address = f"/releases/{two[1].pk}/"
    html = client.get(f"{address}?{query}").content.decode()

    assert codes_in(html) == codes
    assert [row["code"] for row in rows_of(client, f"{address}changes.csv?{query}")] == codes
    if codes and query:
        assert f"{address}changes.csv?{query.replace('&', '&amp;')}" in html


def test_old_and_new_words_are_marked_for_eyes_and_ears(client: Client, two: list[Release]) -> None:
    html = client.get(f"/releases/{two[1].pk}/?kind=redescribed&q=a0002").content.decode()

    assert '<del><span class="usa-sr-only">[removed: </span>full<span class="usa-sr-only">]</span></del>' in html
    assert '<ins><span class="usa-sr-only">[added: </span>half<span class="usa-sr-only">]</span></ins>' in html


def test_the_file_of_changes_says_what_differs_and_holds_no_formula(client: Client, two: list[Release]) -> None:
    rows = {row["code"]: row for row in rows_of(client, f"/releases/{two[1].pk}/changes.csv")}

    assert rows["A0004"]["differences"] == "pricing_indicators: 32 → 36"
    assert rows["A0003"]["changes"] == "ended"
    assert rows["A0002"]["long_description_before"] == "Garment, full leg, each"
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows.values() for cell in row.values())


def test_a_description_that_looks_like_a_formula_is_made_harmless(client: Client, tmp_path: Path) -> None:
    load_releases(tmp_path, JANUARY_2023)
    lines = [*LINES[JANUARY_2023], first_line("A0099", "=HYPERLINK(1)", added="20240101")]
    newer = import_release(path=release_file(tmp_path, lines, name=JANUARY_2024)).release

    assert rows_of(client, f"/releases/{newer.pk}/changes.csv")[0]["long_description"] == "'=HYPERLINK(1)"
    assert rows_of(client, "/codes.csv?q=A0099&status=all")[0]["long_description"] == "'=HYPERLINK(1)"


def test_all_changes_can_be_read_page_by_page(client: Client, tmp_path: Path) -> None:
    load_releases(tmp_path, JANUARY_2023)
    lines = [first_line(f"L{number:04}", "Knee", added="20250101") for number in range(120)]
    newer = import_release(path=release_file(tmp_path, [*LINES[JANUARY_2023], *lines], name=OCTOBER_2025)).release

    seen, address = [], f"/releases/{newer.pk}/?kind=added"
    while address:
        html = client.get(address).content.decode()
        seen += codes_in(html)
        following = re.search(r'href="([^"]*)"\s+rel="next"', html)
        address = following[1].replace("&amp;", "&") if following else ""

    assert seen == [f"L{number:04}" for number in range(120)]
    assert "That page is no longer where it was." in page(
        client, f"/releases/{newer.pk}/?kind=added&cursor=forged", status=400
    )


def test_the_oldest_release_is_compared_with_nothing(client: Client, two: list[Release]) -> None:
    assert "Nothing: no older complete release is loaded." in page(client, f"/releases/{two[0].pk}/")
    assert client.get(f"/releases/{two[0].pk}/changes.csv").status_code == 404


@pytest.mark.parametrize("number", ["0", "999999", "9" * 40])
def test_a_release_that_is_not_loaded_is_said_to_be_none(client: Client, number: str) -> None:
    assert "No release with the number" in page(client, f"/releases/{number}/", status=404)
    assert client.get(f"/releases/{number}/changes.csv").status_code == 404


@pytest.mark.parametrize("query", ["kind=broken", f"q={'x' * 10_000}", "q=%00"])
def test_a_question_about_changes_that_cannot_be_understood_is_said(
    client: Client, two: list[Release], query: str
) -> None:
    assert client.get(f"/releases/{two[1].pk}/?{query}").status_code == 400
    assert client.get(f"/releases/{two[1].pk}/changes.csv?{query}").status_code == 400


# History


def test_the_history_of_a_code_tells_who_introduced_what(client: Client, two: list[Release]) -> None:
    words = page(client, "/codes/A0004/history/")

    assert "October 2025, revision 1 changed 1 field" in words
    assert "Pricing Indicator Code [removed: 32] → [added: 36]" in words
    assert "January 2023, revision 1 is the first loaded release that has it Priced anew" in words
    assert "October 2025, revision 1 no longer has it" in page(client, "/codes/A0008/history/")
    assert "Nothing changed in: October 2025, revision 1." in page(client, "/codes/A0001/history/")


def test_two_releases_stand_side_by_side_the_older_on_the_left(client: Client, two: list[Release]) -> None:
    old, new = (release.pk for release in two)
    words = page(client, f"/codes/A0002/history/?from={old}&to={new}")

    assert "2 fields differ." in words
    assert "Garment, [removed: full] leg, each Garment, [added: half] leg, each" in words
    swapped = page(client, f"/codes/A0002/history/?from={new}&to={old}")
    assert "The older release stands on the left, although the newer one was asked for first." in swapped
    assert "Garment, [removed: full] leg, each Garment, [added: half] leg, each" in swapped
    assert "The two releases say the same of A0001." in page(client, f"/codes/A0001/history/?from={old}&to={new}")
    # One alone is compared with the newest other.
    assert "2 fields differ." in page(client, f"/codes/A0002/history/?from={old}")
    assert "2 fields differ." in page(client, f"/codes/A0002/history/?to={new}")


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("from={old}&to={old}", "Choose two different releases to compare."),
        ("from=999999&to={new}", "stands in no loaded release with the number 999999"),
        ("from={old}&to=nonsense", "give a whole number"),
        ("from=-1&to={new}", "give a whole number"),
        ("from=99999999999999999999999&to={new}", "give a whole number"),
    ],
)
def test_releases_that_cannot_be_compared_are_said(client: Client, two: list[Release], query: str, words: str) -> None:
    old, new = (release.pk for release in two)

    assert words in page(client, f"/codes/A0002/history/?{query.format(old=old, new=new)}", status=400)


def test_a_history_has_one_address(client: Client, two: list[Release]) -> None:
    for address, own in (
        ("/codes/a0002/history/?from=1", "/codes/A0002/history/?from=1"),
        ("/codes/GY/history/", "/modifiers/GY/history/"),
        ("/modifiers/gy/", "/modifiers/GY/"),
        ("/codes/gy/?on=2024-01-01", "/modifiers/GY/?on=2024-01-01"),
    ):
        response = client.get(address)
        assert (response.status_code, response["Location"]) == (301, own)
    assert "is not a code that this register knows" in page(client, "/codes/Z9999/history/", status=404)
    assert "is not a code that this register knows" in page(client, "/modifiers/A0001/", status=404)
    assert "is not a code that this register knows" in page(client, "/modifiers/ZZ/", status=404)
    assert client.get("/codes/%C3%89/history/").status_code == 404


# A code as a release gave it


@time_machine.travel("2025-11-21 15:00Z")
def test_a_code_is_shown_as_the_release_in_force_on_the_day_gave_it(client: Client, two: list[Release]) -> None:
    then, now = page(client, "/codes/A0002/?on=2023-02-01"), page(client, "/codes/A0002/")

    assert "HCPCS code A0002 Garment, full leg, each" in then
    assert "those of the release for February 1, 2023: January 2023, revision 1." in then
    assert "HCPCS code A0002 Garment, half leg, each" in now
    assert "those of the release for November 21, 2025: October 2025, revision 1." in now
    nearest = page(client, "/codes/A0002/?on=2024-06-01")
    assert "No release for June 1, 2024 is loaded; shown as of January 2023, revision 1." in nearest
    assert "Garment, full leg, each" in nearest


def test_validity_is_by_the_newest_release_and_says_so(client: Client, two: list[Release]) -> None:
    words = page(client, "/codes/A0003/?on=2023-02-01")

    assert "Valid on February 1, 2023: first day of use January 1, 2020, last day of use December 31, 2024." in words
    assert "Since then CMS has set other dates: validity is reckoned by those in October 2025, revision 1." in words
    assert "Termination Date None" in words
    assert "Ended: last day of use December 31, 2024" in page(client, "/codes/A0003/?on=2025-01-01")


def test_cross_references_are_hints_in_both_directions(client: Client, tmp_path: Path) -> None:
    lines = [first_line("B4105", "A cartridge", xref="Q9994"), first_line("Q9994", "A cartridge, too")]
    import_release(path=release_file(tmp_path, lines))

    assert "These are hints." in page(client, "/codes/B4105/")
    assert "named in the record of B4105)" in page(client, "/codes/B4105/")
    assert "named in the record of B4105)" in page(client, "/codes/Q9994/")
    assert 'href="/codes/Q9994/"' in client.get("/codes/B4105/").content.decode()
    missing = release_file(tmp_path, [first_line("C8904", "An image", xref="77046")], name="HCPC2024_APR_ANWEB.txt")
    import_release(path=missing, is_complete=False)
    assert "77046 is not in this catalogue" in page(client, "/codes/C8904/")


@pytest.mark.parametrize("on", ["2024-02-30", "1066-10-14", "9999-12-31", "tomorrow"])
def test_a_day_that_cannot_be_is_said(client: Client, two: list[Release], on: str) -> None:
    for address in ("/codes/A0002/", "/modifiers/GY/", "/codes/", "/modifiers/", "/codes.csv"):
        assert client.get(address, {"on": on}).status_code == 400, address


# Search


def test_words_are_marked_and_the_count_is_announced(client: Client, two: list[Release]) -> None:
    html = client.get("/codes/?q=GARMENTS").content.decode()

    assert "<mark>Garment</mark>, half leg, each" in html
    assert '<p role="status">' in html
    assert "1 code or modifier in force on" in text_of(html.encode())
    prefix = client.get("/codes/?q=a000&status=all").content.decode()
    assert "<mark>A0001</mark>" in prefix


def test_facets_narrow_and_chips_take_back(client: Client, two: list[Release]) -> None:
    html = client.get("/codes/?status=all&coverage=D&group=a").content.decode()

    assert codes_in(html) == ["A0005"]
    assert "Coverage: D Special coverage instructions apply ×remove" in text_of(html.encode())
    assert 'href="/codes/?status=all&amp;coverage=D"' in html
    assert 'href="/codes/?status=all&amp;group=a"' in html
    assert 'name="coverage" value="D"' in html
    assert codes_in(client.get("/codes/?group=modifiers").content.decode()) == ["GY"]
    assert [row["code"] for row in rows_of(client, "/codes.csv?status=all&coverage=D&group=a")] == ["A0005"]


@pytest.mark.parametrize(
    "query",
    ["group=AB", "group=%00", "betos=D1EX", "pricing=3", "coverage=CC", f"q={'x' * 10_000}", "status=active", "q=%00"],
)
def test_a_search_that_cannot_be_understood_is_said(client: Client, two: list[Release], query: str) -> None:
    assert client.get(f"/codes/?{query}").status_code == 400
    assert client.get(f"/codes.csv?{query}").status_code == 400


def test_the_file_has_every_row_and_field(client: Client, two: list[Release]) -> None:
    rows = rows_of(client, "/codes.csv?status=all&on=2025-01-01")

    assert len(rows) == 12
    row = next(row for row in rows if row["code"] == "A0003")
    assert (row["status"], row["terminated"], row["pricing_indicators"]) == ("ended", "2024-12-31", "36")
    assert row["url"] == "http://testserver/codes/A0003/"
    assert rows[-1]["url"] == "http://testserver/modifiers/GY/"


# Dictionary and modifiers


def test_the_dictionary_has_an_anchor_for_every_field_and_value(client: Client) -> None:
    html = client.get("/dictionary/").content.decode()
    anchors = set(re.findall(r'\bid="([^"]*)"', html))

    assert set(field_texts()) <= anchors
    for field, table in indicator_tables().items():
        assert {f"{field}-{value}" for value in table} <= anchors
    assert "positions 257-259" in text_of(html.encode())


def test_labels_and_values_of_a_code_lead_to_the_dictionary(client: Client, two: list[Release]) -> None:
    anchors = set(re.findall(r'\bid="([^"]*)"', client.get("/dictionary/").content.decode()))
    html = client.get("/codes/A0004/").content.decode()
    named = re.findall(r'href="/dictionary/#([^"]*)"', html)

    assert "pricing_indicators" in named
    assert "pricing_indicators-36" in named
    assert set(named) <= anchors


def test_modifiers_are_found_and_shown_with_their_history(client: Client, two: list[Release]) -> None:
    assert "1 modifier" in page(client, "/modifiers/?q=excluded")
    assert "No modifier found" in page(client, "/modifiers/?q=garment")
    words = page(client, "/modifiers/GY/")
    assert "HCPCS modifier GY Item or service statutorily excluded" in words
    assert "Item [added: or service] statutorily excluded" in words
    assert "Codes whose fees name GY" in words
    assert "changed 2 fields" in page(client, "/modifiers/GY/history/")


# What a page costs

PAGES = (
    *("/codes/", "/codes/?q=garment&coverage=C", "/codes/A0002/", "/codes/A0002/history/", "/modifiers/"),
    *("/modifiers/GY/", "/modifiers/GY/history/", "/releases/", "/releases/{release}/", "/dictionary/"),
)


@pytest.mark.parametrize("address", PAGES)
def test_a_page_costs_the_same_however_many_releases(
    client: Client, tmp_path: Path, address: str, count_queries: Callable[[str], int]
) -> None:
    _, second = load_releases(tmp_path)
    address = address.format(release=second.pk)
    with_two = count_queries(address)
    for name in (JANUARY_2024, "HCPC2024_APR_ANWEB.txt", "HCPC2024_JUL_ANWEB.txt"):
        lines = [*LINES[JANUARY_2024], first_line("A0042", name, added="20240101")]
        import_release(path=release_file(tmp_path, lines, name=name))

    assert count_queries(address) == with_two < 15
    assert Release.objects.count() == 5


@pytest.mark.parametrize("address", ["/codes/?status=all", "/modifiers/?status=all", "/releases/{release}/"])
def test_a_page_costs_the_same_with_one_row_and_with_three(
    client: Client, tmp_path: Path, address: str, count_queries: Callable[[str], int]
) -> None:
    def load(name: str, rows: int) -> Any:
        lines = [first_line("A0000", "Old"), first_line("A1", "Old")]
        lines += [first_line(f"E000{row}", "New", xref="E0001", added="20240101") for row in range(rows)]
        lines += [first_line(f"X{row}", "New", added="20240101") for row in range(rows)]
        return import_release(path=release_file(tmp_path, lines, name=name)).release.pk

    load("HCPC2023_JAN_ANWEB.txt", 0)
    with_one = count_queries(address.format(release=load("HCPC2024_JAN_ANWEB.txt", 1)))
    assert count_queries(address.format(release=load("HCPC2025_JAN_ANWEB.txt", 3))) == with_one


@pytest.mark.parametrize("name", ["releases", "modifiers", "dictionary", "codes", "codes_csv"])
def test_every_page_answers_only_to_reading(client: Client, two: list[Release], name: str) -> None:
    address = reverse(f"public:{name}")

    response = client.get(address)
    assert response.status_code == 200
    # What streams is read to its end, since it has the connection until then.
    assert response.getvalue()
    assert client.head(address).status_code == 200
    assert client.post(address).status_code == 405


def test_without_any_release_the_pages_say_so(client: Client) -> None:
    assert "No release is loaded yet" in page(client, "/releases/")
    assert "No code found" in page(client, "/codes/")
    assert "No modifier to show" in page(client, "/modifiers/")
