"""Organizations in the console: found under any name, made, renamed, merged, each with a preview."""

from datetime import date

import pytest
from django.test import Client

from pcl.models import ListingChange, Organization, RegisterEntry
from pcl.services.organizations import create_organization, rename_organization
from tests.factories.register import publish, some_organization
from tests.registrar.acts import act, confirm, hidden_fields, preview, queries_for
from tests.reviewer.page import main_of, text_of

pytestmark = pytest.mark.django_db
LIST = "/review/organizations/"
RENAME = "/review/organizations/argo-technologies/rename/"
MERGE = "/review/organizations/argo-technologies/merge/"
WHY = "Attested by the manufacturer."
RENAMED = {"name": "Lifeward", "since": "2026-05-01", "source": "Attestation of May 2, 2026", "reason": WHY}
MERGED = {"since": "2026-05-01", "source": "Merger notice", "reason": WHY, "typed_name": "Argo Technologies"}


def listings(count: int = 1) -> None:
    for number in range(count):
        publish("ReWalk", model_number=f"RW-{number}")


def test_a_renaming_by_attestation_shows_what_changes_first(as_reese: Client) -> None:
    """DOMAIN 7.7: the old name still finds rows, and the history shows it."""
    listings(2)
    publish("Other", manufacturer="Somebody Else")
    shown = preview(as_reese, RENAME, **RENAMED)
    text = text_of(shown)
    assert "2 changes" in text
    assert "Listings that name it, as manufacturer or distributor: 2." in text
    assert Organization.objects.get(slug="argo-technologies").name == "Argo Technologies"

    after = confirm(as_reese, RENAME, shown)
    assert "It is called “Lifeward” now. They are changes 4 to 5" in text_of(after)
    page = text_of(as_reese.get(f"{LIST}argo-technologies/"))
    assert "Argo Technologies not known May 1, 2026 Attestation of May 2, 2026" in page
    assert len(as_reese.get("/review/listings/?q=argo").context["page"].rows) == 2
    assert ListingChange.objects.get(seq=4).before["manufacturer"] == "Argo Technologies"


def test_a_merger_shows_what_changes_and_asks_for_the_name(as_reese: Client) -> None:
    """DOMAIN 7.7, merged: found under both names; the page of the old one says where it went."""
    listings(2)
    some_organization("Lifeward")
    address = f"{MERGE}?into=lifeward"
    refused = preview(as_reese, address, **{**MERGED, "typed_name": "Argo"})
    assert refused.status_code == 422
    assert "This is not its name. Type “Argo Technologies”" in text_of(refused)
    assert WHY in main_of(refused)

    shown = preview(as_reese, address, **MERGED)
    text = text_of(shown)
    assert "2 changes" in text
    assert "“Lifeward” gets these former names: “Argo Technologies”." in text
    assert "This cannot be taken back." in text
    assert Organization.objects.get(slug="argo-technologies").merged_into is None

    after = confirm(as_reese, address, shown)
    assert "“Argo Technologies” is merged into “Lifeward”." in text_of(after)
    assert after.request["PATH_INFO"] == f"{LIST}lifeward/"
    assert set(RegisterEntry.objects.values_list("manufacturer", flat=True)) == {"Lifeward"}
    assert "Nothing can be done to it any more." in text_of(as_reese.get(f"{LIST}argo-technologies/"))
    assert "was merged into “Lifeward”" in text_of(preview(as_reese, RENAME, **RENAMED))


def test_a_name_taken_over_in_a_merger_is_no_former_name_of_its_own(as_reese: Client) -> None:
    listings(1)
    some_organization("Lifeward")
    confirm(as_reese, f"{MERGE}?into=lifeward", preview(as_reese, f"{MERGE}?into=lifeward", **MERGED))
    assert (
        "Argo Technologies of an organization merged into it not known May 1, 2026 Merger notice "
        "Lifeward not known today’s name" in text_of(as_reese.get(f"{LIST}lifeward/"))
    )

    act(as_reese, f"{LIST}lifeward/rename/", **{**RENAMED, "name": "Rewind"})
    assert "Rewind May 1, 2026 today’s name" in text_of(as_reese.get(f"{LIST}lifeward/"))


def test_the_other_organization_is_searched_for_under_any_name(as_reese: Client) -> None:
    listings()
    rename_organization(
        organization=some_organization("Medical Movement"), name="Lifeward", since=date(2024, 1, 1),
        source="Letter", reason=WHY, by=None,
    )  # fmt: skip
    found = as_reese.get(f"{MERGE}?q=movement").context["found"].rows
    assert [row["name"] for row in found] == ["Lifeward"]
    # Not itself, and none that was merged.
    assert "No other organization found" in text_of(as_reese.get(f"{MERGE}?q=argo"))
    assert "First find the organization" in text_of(as_reese.get(f"{MERGE}?into=nobody"))


