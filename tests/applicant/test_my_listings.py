"""My listings: the own ones and no other's, found, exported, and what to do when something changed."""

import csv
import io
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from pcl.models import Listing, Organization, RegisterEntry
from pcl.services.organizations import merge_organizations
from tests.applicant.pages import address, save, signed_in, words
from tests.factories.companies import authorized, in_days, representative_of
from tests.factories.register import make_code, publish
from tests.factories.verification import (
    again,
    code,
    complete_draft,
    determined,
    manufacturer,
    organization_of,
)
from verification.applicant.sections import sections_of
from verification.checks import gaps
from verification.models import Application, ApplicationKind, Authorization, Capacity
from verification.queries.own_listings import organizations_to_remind
from verification.services.authorize import end_authorization
from verification.services.begin_after import (
    begin_listing_update,
    begin_model_addition,
    begin_name_change,
    begin_reconsideration,
)

LISTINGS = reverse("apply:listings")


def own(product: str, **said: object) -> Listing:
    return publish(product, manufacturer="Stride Robotics", **said)  # type: ignore[arg-type]


@pytest.fixture
def three(maker: User) -> list[Listing]:
    code()
    make_code("E0001")
    today = timezone.localdate()
    publish("Somebody Elses", manufacturer="Another Maker")
    return [
        own("Alpha", model_number="A-1", begins=date(2024, 1, 1)),
        own("Beta", model_number="B-1", begins=today + timedelta(days=30), code="E0001"),
        publish("Gamma", manufacturer="Another Maker", distributor="Stride Robotics", model_number="G-1"),
    ]


def products(client: Client, **asked: str) -> list[str]:
    page = client.get(LISTINGS, asked).context["page"]
    return [row["product"] for row in page.rows]


def test_the_own_ones_as_maker_and_distributor_and_no_other(client: Client, three: list[Listing]) -> None:
    assert products(client) == ["Beta", "Gamma", "Alpha"]
    assert products(client, q="alpha") == ["Alpha"]
    assert products(client, status="future") == ["Beta"]
    assert products(client, code="E0001") == ["Beta"]
    assert products(client, model_number="g1") == ["Gamma"]
    # An earlier day of the public list is not asked here: it would show everybody's.
    assert products(client, as_published="2026-01-01") == ["Beta", "Gamma", "Alpha"]


def test_after_a_merger_those_of_the_organization_that_it_became(client: Client, three: list[Listing]) -> None:
    into = Organization.objects.get(name="Another Maker")
    merge_organizations(
        merged=Organization.objects.get(name="Stride Robotics"),
        into=into,
        since=timezone.localdate(),
        source="A letter",
        reason="Merger.",
        by=None,
    )
    assert sorted(products(client)) == ["Alpha", "Beta", "Gamma", "Somebody Elses"]


def test_the_page_says_what_to_do(client: Client, three: list[Listing]) -> None:
    said = words(client.get(LISTINGS))
    for expected in (
        "within 30 days",
        "Report a change",
        "Add model numbers",
        "Statement",
        "Not yet in force",
        "Listed",
    ):
        assert expected in said


def test_without_listings_there_is_an_empty_state(client: Client) -> None:
    assert "Nothing is listed yet" in words(client.get(LISTINGS))
    assert "None of your listings" in words(client.get(LISTINGS, {"q": "nothing"}))


def test_the_export_has_what_the_page_shows(client: Client, three: list[Listing]) -> None:
    answer = client.get(reverse("apply:listings_csv"), {"status": "current"})
    lines = b"".join(answer.streaming_content).decode().splitlines()  # type: ignore[attr-defined]
    assert len(lines) == 3
    assert "Gamma" in lines[1]
    assert "Alpha" in lines[2]
    assert not any("Somebody" in line for line in lines)


def test_as_many_queries_for_three_as_for_one(client: Client, maker: User) -> None:
    code()
    own("One")
    with CaptureQueriesContext(connection) as one:
        client.get(LISTINGS)
    own("Two")
    own("Three")
    with CaptureQueriesContext(connection) as three_of_them:
        client.get(LISTINGS)
    assert len(three_of_them) == len(one)


def test_another_companys_listing_is_not_there(client: Client, three: list[Listing]) -> None:
    others = Listing.objects.get(entry__product="Somebody Elses")
    for name in ("change", "begin_change", "choose_listing"):
        assert client.get(reverse(f"apply:{name}", args=[others.pk])).status_code == 404
        assert client.post(reverse(f"apply:{name}", args=[others.pk]), {"change": "correct"}).status_code == 404


# ---- as a designated representative


