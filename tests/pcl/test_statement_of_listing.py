"""A statement to keep: what it says, that it is readable by everybody, and that it is confirmed or corrected later."""

import io
import re
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any

import pypdf
import pytest
import time_machine
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.test import Client

from hcpcs.models import Code
from pcl.documents.statement import statement_pdf
from pcl.errors import RegisterError
from pcl.models import Listing, Statement
from pcl.services import issue_statement as service
from pcl.services.changes import CHAIN_LOCK
from pcl.services.correct_listing import correct_listing
from pcl.services.end_date_listing import end_date_listing
from pcl.services.follow_catalogue import follow_catalogue
from pcl.services.follow_on_listing import reinstate_listing
from pcl.services.issue_statement import issue_statement
from pcl.services.products import rename_product
from pcl.statement_number import new_number, number_meant
from tests.factories.register import make_code, publish, require
from tests.pcl.test_public_pages import page

pytestmark = pytest.mark.django_db
JUNE, JULY, AUGUST = (datetime(2026, month, 15, 16, 0, tzinfo=UTC) for month in (6, 7, 8))
OPEN = "from January 1, 2026 on, with no end set"
NOON = "Jun 15, 2026, 12:00 p.m. ET"
NOW = datetime(2026, 9, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def listing() -> Iterator[Listing]:
    """Published in June, in July ended as of June 30, which was corrected in August to July 31; it is September."""
    with time_machine.travel(JUNE, tick=False):
        listing = publish("ReWalk", begins=date(2026, 1, 1), model_number="RW-6", manufacturer="Argo Technologies")
        require(listing.code, begins=date(2024, 6, 1), source="A list")
    with time_machine.travel(JULY, tick=False):
        end_date_listing(listing=listing, last_day=date(2026, 6, 30), reason="Withdrawn.", by=None)
    with time_machine.travel(AUGUST, tick=False):
        correct_listing(
            listing=listing, begins=date(2026, 1, 1), last_day=date(2026, 7, 31), comment="", reason="Misread.", by=None
        )
    with time_machine.travel(NOW, tick=False) as clock:
        listing.clock = clock  # type: ignore[attr-defined]
        yield listing


def ask(client: Client, listing: Listing, **asked: str) -> Statement:
    answer = client.post(f"/listings/{listing.pk}/statement/", asked)
    assert answer.status_code == 302, answer.content.decode()
    return Statement.objects.get(number=answer["Location"].split("/")[2])


def document(statement: Statement) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(statement_pdf(statement)))


def text_of(pdf: pypdf.PdfReader) -> str:
    return " ".join(" ".join(sheet.extract_text() for sheet in pdf.pages).split())


def alternatives(element: Any) -> list[str]:
    """What the pictures of a structure tree are read out as."""
    element = element.get_object()
    if isinstance(element, list):
        return [said for each in element for said in alternatives(each)]
    if not isinstance(element, dict):
        return []
    own = [str(element["/Alt"])] if element.get("/S") == "/Figure" else []
    return own + (alternatives(element["/K"]) if "/K" in element else [])


