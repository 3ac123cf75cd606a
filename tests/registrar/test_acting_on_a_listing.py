"""Each act on a listing: form, preview of what changes, confirmation, history with who did it."""

import threading
from collections.abc import Iterator
from datetime import date

import pytest
import time_machine
from django.db import connection
from django.test import Client

from accounts.models import Role, User
from pcl.models import Listing, ListingChange, RegisterEntry
from pcl.services.end_date_listing import end_date_listing
from tests.factories.accounts import contractor_person
from tests.factories.register import make_code, make_publication, publish, some_code
from tests.registrar.acts import act, confirm, hidden_fields, preview, queries_for
from tests.reviewer.page import main_of, text_of

pytestmark = pytest.mark.django_db
WHY = "The manufacturer attested so."


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel("2026-06-15T12:00:00Z"):
        yield


@pytest.fixture
def listing() -> Listing:
    return publish("ReWalk", begins=date(2024, 1, 1), model_number="RW-6")


def page_of(listing: Listing, name: str = "") -> str:
    return f"/review/listings/{listing.pk}/" + (f"{name}/" if name else "")


def ended(listing: Listing, last_day: date) -> None:
    end_date_listing(listing=listing, last_day=last_day, reason="Because.", by=None)


def kinds() -> list[str]:
    return [change.kind for change in ListingChange.objects.order_by("seq")]


def offered(client: Client, listing: Listing) -> list[str]:
    return [key for key, _ in client.get(page_of(listing)).context["acts"]]


def test_what_can_be_done_depends_on_the_end(as_reese: Client, listing: Listing) -> None:
    always = ["recode", "correct", "rename", "correct-product", "correct-model"]
    assert offered(as_reese, listing) == ["end", *always]
    ended(listing, date(2026, 6, 15))
    assert offered(as_reese, listing) == ["extend", "rescind", *always]
    with time_machine.travel("2026-06-16T12:00:00Z"):
        assert offered(as_reese, listing) == ["reinstate", *always]


def test_ending_shows_before_and_after_and_changes_nothing_before_it_is_confirmed(
    as_reese: Client, reese: User, listing: Listing
) -> None:
    other = publish("ReWalk", code="L8701", model_number="RW-6")
    address = page_of(listing, "end")
    shown = preview(as_reese, address, last_day="2026-08-31", reason=WHY)
    assert "1 change" in text_of(shown)
    assert "Last day to bill: no end set" in text_of(shown)
    assert "Last day to bill: August 31, 2026" in text_of(shown)
    assert kinds() == ["listed", "listed"]
    assert Listing.objects.get(pk=listing.pk).effective_to is None

    after = confirm(as_reese, address, shown)
    assert after.request["PATH_INFO"] == page_of(listing)
    assert "Last day to bill set to August 31, 2026. It is change 3" in text_of(after)
    assert f'href="/review/listings/{listing.pk}/#change-3"' in main_of(after)
    change = ListingChange.objects.get(seq=3)
    assert (change.kind, change.listing, change.reason, change.by) == ("end_dated", listing, WHY, reese)
    assert Listing.objects.get(pk=other.pk).effective_to is None


def test_who_did_it_is_told_here_and_nowhere_else(as_reese: Client, listing: Listing) -> None:
    act(as_reese, page_of(listing, "end"), last_day="2026-08-31", reason=WHY)
    assert "by Reese Registrar" in text_of(as_reese.get(page_of(listing)))
    for address in (
        listing.get_absolute_url(),
        "/changes/",
        f"/api/v1/listings/{listing.pk}/history/",
        "/api/v1/changes/",
    ):
        body = Client().get(address).content.decode()
        assert WHY in body
        assert "Reese" not in body


def test_the_publication_that_orders_it_is_cited(as_reese: Client, listing: Listing) -> None:
    publication = make_publication()
    act(as_reese, page_of(listing, "end"), last_day="2026-08-31", reason=WHY, publication=publication.pk)
    assert ListingChange.objects.get(seq=2).reason == (
        f"{WHY} (Publication: “Some Device - Correct Coding”, posted December 28, 2023.)"
    )


def test_an_announced_end_is_extended_and_then_taken_back(as_reese: Client, listing: Listing) -> None:
    """DOMAIN 7.3, in the console."""
    act(as_reese, page_of(listing, "end"), last_day="2026-08-31", reason=WHY)
    act(as_reese, page_of(listing, "extend"), last_day="2026-12-31", reason=WHY)
    act(as_reese, page_of(listing, "rescind"), reason=WHY)
    assert kinds() == ["listed", "end_dated", "extended", "rescinded"]
    assert Listing.objects.get().effective_to is None


