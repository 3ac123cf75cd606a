"""DOMAIN 7.3: one end date for all listings of a code; extended, taken back for some: each shown before it is done."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.models import OutgoingMail, User
from pcl.errors import RegisterError
from pcl.models import ActKind, Campaign, CampaignAct, Listing, ListingChange, RegisterEntry
from pcl.queries.campaigns import concerned, seen_in_short
from pcl.services.campaigns import ask_for_act, do_act, leave_out, prepare_campaign
from pcl.services.end_date_listing import end_date_listing
from pcl.services.organizations import merge_organizations
from tests.factories.register import make_publication, publish, some_code, some_organization
from tests.factories.verification import manufacturer
from tests.jobs import run_jobs
from tests.pcl.test_the_chain_of_changes import assert_unbroken
from verification.models import Representation

END = date(2026, 12, 31)


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel("2026-06-15T12:00:00Z"):
        yield


@pytest.fixture
def listings(db: None) -> list[Listing]:
    """Two without an end, one that ends already, one that begins later, one of another code."""
    found = [
        publish("Alpha", code="K0009", manufacturer="Argo"),
        publish("Beta", code="K0009", manufacturer="Bell", distributor="Argo"),
        publish("Ended", code="K0009"),
        publish("Later", code="K0009", begins=date(2027, 1, 1)),
        publish("Other", code="K0001"),
    ]
    end_date_listing(listing=found[2], last_day=date(2026, 8, 31), reason="Sold out.", by=None)
    return found


@pytest.fixture
def campaign(listings: list[Listing], reese: User) -> Campaign:
    return prepare_campaign(title="K0009 ends", codes=[some_code("K0009")], classification="", last_day=END, by=reese)


def ends() -> dict[str, str | None]:
    return {
        entry.product: entry.effective_to.isoformat() if entry.effective_to else None
        for entry in RegisterEntry.objects.order_by("product")
    }


def ask(campaign: Campaign, kind: ActKind, by: User, **given: Any) -> CampaignAct:
    seen = seen_in_short(concerned(campaign, kind, listing_ids=given.get("listing_ids")))
    return ask_for_act(campaign=campaign, kind=kind, seen=seen, reason="Because.", by=by, **given)


def do(campaign: Campaign, kind: ActKind, by: User, **given: Any) -> CampaignAct:
    act = ask(campaign, kind, by, **given)
    do_act(act_id=act.pk)
    act.refresh_from_db()
    campaign.refresh_from_db()
    return act


def test_3_an_end_is_announced_extended_and_taken_back_for_one(
    campaign: Campaign, listings: list[Listing], reese: User
) -> None:
    before = {"Ended": "2026-08-31", "Later": None, "Other": None}
    act = do(campaign, ActKind.ANNOUNCE, reese, publication=make_publication(title="K0009"))
    assert ends() == {"Alpha": "2026-12-31", "Beta": "2026-12-31", **before}
    assert (act.state, act.listing_count, act.first_seq, act.last_seq) == ("done", 2, 7, 8)

    do(campaign, ActKind.EXTEND, reese, last_day=date(2027, 3, 31))
    assert ends() == {"Alpha": "2027-03-31", "Beta": "2027-03-31", **before}

    do(campaign, ActKind.RESCIND, reese, listing_ids=[listings[0].pk])
    assert ends() == {"Alpha": None, "Beta": "2027-03-31", **before}

    changes = list(ListingChange.objects.order_by("seq"))
    assert_unbroken(changes)
    assert [(change.kind, change.reason) for change in changes[6:]] == [
        ("end_dated", "Because. (K0009)"),
        ("end_dated", "Because. (K0009)"),
        ("extended", "Because."),
        ("extended", "Because."),
        ("rescinded", "Because."),
    ]
    assert len({change.at for change in changes[6:8]}) == 1


def test_who_is_left_out_holds_on(campaign: Campaign, listings: list[Listing], reese: User) -> None:
    assert leave_out(campaign=campaign, listing_ids=[listings[1].pk, listings[4].pk]) == 1
    do(campaign, ActKind.ANNOUNCE, reese)

    assert {name for name, end in ends().items() if end == "2026-12-31"} == {"Alpha"}


def test_what_changed_since_the_announcement_is_left_alone(
    campaign: Campaign, listings: list[Listing], reese: User
) -> None:
    do(campaign, ActKind.ANNOUNCE, reese)
    do(campaign, ActKind.RESCIND, reese, listing_ids=[listings[0].pk])
    end_date_listing(listing=listings[0], last_day=date(2026, 7, 31), reason="Sold out.", by=reese)
    act = do(campaign, ActKind.EXTEND, reese, last_day=date(2027, 3, 31))

    assert act.listing_count == 1
    assert ends()["Alpha"] == "2026-07-31"


def test_a_list_that_changed_since_the_preview_is_shown_again(
    campaign: Campaign, listings: list[Listing], reese: User
) -> None:
    seen = seen_in_short(concerned(campaign, ActKind.ANNOUNCE))
    publish("New", code="K0009")

    with pytest.raises(RegisterError, match="The list has changed since you looked"):
        ask_for_act(campaign=campaign, kind=ActKind.ANNOUNCE, seen=seen, reason="Because.", by=reese)


def test_a_list_that_changed_before_the_work_changes_nothing(
    campaign: Campaign, listings: list[Listing], reese: User
) -> None:
    act = ask(campaign, ActKind.ANNOUNCE, reese)
    end_date_listing(listing=listings[0], last_day=date(2026, 7, 31), reason="Sold out.", by=reese)
    do_act(act_id=act.pk)
    act.refresh_from_db()

    assert (act.state, act.failure) == (
        "failed",
        "The list changed between your confirmation and the work. Look at the new preview.",
    )
    assert ends()["Beta"] is None


def test_a_second_worker_does_nothing(campaign: Campaign, reese: User) -> None:
    act = do(campaign, ActKind.ANNOUNCE, reese)
    count = ListingChange.objects.count()
    do_act(act_id=act.pk)

    assert ListingChange.objects.count() == count


def test_what_was_never_announced_is_not_taken_back(campaign: Campaign, reese: User) -> None:
    with pytest.raises(RegisterError, match="Nothing was announced"):
        ask(campaign, ActKind.RESCIND, reese)


def test_an_end_that_has_come_is_not_moved(campaign: Campaign, reese: User) -> None:
    do(campaign, ActKind.ANNOUNCE, reese)
    with time_machine.travel("2027-01-01T12:00:00Z"):
        with pytest.raises(RegisterError, match="The listings ended on December 31, 2026. Reinstate"):
            ask(campaign, ActKind.EXTEND, reese, last_day=date(2027, 3, 31))
        with pytest.raises(RegisterError, match="The listings ended on December 31, 2026. Reinstate"):
            ask(campaign, ActKind.RESCIND, reese)
    with time_machine.travel("2027-01-01T04:59:59Z"):  # still December 31 in the east
        assert ask(campaign, ActKind.RESCIND, reese).pk


def test_a_campaign_is_about_something_and_ahead(db: None, reese: User) -> None:
    with pytest.raises(RegisterError, match="Say which listings it is about"):
        prepare_campaign(title="T", codes=[], classification="", last_day=END, by=reese)
    with pytest.raises(RegisterError, match="That last day has passed"):
        prepare_campaign(title="T", codes=[some_code("K0009")], classification="", last_day=date(2026, 6, 14), by=reese)


def test_each_person_concerned_gets_one_mail(campaign: Campaign, reese: User) -> None:
    """Also who represents an organization that was merged into one; not who has nothing on the list."""
    arnold, gone = manufacturer("Argo"), manufacturer("Old Bell")
    Representation.objects.filter(user=arnold).update(confirmed_at=timezone.now(), confirmed_by=reese)
    manufacturer("Nobody")
    merge_organizations(
        merged=some_organization("Old Bell"),
        into=some_organization("Bell"),
        since=date(2026, 5, 1),
        source="Letter",
        reason="Merged.",
        by=None,
    )
    OutgoingMail.objects.all().delete()
    do(campaign, ActKind.ANNOUNCE, reese)

    mails = {mail.to[0]: mail for mail in OutgoingMail.objects.all()}
    assert set(mails) == {arnold.email, gone.email}
    assert mails[arnold.email].subject == "Your listings get December 31, 2026 as last day to bill"
    assert "2 of your listings" in mails[arnold.email].text
    assert "1 of your listings" in mails[gone.email].text
    assert reese.name not in mails[arnold.email].text


@pytest.mark.django_db(transaction=True)
def test_a_registrar_announces_an_end(as_reese: Client, reese: User, listings: list[Listing]) -> None:
    said = {"title": "K0009 ends", "codes": "k0009", "classification": "", "last_day": "2026-12-31"}
    address = as_reese.post("/review/campaigns/new/", said).headers["Location"]
    page = as_reese.get(address).content.decode()
    assert "2 listings would end" in " ".join(page.split())
    assert "1 listing with an end date already" in " ".join(page.split())
    as_reese.post(f"{address}choose/", {"listing": [listings[1].pk]})
    preview = as_reese.get(f"{address}announce/")
    seen = preview.context["form"]["seen"].value()
    assert ends()["Alpha"] is None
    answer = as_reese.post(f"{address}announce/", {"reason": "K0009 is no longer used.", "seen": seen})
    assert answer.headers["Location"] == address
    assert "Being done" in as_reese.get(address).content.decode()
    run_jobs()
    page = " ".join(as_reese.get(address).content.decode().split())
    assert "1 listing, changes 7 to 7." in page
    assert ends()["Alpha"] == "2026-12-31"
    assert as_reese.get(f"{address}progress/").headers["HX-Refresh"] == "true"


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"codes": "K0009 X9999"}, "Not in the catalogue: X9999. Mend or remove it."),
        ({"codes": ""}, "Say which listings it is about: give codes, a product group, or both."),
        ({"last_day": "2026-02-30"}, "is not a date that exists"),
        ({"last_day": "2026-06-14"}, "That last day has passed."),
        ({"title": " "}, "This field is required."),
    ],
)
def test_a_campaign_that_says_too_little(
    as_reese: Client, listings: list[Listing], said: dict[str, str], message: str
) -> None:
    given = {"title": "T", "codes": "K0009", "last_day": "2026-12-31", "classification": ""}
    answer = as_reese.post("/review/campaigns/new/", given | said)

    assert answer.status_code == 422
    assert message in answer.content.decode()
    assert not Campaign.objects.exists()


def test_a_preview_that_is_out_of_date_keeps_what_was_typed(
    as_reese: Client, campaign: Campaign, listings: list[Listing]
) -> None:
    answer = as_reese.post(f"/review/campaigns/{campaign.pk}/announce/", {"reason": "Typed.", "seen": "x"})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "The list has changed since you looked." in page
    assert "Typed." in page
    assert answer.context["form"]["seen"].value() == seen_in_short(concerned(campaign, ActKind.ANNOUNCE))


@pytest.mark.parametrize("address", ["/review/campaigns/", "/review/campaigns/{}/", "/review/campaigns/{}/announce/"])
def test_queries_do_not_grow_with_the_list(
    as_reese: Client, campaign: Campaign, address: str, django_assert_max_num_queries: Any
) -> None:
    address = address.format(campaign.pk)
    with django_assert_max_num_queries(25) as few:
        as_reese.get(address)
    for number in range(3):
        publish(f"More {number}", code="K0009")
        prepare_campaign(
            title=f"C{number}", codes=[some_code("K0009")], classification="", last_day=END, by=campaign.created_by
        )
    with django_assert_max_num_queries(25) as many:
        as_reese.get(address)
    assert len(many) == len(few)