def test_it_states_both_clocks(listing: Listing, client: Client) -> None:
    statement = ask(client, listing, on="2026-07-15", as_published="2026-07-20")

    assert re.fullmatch(r"S-2026-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]", statement.number)
    assert (statement.is_in_force, statement.date_of_service, statement.issued_at) == (True, date(2026, 7, 15), NOW)
    text = text_of(document(statement))
    changes = list(listing.changes.order_by("seq"))
    for said in (
        f"Number: {statement.number}",
        "Issued: Sep 1, 2026, 8:00 a.m. ET (2026-09-01 12:00:00 UTC)",
        "Is ReWalk, model RW-6, by Argo Technologies listed under K1007, and in force on July 15, 2026;",
        "and what did the list of July 20, 2026 say?",
        "Listed, and in force on July 15, 2026.",
        "The list of July 20, 2026 said otherwise: that it cannot be billed, since its last day to bill is June 30",
        "On July 15, 2026 only products on this list may be billed under K1007",
        "(dates of service on or after June 1, 2024). Source: A list.",
        "from January 1, 2026 to July 31, 2026",
        "from January 1, 2026 to June 30, 2026",
        "It does not say that Medicare covers the product or pays for it.",
        f"{settings.SITE_URL}/statements/{statement.number}/",
        f"Change {changes[2].seq} of the register",
        changes[2].hash,
        f"Change {changes[1].seq} of the register",
        changes[1].hash,
    ):
        assert said in text or said.replace(" ", "") in text.replace(" ", ""), said
    assert changes[0].hash not in text
    assert len(document(statement).pages) == 1


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (
            {"on": "2026-07-31"},
            (
                True,
                "Listed, and in force on July 31, 2026.",
                "The list has said so since Aug 15, 2026, 12:00 p.m. ET.",
            ),
        ),
        (
            {"on": "2026-08-01"},
            (
                False,
                "Not in force on August 1, 2026: its last day to bill is July 31, 2026.",
                (
                    "The list has given this answer since Jul 15, 2026, 12:00 p.m. ET, and this reason since "
                    "Aug 15, 2026, 12:00 p.m. ET."
                ),
            ),
        ),
        (
            {"on": "2025-12-31"},
            (
                False,
                "Not in force on December 31, 2025: its first day to bill is January 1, 2026.",
                "The list has said so since Jun 15, 2026, 12:00 p.m. ET.",
            ),
        ),
        (
            {"on": "2026-07-15", "as_published": "2026-06-20"},
            (
                True,
                "Listed, and in force on July 15, 2026.",
                f"The list of June 20, 2026 said so too, though with other dates: {OPEN}.",
            ),
        ),
        (
            {"on": "2026-07-15", "as_published": "2026-06-14"},
            (
                True,
                "Listed, and in force on July 15, 2026.",
                f"The list of June 14, 2026 did not show this listing yet: it was first published on {NOON}.",
            ),
        ),
    ],
)
def test_listed_not_in_force_and_not_yet_on_the_list(
    listing: Listing, client: Client, asked: dict[str, str], expected: tuple[bool, str, str]
) -> None:
    statement = ask(client, listing, **asked)

    assert (statement.is_in_force, statement.said["answer"], statement.said["by_the_list"]) == expected
    _, answer, by_the_list = expected
    assert f"{answer} {by_the_list}" in page(client, f"/statements/{statement.number}/")
    assert answer in text_of(document(statement))


def test_it_is_an_accessible_pdf(listing: Listing, client: Client) -> None:
    statement = ask(client, listing, on="2026-07-15")
    answer = client.get(f"/statements/{statement.number}/statement.pdf")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer.content == statement_pdf(statement)

    pdf = pypdf.PdfReader(io.BytesIO(answer.content))
    root = pdf.root_object
    assert root["/MarkInfo"]["/Marked"].value is True  # type: ignore[index]
    assert root["/Lang"] == "en-US"
    assert "/StructTreeRoot" in root
    assert root["/ViewerPreferences"]["/DisplayDocTitle"].value is True  # type: ignore[index]
    assert pdf.metadata
    assert pdf.metadata.title == f"Statement of listing {statement.number}"
    assert pdf.metadata.creation_date == NOW
    xmp = root["/Metadata"].get_data().decode()  # type: ignore[attr-defined]
    assert ">1<" in xmp.split("pdfuaid:part", 1)[1][:12]
    assert alternatives(root["/StructTreeRoot"]) == ["QR code of the address at which this statement is confirmed"]


def test_a_name_that_no_font_has_stops_no_statement(client: Client) -> None:
    listing = publish("義肢 #panic() *x* 🦿 Über™", model_number="\u05d0-1")
    text = text_of(document(issue_statement(listing=listing, on=date(2024, 6, 1))))

    assert "[U+7FA9][U+80A2] #panic() *x* [U+1F9BF] Über™" in text