@pytest.fixture
def casey(maker: User, three: list[Listing]) -> User:
    """Of a consultant that the maker authorized."""
    return representative_of(maker, "Clearpath Consulting")


def test_a_representative_finds_the_listings_while_the_authorization_is_in_force(
    maker: User, casey: User, three: list[Listing]
) -> None:
    others = Listing.objects.get(entry__product="Somebody Elses")
    desk = signed_in(casey)
    assert products(desk) == ["Beta", "Gamma", "Alpha"]
    assert products(desk, whose="stride-robotics", q="alpha") == ["Alpha"]
    assert products(desk, whose="clearpath-consulting") == []
    # One for which nobody authorized them is not chosen either: all of one's own are shown.
    assert products(desk, whose="another-maker") == ["Beta", "Gamma", "Alpha"]
    lines = csv.DictReader(io.StringIO(b"".join(desk.get(reverse("apply:listings_csv"))).decode()))
    assert sorted(line["product"] for line in lines) == ["Alpha", "Beta", "Gamma"]
    assert "as its representative Clearpath Consulting" in words(desk.get(reverse("apply:change", args=[three[0].pk])))
    assert desk.get(reverse("apply:change", args=[others.pk])).status_code == 404
    begun = desk.post(reverse("apply:begin_change", args=[three[0].pk]), {"change": "discontinued"})
    draft = Application.objects.get()
    assert begun["Location"] == draft.get_absolute_url()
    assert (draft.organization, draft.made_by) == (organization_of(maker), organization_of(casey))
    end_authorization(authorization=Authorization.objects.get(), by=maker)
    assert products(desk) == []
    assert desk.get(reverse("apply:change", args=[three[0].pk])).status_code == 404
    assert desk.post(reverse("apply:begin_change", args=[three[0].pk]), {"change": "discontinued"}).status_code == 404


@pytest.mark.parametrize("terms", [{"begins": 1}, {"until": -1}])
def test_before_and_after_its_days_an_authorization_opens_no_listings(
    maker: User, three: list[Listing], terms: dict[str, int]
) -> None:
    casey = representative_of(maker, "Clearpath Consulting", **{name: in_days(days) for name, days in terms.items()})
    assert products(signed_in(casey)) == []


def test_a_distributors_authorization_opens_no_listings_of_the_manufacturer(maker: User, three: list[Listing]) -> None:
    seller = manufacturer("Gait Supply LLC")
    authorized(maker, seller, capacity=Capacity.DISTRIBUTOR)
    assert products(signed_in(seller)) == []


def test_what_the_authorization_does_not_extend_to_is_said_and_not_begun(casey: User, three: list[Listing]) -> None:
    Authorization.objects.update(kinds=["initial"])
    desk, where = signed_in(casey), reverse("apply:change", args=[three[0].pk])
    said = words(desk.get(where, {"change": "models-added"}))
    assert "Your authorization does not extend to this kind of application: model number addition." in said
    assert "Begin the attestation" not in said
    answer = desk.post(reverse("apply:begin_change", args=[three[0].pk]), {"change": "models-added"})
    assert answer["Location"] == f"{where}?change=models-added"
    assert not Application.objects.exists()
    assert "Begin the application" in words(desk.get(where, {"change": "product-changed"}))


def test_a_draft_names_a_listing_of_its_own_organization_only(maker: User, casey: User, three: list[Listing]) -> None:
    other_maker = manufacturer("Third Maker")
    authorized(other_maker, casey)
    theirs = publish("Theirs", manufacturer="Third Maker")
    draft = complete_draft(casey, behalf=organization_of(other_maker))
    desk = signed_in(casey)
    assert products(desk, **{"for": str(draft.pk)}) == ["Theirs"]
    choose = {"for": draft.pk}
    assert desk.post(reverse("apply:choose_listing", args=[three[0].pk]), choose).status_code == 404
    assert not draft.concerned.exists()
    desk.post(reverse("apply:choose_listing", args=[theirs.pk]), choose)
    assert [row.listing_id for row in draft.concerned.all()] == [theirs.pk]


def test_a_representatives_page_asks_as_much_for_three_manufacturers_as_for_one(casey: User) -> None:
    desk = signed_in(casey)
    with CaptureQueriesContext(connection) as one:
        desk.get(LISTINGS)
    for name in ("Third Maker", "Fourth Maker"):
        authorized(manufacturer(name), casey)
        publish(f"Of {name}", manufacturer=name)
    with CaptureQueriesContext(connection) as three_of_them:
        desk.get(LISTINGS)
    assert len(three_of_them) == len(one)


# ---- something changed