def test_a_reinstatement_keeps_the_gap(as_reese: Client, listing: Listing) -> None:
    """DOMAIN 7.11, in the console."""
    ended(listing, date(2025, 12, 31))
    after = act(as_reese, page_of(listing, "reinstate"), begins="2026-03-01", reason=WHY)
    new = Listing.objects.latest("pk")
    assert after.request["PATH_INFO"] == page_of(new)
    in_force = {
        day: list(RegisterEntry.objects.filter(in_force__contains=date.fromisoformat(day)).values_list("pk", flat=True))
        for day in ("2025-12-31", "2026-01-01", "2026-02-28", "2026-03-01")
    }
    assert in_force == {"2025-12-31": [listing.pk], "2026-01-01": [], "2026-02-28": [], "2026-03-01": [new.pk]}


def test_moving_to_another_code_shows_the_new_listing_and_the_old_ones_end(as_reese: Client, listing: Listing) -> None:
    some_code("L8701")
    shown = preview(as_reese, page_of(listing, "recode"), code="l8701", begins="2026-07-01", reason=WHY)
    assert "2 changes" in text_of(shown)
    confirm(as_reese, page_of(listing, "recode"), shown)
    assert list(RegisterEntry.objects.order_by("code").values_list("code", "effective__startswith")) == [
        ("K1007", date(2024, 1, 1)),
        ("L8701", date(2026, 7, 1)),
    ]
    assert Listing.objects.get(pk=listing.pk).effective_to == date(2026, 6, 30)


def test_a_reused_code_string_means_what_it_means_on_the_first_day(as_reese: Client, listing: Listing) -> None:
    """DOMAIN 7.12: two disjoint meanings of one string."""
    old = make_code("L0001", added=date(2000, 1, 1), terminated=date(2010, 12, 31))
    new = make_code("L0001", added=date(2026, 1, 1))
    address = page_of(listing, "recode")
    refused = preview(as_reese, address, code="L0001", begins="2025-07-01", reason=WHY)
    assert refused.status_code == 422
    assert (
        "L0001 is not valid on July 1, 2025. It is valid from January 1, 2000 to December 31, 2010; "
        "from January 1, 2026 on." in text_of(refused)
    )
    act(as_reese, address, code="L0001", begins="2026-07-01", reason=WHY)
    assert Listing.objects.latest("pk").code == new
    assert not Listing.objects.filter(code=old).exists()


def test_a_correction_begins_with_what_the_listing_says(as_reese: Client, listing: Listing) -> None:
    page = as_reese.get(page_of(listing, "correct"))
    assert 'value="2024-01-01"' in main_of(page)
    act(as_reese, page_of(listing, "correct"), begins="2024-02-01", comment="Code Reverified", reason=WHY)
    row = Listing.objects.get()
    assert (row.effective_from, row.effective_to, row.comment) == (date(2024, 2, 1), None, "Code Reverified")


def test_renaming_a_product_shows_every_listing_that_changes(as_reese: Client, listing: Listing) -> None:
    publish("ReWalk", model_number="RW-7")
    publish("Indego", model_number="IN-1")
    given = {"name": "ReWalk Personal", "since": "2026-05-01", "source": "Letter", "reason": WHY}
    shown = preview(as_reese, page_of(listing, "rename"), **given)
    text = text_of(shown)
    assert "2 changes" in text
    assert ["model RW-6" in text, "model RW-7" in text, "Indego" in text] == [True, True, False]
    after = confirm(as_reese, page_of(listing, "rename"), shown)
    assert "They are changes 4 to 5" in text_of(after)
    assert sorted(RegisterEntry.objects.values_list("product", flat=True)) == ["Indego", *["ReWalk Personal"] * 2]


def test_a_preview_of_many_shows_the_first_fifty(as_reese: Client, listing: Listing) -> None:
    for number in range(51):
        publish("ReWalk", model_number=f"M-{number:03}")
    shown = preview(
        as_reese, page_of(listing, "rename"), name="ReWalk Personal", since="2026-05-01", source="", reason=WHY
    )
    # The document that says so was left out: asked for first.
    assert shown.status_code == 422
    shown = preview(
        as_reese, page_of(listing, "rename"), name="ReWalk Personal", since="2026-05-01", source="Letter", reason=WHY
    )
    assert "52 changes; the first 50 are shown" in text_of(shown)
    assert main_of(shown).count('scope="row"') == 50