def test_the_same_question_is_the_same_statement_while_the_register_says_the_same(
    listing: Listing, client: Client
) -> None:
    first = ask(client, listing, on="2026-07-15")
    listing.clock.shift(3600 * 24)  # type: ignore[attr-defined]

    assert ask(client, listing, on="2026-07-15") == first
    assert ask(client, listing, on="2026-07-15", as_published="2026-09-02") == first
    assert ask(client, listing, on="2026-07-16") != first
    past = ask(client, listing, on="2026-07-15", as_published="2026-06-20")
    assert past != first
    assert ask(client, listing, on="2026-07-15", as_published="2026-06-20") == past

    correct_listing(
        listing=listing, begins=date(2026, 1, 1), last_day=date(2026, 8, 31), comment="", reason="Again.", by=None
    )
    assert ask(client, listing, on="2026-07-15") != first
    assert Statement.objects.count() == 4


def test_it_is_confirmed_while_the_register_says_so(listing: Listing, client: Client) -> None:
    statement = ask(client, listing, on="2026-07-15")
    publish("Something else")
    listing.clock.shift(3600 * 24 * 400)  # type: ignore[attr-defined]

    words = page(client, f"/statements/{statement.number}/")

    assert "The register still says so The same question gets the same answer now, word for word." in words
    assert "What happened to the listing since" not in words
    assert "This register issued it on Sep 1, 2026, 8:00 a.m. ET." in words


def test_a_change_that_both_lists_rest_on_is_printed_once(listing: Listing, client: Client) -> None:
    text = text_of(document(ask(client, listing, on="2026-07-15", as_published="2026-08-20")))
    change = listing.changes.order_by("seq").last()
    assert change is not None
    assert text.count(f"Change {change.seq} of the register") == 1


def test_a_distributor_is_part_of_the_question(client: Client) -> None:
    sold = publish("Walker", distributor="Seller", begins=date(2024, 1, 1))
    said = ask(client, sold, on="2026-07-15").said
    assert said["question"].startswith("Is Walker by Argo Technologies (distributor: Seller) listed under K1007")


def test_of_a_model_listed_again_no_period_states_that_it_is_not_listed(listing: Listing, client: Client) -> None:
    """Ended on July 31, listed again from August 10 on: the question is whether the model is listed."""
    again = reinstate_listing(listing=listing, begins=date(2026, 8, 10), reason="Back.", by=None)

    asked = ask(client, listing, on="2026-08-10", as_published="2026-07-20")
    assert asked.is_in_force is True
    assert asked.said["answer"] == (
        f"Listed, and in force on August 10, 2026, by listing {again.pk}; not by listing {listing.pk}: "
        "its last day to bill is July 31, 2026."
    )
    assert asked.said["by_the_list"] == (
        f"Of listing {listing.pk}: the list of July 20, 2026 said so too, though with other dates: "
        "from January 1, 2026 to June 30, 2026."
    )
    assert ask(client, listing, on="2026-08-09").is_in_force is False

    end_date_listing(listing=again, last_day=date(2026, 8, 31), reason="Gone.", by=None)
    assert "The register still gives this answer" not in page(client, f"/statements/{asked.number}/")
    assert "The register still says so" in page(client, f"/statements/{asked.number}/")
    correct_listing(listing=again, begins=date(2026, 8, 12), last_day=None, comment="", reason="Misread.", by=None)
    words = page(client, f"/statements/{asked.number}/")
    assert "The register now gives another answer for August 10, 2026" in words
    assert "or another listing of the same names" in words


def test_a_listing_corrected_afterwards_shows(listing: Listing, client: Client) -> None:
    statement = ask(client, listing, on="2026-07-15")
    kept = statement_pdf(statement)
    change = correct_listing(
        listing=listing,
        begins=date(2026, 1, 1),
        last_day=date(2026, 7, 10),
        comment="",
        reason="Misread twice.",
        by=None,
    )

    words = page(client, f"/statements/{statement.number}/")

    assert (
        "The register now gives another answer for July 15, 2026 "
        "It now says: Not in force on July 15, 2026: its last day to bill is July 10, 2026." in words
    )
    assert f"Change {change.seq} ·" in words
    assert "Misread twice." in words
    assert "Listed, and in force on July 15, 2026." in words
    assert statement_pdf(Statement.objects.get()) == kept