@pytest.mark.parametrize(
    ("change", "heading", "kind"),
    [
        ("models-added", "An attestation is enough: a model number addition", ApplicationKind.MODEL_ADDITION),
        ("maker-renamed", "An attestation is enough: a manufacturer name change", ApplicationKind.NAME_CHANGE),
        ("discontinued", "A listing update is enough", ApplicationKind.LISTING_UPDATE),
        ("product-changed", "A new application is needed", ApplicationKind.INITIAL),
    ],
)
def test_the_answer_leads_to_the_right_form(
    client: Client, three: list[Listing], change: str, heading: str, kind: str
) -> None:
    alpha = three[0]
    where = reverse("apply:change", args=[alpha.pk])
    assert "What changed?" in words(client.get(where))
    assert heading in words(client.get(where, {"change": change}))
    begun = client.post(reverse("apply:begin_change", args=[alpha.pk]), {"change": change})
    # Once more, as a double click does.
    assert client.post(begun.request["PATH_INFO"], {"change": change})["Location"] == begun["Location"]
    draft = Application.objects.get()
    assert begun["Location"] == draft.get_absolute_url()
    assert draft.kind == kind
    assert client.get(begun["Location"]).status_code == 200
    if kind != ApplicationKind.NAME_CHANGE:
        assert draft.product_name == "Alpha"
        assert [row.listing_id for row in draft.concerned.all()] == [alpha.pk]


def test_a_new_application_for_a_listing_is_copied_from_its_review(client: Client, maker: User) -> None:
    first = determined(maker, product_name="StrideOne")
    listing = Listing.objects.get()
    client.post(reverse("apply:begin_change", args=[listing.pk]), {"change": "name-changed"})
    draft = Application.objects.get(status="draft")
    assert (draft.reason, draft.previous_dcn, draft.answers) == ("information-changed", first.dcn, first.answers)


def test_what_is_no_change_is_refused_with_the_question(client: Client, three: list[Listing]) -> None:
    where = reverse("apply:change", args=[three[0].pk])
    assert client.get(where, {"change": "painted"}).status_code == 422
    assert client.post(reverse("apply:begin_change", args=[three[0].pk]), {"change": "painted"})["Location"] == where


def test_each_kind_of_draft_has_pages_for_its_sections(client: Client, three: list[Listing]) -> None:
    for change in ("models-added", "maker-renamed", "discontinued"):
        client.post(reverse("apply:begin_change", args=[three[0].pk]), {"change": change})
    for draft in Application.objects.all():
        for each in client.get(draft.get_absolute_url()).context["progress"]:
            page = client.get(address("section", draft, each.section.key))
            assert (page.status_code, draft.kind, each.section.key) == (200, draft.kind, each.section.key)


def test_new_models_are_typed_and_anothers_number_is_told(client: Client, three: list[Listing]) -> None:
    publish("Theirs", manufacturer="Another Maker", model_number="X-9")
    client.post(reverse("apply:begin_change", args=[three[0].pk]), {"change": "models-added"})
    draft = Application.objects.get()
    saved = save(client, draft, "product", {"model_numbers": "A-2\nX-9"})
    page = words(client.get(saved["Location"]))
    assert "X-9 is also a model number of Another Maker" in page
    assert [model.model_number for model in again(draft).models.all()] == ["A-2", "X-9"]
    assert [row.code.code for row in draft.requested_codes.all()] == ["K1007"]


def test_the_name_of_my_organization_changed(client: Client, maker: User) -> None:
    where = reverse("apply:name_change")
    assert "Whose name changed?" in words(client.get(where))
    assert client.post(where, {"organization": "999999"}).status_code == 422
    client.post(where, {"organization": organization_of(maker).pk})
    draft = Application.objects.get()
    assert (draft.kind, draft.product_name) == (ApplicationKind.NAME_CHANGE, "Name of Stride Robotics")
    said = {"change": "renamed", "new-name": "Stride Medical", "since": "2026-01-05"}
    save(client, draft, "questions", said)
    assert again(draft).answers == said
    wrong = save(client, again(draft), "questions", {**said, "since": "2999-01-05"})
    assert wrong.status_code == 422
    assert "not a plausible day" in words(wrong)


def test_a_last_day_may_lie_ahead_and_may_not_be_a_slip(client: Client, three: list[Listing]) -> None:
    client.post(reverse("apply:begin_change", args=[three[0].pk]), {"change": "discontinued"})
    draft, ahead = Application.objects.get(), (timezone.localdate() + timedelta(days=90)).isoformat()
    said = {"update": "discontinued", "last-day": ahead, "why": "No longer made."}
    assert save(client, draft, "questions", said).status_code == 302
    assert again(draft).answers == said
    assert save(client, again(draft), "questions", {**said, "last-day": "2206-01-01"}).status_code == 422