def test_correcting_product_and_model_number(as_reese: Client, listing: Listing) -> None:
    act(as_reese, page_of(listing, "correct-product"), name="ReWalk 6", classification="Powered Orthoses", reason=WHY)
    act(as_reese, page_of(listing, "correct-model"), model_number="RW-60", reason=WHY)
    entry = RegisterEntry.objects.get()
    assert (entry.product, entry.model_number, entry.model_normalized) == ("ReWalk 6", "RW-60", "RW60")
    assert kinds() == ["listed", "corrected", "corrected"]


@pytest.mark.parametrize(
    ("name", "given", "refusal"),
    [
        ("end", {"last_day": "2023-12-31"}, "The last day is before the listing begins on January 1, 2024"),
        ("end", {"last_day": "2026-02-30"}, "“2026-02-30” is not a date that exists"),
        ("end", {"last_day": "9999-12-31"}, "9999-12-31 is not a plausible date"),
        ("rescind", {}, "No end date was announced for this listing. There is nothing to take back"),
        ("recode", {"code": "K1007", "begins": "2026-07-01"}, "stands under K1007 already"),
        ("recode", {"code": "Z9999", "begins": "2026-07-01"}, "There is no code Z9999 in the catalogue"),
        ("correct", {"begins": "2024-01-01", "comment": ""}, "That is what the listing says already"),
        ("rename", {"name": "‼", "since": "2026-05-01", "source": "x"}, "Give the product's name"),
        ("correct-product", {"name": "ReWalk", "classification": "Powered Orthoses"}, "That is what the register says"),
        ("correct-model", {"model_number": "RW-6"}, "That is the model number already"),
    ],
)
def test_what_is_refused_stands_in_the_form(
    as_reese: Client, listing: Listing, name: str, given: dict[str, str], refusal: str
) -> None:
    refused = preview(as_reese, page_of(listing, name), **given, reason=WHY)
    assert refused.status_code == 422
    assert refusal in text_of(refused)
    assert WHY in main_of(refused)
    assert kinds() == ["listed"]


@pytest.mark.parametrize("reason", ["", "  ", "\u200b"])
def test_no_act_without_a_reason(as_reese: Client, listing: Listing, reason: str) -> None:
    refused = preview(as_reese, page_of(listing, "end"), last_day="2026-08-31", reason=reason)
    assert refused.status_code == 422
    assert "Reason: Say what happened and who orders it" in text_of(refused)
    assert kinds() == ["listed"]


def test_of_two_registrars_the_second_is_told_and_loses_no_text(as_reese: Client, listing: Listing) -> None:
    other = Client()
    other.force_login(contractor_person(Role.REGISTRAR, name="Rory Registrar"))
    address = page_of(listing, "end")
    opened = as_reese.get(address)
    act(other, address, last_day="2026-08-31", reason="I was first.")

    second = as_reese.post(
        address, {**hidden_fields(opened), "last_day": "2026-09-30", "reason": WHY, "step": "preview"}
    )
    text = text_of(second)
    assert second.status_code == 422
    assert "Somebody else has changed this listing since you opened it" in text
    assert "Last day to bill set to August 31, 2026, by Rory Registrar" in text
    assert "I was first." in text
    assert WHY in main_of(second)
    assert 'value="2026-09-30"' in main_of(second)
    # The next try is of what the listing says now, and is judged by that.
    again = as_reese.post(address, {**hidden_fields(second), "last_day": "2026-09-30", "reason": WHY})
    assert "already ends on August 31, 2026. Extend it instead." in text_of(again)
    assert kinds() == ["listed", "end_dated"]


def test_who_confirms_a_preview_that_no_longer_holds_sees_the_new_one(as_reese: Client, listing: Listing) -> None:
    """A rename touches listings that the registrar has not opened."""
    address = page_of(listing, "rename")
    shown = preview(as_reese, address, name="ReWalk Personal", since="2026-05-01", source="Letter", reason=WHY)
    publish("ReWalk", model_number="RW-9")
    again = as_reese.post(address, {**hidden_fields(shown), "step": "confirm"})
    assert again.status_code == 409
    assert "Somebody else has changed the register since you saw the preview" in text_of(again)
    assert "model RW-9" in text_of(again)
    assert kinds() == ["listed", "listed"]
    as_reese.post(address, {**hidden_fields(again), "step": "confirm"})
    assert kinds() == ["listed", "listed", "renamed", "renamed"]


