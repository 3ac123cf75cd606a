"""A listing that CMS assigned, or one of an earlier list: organization, product, models and code in one act."""

from datetime import date
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from accounts.models import User
from pcl.models import Listing, ListingChange, Organization, Product, RegisterEntry
from pcl.services.organizations import rename_organization
from tests.factories.register import make_code, publish, some_code, some_organization
from tests.registrar.acts import act, hidden_fields, preview
from tests.reviewer.page import main_of, text_of

pytestmark = pytest.mark.django_db
ADDRESS = "/review/listings/new/"
GIVEN = {
    "manufacturer": "Argo Technologies",
    "product": "ReWalk",
    "classification": "Powered Orthoses",
    "model_numbers": "RW-6",
    "code": "K1007",
    "begins": "2024-01-01",
    "origin": "cms",
    "reason": "CMS assigned the code in its decision of December 28, 2023.",
}


@pytest.fixture(autouse=True)
def _code(db: None) -> None:
    some_code("K1007")


def shown(client: Client, **other: Any) -> HttpResponse:
    return preview(client, ADDRESS, **{**GIVEN, **other})


def test_a_name_with_a_slip_of_the_keyboard_leads_to_the_one_meant(as_reese: Client) -> None:
    some_organization("Argo Technologies")
    text = text_of(shown(as_reese, manufacturer="Argo Tecnologies", distributor="Somebody Else"))
    assert (
        "“Argo Tecnologies” is new to the register: an organization of that name is made. "
        "If you mean “Argo Technologies”, go back to the form and write that name." in text
    )
    assert "“Somebody Else” is new to the register: an organization of that name is made. If" not in text


def test_a_cms_listing_without_an_application(as_reese: Client, reese: User) -> None:
    """DOMAIN 7.13."""
    page = shown(as_reese)
    text = text_of(page)
    assert "“Argo Technologies” is new to the register: an organization of that name is made." in text
    assert "Listed under K1007 for dates of service from January 1, 2024" in text
    assert [Organization.objects.count(), Product.objects.count(), Listing.objects.count()] == [0, 0, 0]

    after = act(as_reese, ADDRESS, **GIVEN)
    listing = Listing.objects.get()
    assert after.request["PATH_INFO"] == f"/review/listings/{listing.pk}/"
    assert "The listing is published. It is change 1" in text_of(after)
    entry = RegisterEntry.objects.get()
    assert (entry.manufacturer, entry.product, entry.model_number, entry.code, entry.origin) == (
        "Argo Technologies",
        "ReWalk",
        "RW-6",
        "K1007",
        "cms",
    )
    change = ListingChange.objects.get()
    assert (change.kind, change.by, change.reason) == ("listed", reese, GIVEN["reason"])
    public = Client().get(listing.get_absolute_url()).content.decode()
    assert "Assigned by CMS" in public


def test_several_models_are_pasted_and_each_is_taken_once(as_reese: Client) -> None:
    page = shown(as_reese, model_numbers="RW-6\r\n\r\n RW 7 \r\nrw6\r\nRW-7")
    assert "Given more than once, and taken once: rw6, RW-7." in text_of(page)
    assert "2 changes" in text_of(page)
    act(as_reese, ADDRESS, **{**GIVEN, "model_numbers": "RW-6\n RW 7 \nrw6\nRW-7"})
    assert sorted(RegisterEntry.objects.values_list("model_number", flat=True)) == ["RW 7", "RW-6"]


def test_no_model_number_means_that_none_is_stated(as_reese: Client) -> None:
    act(as_reese, ADDRESS, **{**GIVEN, "model_numbers": " \n"})
    assert RegisterEntry.objects.get().model_number == ""


def test_a_known_organization_is_taken_under_any_of_its_names(as_reese: Client) -> None:
    argo = some_organization("Argo Technologies")
    rename_organization(
        organization=argo, name="Lifeward", since=date(2024, 1, 1), source="Letter", reason="Because.", by=None
    )
    page = shown(as_reese, distributor="lifeward")
    assert "is new to the register" not in text_of(page)
    act(as_reese, ADDRESS, **{**GIVEN, "distributor": "lifeward"})
    entry = RegisterEntry.objects.get()
    assert (entry.manufacturer_organization, entry.distributor_organization) == (argo, argo)
    assert Organization.objects.count() == 1