def test_a_change_that_leaves_the_answer_is_told_as_such(listing: Listing, client: Client) -> None:
    statement = ask(client, listing, on="2026-07-15")
    rename_product(
        product=listing.model.product, name="ReWalk 7", since=date(2026, 9, 1), source="", reason="Renamed.", by=None
    )

    words = page(client, f"/statements/{statement.number}/")

    assert (
        "The register still gives this answer for July 15, 2026 Something around it changed since: see below." in words
    )
    assert "Renamed" in words


def test_a_code_that_cms_ends_afterwards_shows(client: Client) -> None:
    code = make_code("K1032")
    statement = issue_statement(listing=publish("Sleeve", code=code), on=date(2025, 6, 1))
    Code.objects.filter(pk=code.pk).update(terminated=date(2025, 5, 31))
    follow_catalogue()

    words = page(client, f"/statements/{statement.number}/")

    assert "It now says: Not in force on June 1, 2025: its last day to bill is May 31, 2025 (the code ended)." in words
    assert "The dates of the code changed, or another listing of the same names." in words


def test_a_later_period_of_the_model_is_not_kept_back(listing: Listing, client: Client) -> None:
    """ "Not in force" of one listing would mislead where another one of the same model is."""
    listing.refresh_from_db()
    again = reinstate_listing(listing=listing, begins=date(2026, 9, 1), reason="Back.", by=None)

    statement = ask(client, listing, on="2026-09-01")

    assert statement.is_in_force is True
    said = f"In force on September 1, 2026 for the same model: listing {again.pk} under K1007."
    assert statement.said["elsewhere"] == [said]
    assert said in text_of(document(statement))


def test_names_are_those_of_the_day(client: Client) -> None:
    listing = publish("Old Name", begins=date(2024, 1, 1))
    rename_product(
        product=listing.model.product, name="New Name", since=date(2026, 7, 1), source="", reason="Renamed.", by=None
    )

    assert issue_statement(listing=listing, on=date(2026, 6, 30)).said["names"] == [
        "On June 30, 2026 the product was called “Old Name”."
    ]
    assert issue_statement(listing=listing, on=date(2026, 7, 1)).said["names"] == []


# Numbers


def test_a_number_is_found_however_it_is_typed(listing: Listing, client: Client) -> None:
    number = ask(client, listing, on="2026-07-15").number
    for typed in (number, number.lower(), number.replace("-", ""), f"  {number.replace('-', ' ')} ", number[2:]):
        assert client.get("/statements/", {"number": typed})["Location"] == f"/statements/{number}/"
    answer = client.get(f"/statements/{number.lower()}/")
    assert (answer.status_code, answer["Location"]) == (301, f"/statements/{number}/")


def test_letters_that_look_like_digits_are_read_as_these() -> None:
    number = next(each for each in (new_number(2026) for _ in range(1000)) if "1" in each and each.count("0") > 1)

    assert number_meant(number.replace("1", "l").replace("0", "o")) == number
    assert number_meant(number.replace("1", "I")) == number


def test_any_slip_of_one_character_or_two_changed_places_is_noticed() -> None:
    number = new_number(2026)
    bare = number.replace("-", "")[1:]
    slips = {bare[:at] + other + bare[at + 1 :] for at in range(4, 13) for other in "0123456789ABCDEFGHJKMNPQRSTVWXYZ"}
    slips |= {bare[:at] + bare[at + 1] + bare[at] + bare[at + 2 :] for at in range(12)}
    slips.discard(bare)
    assert len(slips) > 270
    for slip in slips:
        with pytest.raises(RegisterError):
            number_meant(slip)


def test_a_wrong_check_character_is_explained(client: Client) -> None:
    number = new_number(2026)
    wrong = number[:-1] + ("A" if number[-1] != "A" else "B")

    assert f"{wrong} does not fit its last character" in page(client, f"/statements/?number={wrong}", status=400)
    assert f"{wrong} does not fit its last character" in page(client, f"/statements/{wrong}/", status=404)