def test_of_two_who_rename_the_second_is_told_and_loses_no_text(as_reese: Client) -> None:
    listings()
    opened = as_reese.get(RENAME)
    act(as_reese, RENAME, **RENAMED)
    second = as_reese.post(RENAME, {**hidden_fields(opened), **RENAMED, "name": "Argo Medical", "step": "preview"})
    assert second.status_code == 422
    assert "Somebody else has renamed this organization since you opened the page: it is called “Lifeward” now" in (
        text_of(second)
    )
    assert 'value="Argo Medical"' in main_of(second)
    assert Organization.objects.get(slug="argo-technologies").name == "Lifeward"


@pytest.mark.parametrize(
    ("address", "given", "refusal"),
    [
        (RENAME, {**RENAMED, "name": "Argo Technologies"}, "called “Argo Technologies” already"),
        (RENAME, {**RENAMED, "name": "parker, inc."}, "“Parker” is another organization of that name. Merge the two"),
        (RENAME, {**RENAMED, "since": "1066-10-14"}, "1066-10-14 is not a plausible date"),
        (f"{MERGE}?into=argo-technologies", MERGED, "An organization cannot be merged into itself"),
    ],
)
def test_what_is_refused_stands_in_the_form(
    as_reese: Client, address: str, given: dict[str, str], refusal: str
) -> None:
    listings()
    some_organization("Parker")
    refused = preview(as_reese, address, **given)
    assert refused.status_code == 422
    assert refusal in text_of(refused)
    assert ListingChange.objects.count() == 1


def test_an_organization_without_listings_is_renamed_too(as_reese: Client) -> None:
    create_organization(name="Argo Technologies")
    shown = preview(as_reese, RENAME, **RENAMED)
    assert "No listing changes." in text_of(shown)
    assert "No listing shows the name, so no listing changed." in text_of(confirm(as_reese, RENAME, shown))
    assert Organization.objects.get().name == "Lifeward"


def test_making_an_organization(as_reese: Client) -> None:
    address = "/review/new-organization/"
    assert as_reese.post(address, {"name": "Argo, Inc."}, follow=True).request["PATH_INFO"] == f"{LIST}argo-inc/"
    alike = as_reese.post(address, {"name": "ARGO"})
    assert alike.status_code == 422
    assert "The register knows “Argo, Inc.”, which looks like “ARGO”." in text_of(alike)
    same = as_reese.post(address, {"name": "argo, inc."}, follow=True)
    assert "The register knows “argo, inc.” already: here it is." in text_of(same)
    assert as_reese.post(address, {"name": "‼"}).status_code == 422
    assert Organization.objects.count() == 1
    as_reese.post(address, {"name": "ARGO", "may_look_alike": "on"})
    assert Organization.objects.count() == 2
    # Its page is no address of ours.
    assert as_reese.post(address, {"name": "New"}, follow=True).request["PATH_INFO"] == f"{LIST}new/"


def test_the_list_has_all_and_counts_their_listings(as_reese: Client) -> None:
    publish("A", manufacturer="Maker", distributor="Seller")
    publish("B", manufacturer="Maker", distributor="Maker")
    create_organization(name="Asked to be let in")
    rows = as_reese.get(LIST).context["page"].rows
    assert [(row["name"], row["listings"]) for row in rows] == [
        ("Asked to be let in", 0),
        ("Maker", 2),
        ("Seller", 1),
    ]
    assert [row["name"] for row in as_reese.get(f"{LIST}?q=sell").context["page"].rows] == ["Seller"]
    assert "No organization found" in text_of(as_reese.get(f"{LIST}?q=%00nobody"))


def test_there_is_none_yet(as_reese: Client) -> None:
    assert "There is no organization yet" in text_of(as_reese.get(LIST))
    assert as_reese.get(f"{LIST}nobody/").status_code == 404


@pytest.mark.parametrize("address", [LIST, f"{LIST}argo-technologies/", f"{MERGE}?q=o"])
def test_pages_cost_the_same_for_one_and_for_three(as_reese: Client, address: str) -> None:
    listings()
    some_organization("Other One")
    one = queries_for(as_reese, address)
    for number in (7, 8):
        publish("ReWalk", model_number=f"RW-{number}")
    for name in ("Other Two", "Other Three"):
        publish("Sold", manufacturer=name)
    rename_organization(
        organization=some_organization("Other Two"), name="Other Four", since=date(2024, 1, 1),
        source="Letter", reason=WHY, by=None,
    )  # fmt: skip
    assert queries_for(as_reese, address) == one