# ---- the listing that a reason speaks of


def test_a_listing_is_chosen_for_the_reason(client: Client, maker: User, three: list[Listing]) -> None:
    draft = complete_draft(maker)
    save(client, draft, "reason", {"reason": "modified", "previous_dcn": ""})
    draft = again(draft)
    lacks = [gap.message for gap in gaps(draft) if gap.section == "reason"]
    assert lacks == [
        "Give the document control number of the earlier application, or choose the listing from your own."
    ]
    page = words(client.get(LISTINGS, {"for": draft.pk}))
    assert "Choose the listing that your application is about" in page
    chosen = client.post(reverse("apply:choose_listing", args=[three[0].pk]), {"for": draft.pk})
    assert chosen["Location"] == address("section", draft, "reason")
    assert "Alpha, A-1, under K1007" in words(client.get(chosen["Location"]))
    assert [gap for gap in gaps(again(draft)) if gap.section == "reason"] == []


def test_anothers_draft_is_not_chosen_for(client: Client, three: list[Listing]) -> None:
    others = complete_draft(manufacturer("Third Maker"))
    assert client.get(LISTINGS, {"for": others.pk}).context["chosen_for"] is None
    client.post(reverse("apply:choose_listing", args=[three[0].pk]), {"for": others.pk})
    assert not others.concerned.exists()


# ---- once a year


def test_whom_to_remind(three: list[Listing]) -> None:
    born = Organization.objects.get(name="Stride Robotics")
    for name, day in (("Stride Robotics", 5), ("Another Maker", 5)):
        Organization.objects.filter(name=name).update(created_at=f"2024-03-0{day}T12:00Z")
    assert list(organizations_to_remind(date(2026, 3, 5))) == [born]
    assert list(organizations_to_remind(date(2026, 3, 6))) == []
    assert list(organizations_to_remind(date(2024, 3, 5))) == []
    manufacturer("Nothing Listed")
    Organization.objects.filter(name="Nothing Listed").update(created_at="2024-02-29T12:00Z")
    Organization.objects.filter(pk=born.pk).update(created_at="2024-02-29T12:00Z")
    assert list(organizations_to_remind(date(2027, 2, 28))) == [born]
    assert list(organizations_to_remind(date(2028, 2, 28))) == []
    assert list(organizations_to_remind(date(2028, 2, 29))) == [born]


# ---- what a distributor applied for


def test_a_manufacturer_reads_how_to_ask_for_a_reconsideration_of_a_distributors_application(maker: User) -> None:
    seller = manufacturer("Gait Supply LLC")
    sold = determined(seller, product_name="Sold", distributor_name="Gait Supply LLC")
    Application.objects.filter(pk=sold.pk).update(
        applies_as="distributor", manufacturer_name="Stride Robotics", description="Confidential-words"
    )
    listing = Listing.objects.get()
    parties = {"manufacturer_organization": organization_of(maker), "distributor_organization": organization_of(seller)}
    RegisterEntry.objects.filter(pk=listing.pk).update(**parties, changed_at=timezone.now())
    client = signed_in(maker)
    answer = client.get(reverse("apply:change", args=[listing.pk]))
    page = words(answer)
    assert f"The determination under {sold.dcn}" in page
    assert "Ask for a reconsideration" in page
    for secret in ("Confidential-words", sold.contact_email, *sold.documents.values_list("name", flat=True)):
        assert secret not in answer.content.decode()
    assert client.get(sold.get_absolute_url()).status_code == 404
    assert client.get(reverse("apply:reconsider", args=[sold.pk])).status_code == 404
    # The distributor itself reads that it is not the one to ask.
    of_seller = words(signed_in(seller).get(reverse("apply:change", args=[listing.pk])))
    assert "Ask for a reconsideration" not in of_seller
    assert "A distributor may not" in words(signed_in(seller).get(sold.get_absolute_url()))


def test_every_section_of_every_kind_opens(client: Client, maker: User) -> None:
    """A name change belongs to no product group, whose pages a section may point to."""
    determined(maker)
    listing, organization = Listing.objects.get(), organization_of(maker)
    begun = (
        begin_name_change(organization=organization, by=maker),
        begin_model_addition(listing=listing, organization=organization, by=maker),
        begin_listing_update(listing=listing, organization=organization, by=maker),
        begin_reconsideration(application=Application.objects.get(dcn__isnull=False), by=maker),
    )
    for application in begun:
        for section in sections_of(application):
            shown = client.get(address("section", application, section.key))
            assert shown.status_code == 200, (application.kind, section.key)
            assert "What this product group is asked" not in words(shown), (application.kind, section.key)