@pytest.mark.parametrize("typed", ["", "S-2026", "%00", "<script>", "x" * 5000, "S-2026-7KQ4-9MZP-3-4", "🦿", "שלום"])
def test_what_is_no_number_is_said_to_be_none(client: Client, typed: str) -> None:
    words = page(client, f"/statements/?number={typed}", status=400)
    assert "Number of the statement" in words
    if typed not in {"", "%00"}:
        assert "is not the number of a statement" in page(client, f"/statements/{typed}/", status=404)
        assert client.get(f"/statements/{typed}/statement.pdf").status_code == 404


def test_a_number_that_was_never_given_out(client: Client) -> None:
    number = new_number(2026)
    words = page(client, f"/statements/{number}/", status=404)
    assert "There is no such statement No statement with this number was ever issued." in words
    assert client.get(f"/statements/{number}/statement.pdf").status_code == 404


# What guards it


def test_a_statement_stands(listing: Listing, client: Client) -> None:
    statement = ask(client, listing, on="2026-07-15")
    for change in (statement.delete, Statement.objects.filter(pk=statement.pk).delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    with pytest.raises(DatabaseError), transaction.atomic():
        Statement.objects.update(is_in_force=False)


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"on": "2026-02-30"}, "“2026-02-30” is not a date that exists."),
        ({"on": "2026-07-15", "as_published": "2026-09-02"}, "Nobody knows yet what the list will say then."),
        ({"on": "0001-01-01"}, "0001-01-01 is not a plausible date."),
    ],
)
def test_a_question_that_cannot_be_answered_is_told_on_the_listings_page(
    listing: Listing, client: Client, asked: dict[str, str], words: str
) -> None:
    answer = client.post(f"/listings/{listing.pk}/statement/", asked, follow=True)

    assert answer.status_code == 400
    assert words in answer.content.decode()
    assert Statement.objects.count() == 0
    assert client.post("/listings/999999/statement/").status_code == 404
    assert client.get(f"/listings/{listing.pk}/statement/").status_code == 405


def test_one_address_gets_so_many_an_hour(listing: Listing, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pcl.public.statements.MOST_AN_HOUR", 2)
    ask(client, listing, on="2026-07-15")
    ask(client, listing, on="2026-07-15")

    answer = client.post(f"/listings/{listing.pk}/statement/", {"on": "2026-07-16"})

    assert answer.status_code == 429
    assert "Try again in an hour." in answer.content.decode()
    assert (
        client.post(f"/listings/{listing.pk}/statement/", {"on": "2026-07-16"}, REMOTE_ADDR="10.0.0.7").status_code
        == 302
    )


@pytest.mark.django_db(transaction=True)
def test_it_waits_for_a_change_under_way_but_not_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    listing = publish("ReWalk")
    monkeypatch.setattr(service, "LONGEST_WAIT", "200ms")
    refused: list[str] = []

    def ask_meanwhile() -> None:
        try:
            issue_statement(listing=listing, on=date(2024, 6, 1))
        except RegisterError as error:
            refused.append(str(error))
        finally:
            connection.close()

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CHAIN_LOCK])
        thread = threading.Thread(target=ask_meanwhile)
        thread.start()
        thread.join()

    assert refused == ["The register is being changed at this moment. Try again in a minute."]
    assert issue_statement(listing=listing, on=date(2024, 6, 1)).is_in_force is True


def test_confirming_costs_the_same_however_much_happened(
    listing: Listing, client: Client, count_queries: Callable[[str], int]
) -> None:
    statement = ask(client, listing, on="2026-07-15")
    address = f"/statements/{statement.number}/"

    def rename(number: int) -> None:
        rename_product(
            product=listing.model.product,
            name=f"ReWalk {number}",
            since=date(2026, 9, number),
            source="",
            reason="Renamed.",
            by=None,
        )

    rename(1)
    with_one = count_queries(address)
    rename(2)
    rename(3)
    assert count_queries(address) == with_one <= 15