def test_a_name_that_looks_like_a_known_one_is_asked_about(as_reese: Client) -> None:
    some_organization("Argo Technologies, Inc.")
    refused = shown(as_reese)
    assert refused.status_code == 422
    assert "The register knows “Argo Technologies, Inc.”, which looks like “Argo Technologies”." in text_of(refused)
    assert "It is another organization, though the names look alike" in text_of(refused)
    act(as_reese, ADDRESS, **{**GIVEN, "may_look_alike": "on"})
    assert Organization.objects.count() == 2


def test_a_code_is_checked_on_the_first_day(as_reese: Client) -> None:
    make_code("K1032", terminated=date(2023, 12, 31))
    refused = shown(as_reese, code="K1032")
    assert refused.status_code == 422
    assert (
        "K1032 is not valid on January 1, 2024. It is valid from January 1, 2000 to December 31, 2023. "
        "Choose a begin date on which it is, or another code." in text_of(refused)
    )
    assert GIVEN["reason"] in main_of(refused)
    assert not Organization.objects.exists()


def test_a_listing_is_bound_to_the_meaning_that_the_code_has_on_its_first_day(as_reese: Client) -> None:
    """DOMAIN 7.12: two disjoint meanings of one string."""
    old = make_code("L0001", added=date(2000, 1, 1), terminated=date(2010, 12, 31))
    new = make_code("L0001", added=date(2020, 1, 1))
    act(as_reese, ADDRESS, **{**GIVEN, "code": "L0001", "begins": "2005-01-01", "model_numbers": "OLD"})
    act(as_reese, ADDRESS, **{**GIVEN, "code": "L0001", "begins": "2024-01-01", "model_numbers": "NEW"})
    bound = {listing.model.model_number: listing.code for listing in Listing.objects.all()}
    assert bound == {"OLD": old, "NEW": new}
    on_a_day = RegisterEntry.objects.filter(code="L0001", in_force__contains=date(2024, 1, 1))
    assert [entry.model_number for entry in on_a_day] == ["NEW"]


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"model_numbers": "RW-6\n---"}, "Line 2, “---”, holds neither a letter nor a digit."),
        ({"model_numbers": "X" * 121}, "Line 1 has 121 characters; a model number has at most 120."),
        (
            {"model_numbers": "\n".join(f"M{n}" for n in range(201))},
            "These are 201 model numbers; at most 200 at",
        ),
        ({"code": "1007"}, "Write the code as one letter and four digits"),
        ({"origin": "determination"}, "Select a valid choice."),
        ({"manufacturer": "‼"}, "Give the organization's name, in letters."),
        ({"begins": "06/01/2024"}, "If it means June 1, 2024, write 2024-06-01."),
        ({"reason": ""}, "Reason: Say what happened and who orders it"),
    ],
)
def test_what_cannot_be_published_is_told(as_reese: Client, given: dict[str, str], refusal: str) -> None:
    refused = shown(as_reese, **given)
    assert refused.status_code == 422
    assert refusal in text_of(refused)
    assert not Listing.objects.exists()


def test_what_is_listed_already_is_named_and_nothing_is_published(as_reese: Client) -> None:
    publish("ReWalk", model_number="RW-7")
    refused = shown(as_reese, model_numbers="RW-6\nRW-7")
    assert "Model RW-7: This model is already listed under this code for some of these dates." in text_of(refused)
    assert Listing.objects.count() == 1


def test_a_product_of_another_classification_is_not_changed_by_the_way(as_reese: Client) -> None:
    publish("ReWalk", model_number="RW-7")
    refused = shown(as_reese, classification="Power Wheelchairs")
    assert "The register has “ReWalk” by Argo Technologies in the classification “Powered Orthoses”." in text_of(
        refused
    )
    assert Product.objects.get().classification == "Powered Orthoses"


def test_the_form_begins_with_what_another_listing_says(as_reese: Client) -> None:
    listing = publish("ReWalk", model_number="RW-7")
    form = main_of(as_reese.get(f"{ADDRESS}?like={listing.pk}"))
    assert ['value="ReWalk"' in form, 'value="Argo Technologies"' in form, 'value="K1007"' in form] == [True] * 3
    assert [as_reese.get(f"{ADDRESS}?like={like}").status_code for like in ("x", "0", "9" * 30)] == [200] * 3


def test_confirming_twice_publishes_once(as_reese: Client) -> None:
    page = shown(as_reese)
    sent = {**hidden_fields(page), "step": "confirm"}
    assert as_reese.post(ADDRESS, sent).status_code == 302
    again = as_reese.post(ADDRESS, sent)
    assert "already listed under this code" in text_of(again)
    assert Listing.objects.count() == 1