def test_nothing_is_confirmed_that_was_not_shown(as_reese: Client, listing: Listing) -> None:
    address = page_of(listing, "end")
    given = {"last_day": "2026-08-31", "reason": WHY, "seen_version": "1", "step": "confirm"}
    assert as_reese.post(address, given).status_code == 409
    shown = preview(as_reese, address, last_day="2026-08-31", reason=WHY)
    altered = {**hidden_fields(shown), "last_day": "2026-09-30", "step": "confirm"}
    assert as_reese.post(address, altered).status_code == 409
    assert kinds() == ["listed"]


def test_back_from_the_preview_everything_is_as_it_was_typed(as_reese: Client, listing: Listing) -> None:
    shown = preview(as_reese, page_of(listing, "end"), last_day="2026-08-31", reason=WHY)
    form = as_reese.post(page_of(listing, "end"), {**hidden_fields(shown), "step": "edit"})
    assert form.status_code == 200
    assert 'value="2026-08-31"' in main_of(form)
    assert WHY in main_of(form)


def test_there_is_no_such_listing_and_no_such_act(as_reese: Client, listing: Listing) -> None:
    addresses = ["/review/listings/0/", "/review/listings/99999999999999999999/", page_of(listing, "delete")]
    assert [as_reese.get(address).status_code for address in addresses] == [404, 404, 404]


def test_the_page_costs_the_same_for_one_change_and_for_three(as_reese: Client, listing: Listing) -> None:
    publish("ReWalk", model_number="RW-7")
    one = queries_for(as_reese, page_of(listing))
    act(as_reese, page_of(listing, "end"), last_day="2026-08-31", reason=WHY)
    act(as_reese, page_of(listing, "rescind"), reason=WHY)
    publish("ReWalk", model_number="RW-8")
    publish("ReWalk", model_number="RW-9")
    assert queries_for(as_reese, page_of(listing)) == one


@pytest.mark.parametrize(("query", "found"), [("", 3), ("?q=rewalk", 1), ("?status=ended", 1), ("?code=L8701", 1)])
def test_any_listing_is_found_whenever_it_is_in_force(
    as_reese: Client, listing: Listing, query: str, found: int
) -> None:
    gone = publish("Gone", begins=date(2020, 1, 1), model_number="G-1")
    ended(gone, date(2021, 1, 1))
    publish("To come", code="L8701", begins=date(2027, 1, 1))
    page = as_reese.get(f"/review/listings/{query}")
    assert len(page.context["page"].rows) == found


def test_each_row_leads_to_its_acts(as_reese: Client, listing: Listing) -> None:
    gone = publish("Gone", begins=date(2020, 1, 1))
    ended(gone, date(2021, 1, 1))
    announced = publish("Announced")
    ended(announced, date(2026, 6, 15))
    rows = as_reese.get("/review/listings/").context["page"].rows
    acts = {row["id"]: [act for act, _ in row["acts"]] for row in rows}
    assert acts == {
        listing.pk: ["end", "recode", "correct"],
        gone.pk: ["reinstate", "recode", "correct"],
        announced.pk: ["extend", "rescind", "recode", "correct"],
    }


def test_the_list_costs_the_same_for_one_listing_and_for_three(as_reese: Client, listing: Listing) -> None:
    one = queries_for(as_reese, "/review/listings/")
    publish("Second", manufacturer="Other")
    publish("Third", code="L8701")
    assert queries_for(as_reese, "/review/listings/") == one


def test_a_bad_filter_says_so(as_reese: Client, listing: Listing) -> None:
    page = as_reese.get("/review/listings/?on=2026-02-30")
    assert page.status_code == 400
    assert "“2026-02-30” is not a date that exists" in text_of(page)
    assert "No listing found" in text_of(as_reese.get("/review/listings/?q=nothing"))


@pytest.mark.django_db(transaction=True)
def test_of_two_who_confirm_at_once_one_is_told(reese: User) -> None:
    listing = publish("ReWalk", begins=date(2024, 1, 1))
    address = page_of(listing, "end")
    people = [reese, contractor_person(Role.REGISTRAR)]
    clients = [Client(), Client()]
    sent = []
    for client, person, day in zip(clients, people, ("2026-08-31", "2026-09-30"), strict=True):
        client.force_login(person)
        sent.append({**hidden_fields(preview(client, address, last_day=day, reason=WHY)), "step": "confirm"})
    start, statuses = threading.Barrier(2), []

    def confirm_it(client: Client, given: dict[str, str]) -> None:
        try:
            start.wait(timeout=30)
            statuses.append(client.post(address, given).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=confirm_it, args=pair) for pair in zip(clients, sent, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sorted(statuses) == [302, 422]
    assert kinds() == ["listed", "end_dated"]
