"""Extended, taken back, reinstated, moved to another code, corrected, renamed, merged: each with its typed change."""

from collections.abc import Iterator
from datetime import date

import pytest
import time_machine
from django.db.backends.postgresql.psycopg_any import DateRange

from pcl.errors import RegisterError
from pcl.models import Listing, ListingChange, OrganizationName, RegisterEntry
from pcl.queries.organization_names import find_organization
from pcl.services.correct_listing import correct_listing
from pcl.services.end_date_listing import end_date_listing, extend_listing, rescind_end_date
from pcl.services.follow_on_listing import recode_listing, reinstate_listing
from pcl.services.organizations import merge_organizations, rename_organization
from pcl.services.products import correct_model_number, correct_product, rename_product
from tests.factories.register import make_code, publish, some_organization
from tests.pcl.test_the_chain_of_changes import assert_unbroken

pytestmark = pytest.mark.django_db
WHY = {"reason": "Because.", "by": None}


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel("2026-06-15T12:00:00Z"):
        yield


@pytest.fixture
def listing() -> Listing:
    return publish("ReWalk", begins=date(2024, 1, 1), model_number="RW-6")


def ended(listing: Listing, last_day: date) -> Listing:
    end_date_listing(listing=listing, last_day=last_day, **WHY)
    listing.refresh_from_db()
    return listing


def kinds() -> list[str]:
    changes = list(ListingChange.objects.order_by("seq"))
    assert_unbroken(changes)
    return [change.kind for change in changes]


def test_an_announced_end_is_extended_and_then_taken_back(listing: Listing) -> None:
    """DOMAIN 7.3: K0009 had a future end date, which was extended and later rescinded."""
    ended(listing, date(2026, 8, 31))
    extended = extend_listing(listing=listing, last_day=date(2026, 12, 31), **WHY)
    rescinded = rescind_end_date(listing=listing, **WHY)

    assert kinds() == ["listed", "end_dated", "extended", "rescinded"]
    assert (extended.before["effective_to"], extended.after["effective_to"]) == ("2026-08-31", "2026-12-31")
    assert (rescinded.before["effective_to"], rescinded.after["effective_to"]) == ("2026-12-31", None)
    assert RegisterEntry.objects.get().effective_to is None


@pytest.mark.parametrize("last_day", [date(2026, 8, 31), date(2026, 8, 30)])
def test_an_extension_is_to_a_later_day(listing: Listing, last_day: date) -> None:
    ended(listing, date(2026, 8, 31))

    with pytest.raises(RegisterError, match="holds until August 31, 2026 already"):
        extend_listing(listing=listing, last_day=last_day, **WHY)


def test_what_was_never_announced_is_neither_extended_nor_taken_back(listing: Listing) -> None:
    with pytest.raises(RegisterError, match="No end date was announced for this listing. There is nothing to take"):
        rescind_end_date(listing=listing, **WHY)
    with pytest.raises(RegisterError, match="No end date was announced for this listing. There is nothing to extend"):
        extend_listing(listing=listing, last_day=date(2027, 1, 1), **WHY)

    assert kinds() == ["listed"]


def test_an_end_that_has_passed_is_not_taken_back(listing: Listing) -> None:
    ended(listing, date(2026, 6, 14))

    with pytest.raises(RegisterError, match="ended on June 14, 2026. Reinstate it"):
        rescind_end_date(listing=listing, **WHY)
    with pytest.raises(RegisterError, match="ended on June 14, 2026. Reinstate it"):
        extend_listing(listing=listing, last_day=date(2026, 12, 31), **WHY)


def test_the_last_day_itself_is_not_past(listing: Listing) -> None:
    ended(listing, date(2026, 6, 15))

    assert rescind_end_date(listing=listing, **WHY).after["effective_to"] is None


def test_a_reinstatement_is_a_new_period_and_the_gap_stays(listing: Listing) -> None:
    """DOMAIN 7.11."""
    ended(listing, date(2025, 12, 31))
    new = reinstate_listing(listing=listing, begins=date(2026, 3, 1), **WHY)

    assert kinds() == ["listed", "end_dated", "reinstated"]
    change = ListingChange.objects.get(kind="reinstated")
    assert (change.listing, change.before["id"], change.after["id"]) == (new, listing.pk, new.pk)
    in_force = {
        day: list(RegisterEntry.objects.filter(in_force__contains=date.fromisoformat(day)).values_list("pk", flat=True))
        for day in ("2025-12-31", "2026-01-01", "2026-02-28", "2026-03-01")
    }
    assert in_force == {"2025-12-31": [listing.pk], "2026-01-01": [], "2026-02-28": [], "2026-03-01": [new.pk]}


def test_a_reinstatement_begins_after_the_end(listing: Listing) -> None:
    with pytest.raises(RegisterError, match="no end date, so there is nothing to reinstate"):
        reinstate_listing(listing=listing, begins=date(2026, 3, 1), **WHY)
    ended(listing, date(2025, 12, 31))
    with pytest.raises(RegisterError, match="holds until December 31, 2025. Choose a later day"):
        reinstate_listing(listing=listing, begins=date(2025, 12, 31), **WHY)
    reinstate_listing(listing=listing, begins=date(2026, 3, 1), **WHY)
    with pytest.raises(RegisterError, match="already listed under this code for some of these dates"):
        reinstate_listing(listing=listing, begins=date(2026, 2, 1), **WHY)


def test_one_listing_is_followed_by_two_under_other_codes(listing: Listing) -> None:
    first, second = make_code("L0001"), make_code("L0002")
    recode_listing(listing=listing, code=first, begins=date(2026, 7, 1), **WHY)
    recode_listing(listing=listing, code=second, begins=date(2026, 7, 1), **WHY)

    assert kinds() == ["listed", "recoded", "end_dated", "recoded"]
    assert [
        (entry.code, entry.effective_from, entry.effective_to) for entry in RegisterEntry.objects.order_by("code")
    ] == [
        ("K1007", date(2024, 1, 1), date(2026, 6, 30)),
        ("L0001", date(2026, 7, 1), None),
        ("L0002", date(2026, 7, 1), None),
    ]


def test_an_end_announced_for_later_holds_under_the_new_code_too(listing: Listing) -> None:
    ended(listing, date(2026, 12, 31))
    recode_listing(listing=listing, code=make_code("L0001"), begins=date(2026, 7, 1), **WHY)

    assert list(RegisterEntry.objects.order_by("code").values_list("code", "effective__endswith")) == [
        ("K1007", date(2026, 7, 1)),
        ("L0001", date(2027, 1, 1)),
    ]


def test_an_end_announced_for_later_holds_under_every_further_code(listing: Listing) -> None:
    ended(listing, date(2026, 12, 31))
    for code in ("L0001", "L0002"):
        recode_listing(listing=listing, code=make_code(code), begins=date(2026, 7, 1), **WHY)

    assert list(RegisterEntry.objects.order_by("code").values_list("code", "effective__endswith")) == [
        ("K1007", date(2026, 7, 1)),
        ("L0001", date(2027, 1, 1)),
        ("L0002", date(2027, 1, 1)),
    ]


def test_a_listing_that_just_ended_is_moved_without_an_end(listing: Listing) -> None:
    ended(listing, date(2026, 6, 30))
    recode_listing(listing=listing, code=make_code("L0001"), begins=date(2026, 7, 1), **WHY)

    assert RegisterEntry.objects.get(code="L0001").effective_to is None


def test_another_code_must_be_another_and_valid(listing: Listing) -> None:
    gone = make_code("L0001", terminated=date(2026, 6, 30))
    with pytest.raises(RegisterError, match="L0001 is not valid on July 1, 2026"):
        recode_listing(listing=listing, code=gone, begins=date(2026, 7, 1), **WHY)
    with pytest.raises(RegisterError, match="stands under K1007 already"):
        recode_listing(listing=listing, code=listing.code, begins=date(2026, 7, 1), **WHY)
    with pytest.raises(RegisterError, match="begins on January 1, 2024. Choose a later day"):
        recode_listing(listing=listing, code=make_code("L0002"), begins=date(2024, 1, 1), **WHY)

    assert kinds() == ["listed"]


def test_a_correction_restates_dates_and_comment(listing: Listing) -> None:
    change = correct_listing(
        listing=listing, begins=date(2024, 2, 1), last_day=date(2026, 1, 31), comment="Code Reverified", **WHY
    )

    assert (change.kind, change.after["effective_from"], change.after["effective_to"], change.after["comment"]) == (
        "corrected",
        "2024-02-01",
        "2026-01-31",
        "Code Reverified",
    )
    with pytest.raises(RegisterError, match="That is what the listing says already"):
        correct_listing(
            listing=listing, begins=date(2024, 2, 1), last_day=date(2026, 1, 31), comment="Code Reverified ", **WHY
        )
    with pytest.raises(RegisterError, match="The last day is before the listing begins on March 1, 2026"):
        correct_listing(listing=listing, begins=date(2026, 3, 1), last_day=date(2026, 2, 1), comment="", **WHY)


def test_a_correction_cannot_overlap_the_models_other_period(listing: Listing) -> None:
    ended(listing, date(2025, 12, 31))
    reinstate_listing(listing=listing, begins=date(2026, 3, 1), **WHY)

    with pytest.raises(RegisterError, match="another listing under this code on some of these dates"):
        correct_listing(listing=listing, begins=date(2024, 1, 1), last_day=date(2026, 3, 1), comment="", **WHY)


def test_who_looked_at_an_older_version_is_told(listing: Listing) -> None:
    """Two registrars end the same listing."""
    end_date_listing(listing=listing, last_day=date(2026, 8, 31), seen_version=1, **WHY)

    with pytest.raises(RegisterError, match="Somebody else has changed this listing"):
        end_date_listing(listing=listing, last_day=date(2026, 9, 30), seen_version=1, **WHY)

    assert kinds() == ["listed", "end_dated"]


def test_a_renamed_product_is_found_under_both_names(listing: Listing) -> None:
    """DOMAIN 7.4."""
    publish("ReWalk", model_number="RW-7", code="L8701")
    other = publish("Indego")
    rename_product(
        product=listing.model.product, name="ReWalk Personal 6.0", since=date(2026, 5, 1), source="Letter", **WHY
    )

    assert kinds() == ["listed", "listed", "listed", "renamed", "renamed"]
    assert set(RegisterEntry.objects.exclude(listing=other).values_list("product", flat=True)) == {
        "ReWalk Personal 6.0"
    }
    name = listing.model.product.names.get()
    assert (name.name, name.used.lower, name.used.upper) == ("ReWalk", None, date(2026, 5, 1))
    with pytest.raises(RegisterError, match="called “ReWalk Personal 6.0” already"):
        rename_product(
            product=listing.model.product, name="ReWalk  Personal 6.0", since=date(2026, 6, 1), source="", **WHY
        )
    with pytest.raises(RegisterError, match="is the name since May 1, 2026"):
        rename_product(product=listing.model.product, name="Other", since=date(2026, 5, 1), source="", **WHY)


def test_a_mistaken_name_is_not_kept_as_a_name(listing: Listing) -> None:
    correct_product(product=listing.model.product, name="ReWalk 6", classification="Powered Orthoses", **WHY)

    assert kinds() == ["listed", "corrected"]
    assert listing.model.product.names.count() == 0
    with pytest.raises(RegisterError, match="Give the product's name"):
        correct_product(product=listing.model.product, name=" ‼ ", classification="", **WHY)


def test_a_mistaken_model_number(listing: Listing) -> None:
    publish("ReWalk", model_number="RW-7", code="L8701")
    correct_model_number(model=listing.model, model_number="RW-60", **WHY)

    assert RegisterEntry.objects.get(listing=listing).model_normalized == "RW60"
    with pytest.raises(RegisterError, match="another model RW 7"):
        correct_model_number(model=listing.model, model_number="RW 7", **WHY)


def test_a_renamed_organization_changes_what_it_makes_and_what_it_distributes(listing: Listing) -> None:
    distributed = publish("Sold", manufacturer="Maker", distributor="Argo Technologies")
    untouched = publish("Other", manufacturer="Maker")
    rename_organization(
        organization=some_organization("Argo Technologies"),
        name="ReWalk Robotics, Inc.",
        since=date(2026, 5, 1),
        source="Attestation of May 2, 2026",
        **WHY,
    )

    assert kinds() == ["listed", "listed", "listed", "renamed", "renamed"]
    assert RegisterEntry.objects.get(listing=listing).manufacturer == "ReWalk Robotics, Inc."
    assert RegisterEntry.objects.get(listing=distributed).distributor == "ReWalk Robotics, Inc."
    assert untouched.changes.count() == 1
    assert find_organization("argo technologies") == find_organization("ReWalk Robotics, Inc.")


def test_a_name_of_another_organization_is_refused(listing: Listing) -> None:
    some_organization("Parker Hannifin Corp.")

    with pytest.raises(RegisterError, match="“Parker Hannifin Corp.” is another organization of that name"):
        rename_organization(
            organization=some_organization("Argo Technologies"),
            name="PARKER HANNIFIN",
            since=date(2026, 5, 1),
            source="",
            **WHY,
        )


def test_a_merged_organization_is_found_under_both_names(listing: Listing) -> None:
    """DOMAIN 7.7."""
    argo, into = some_organization("Argo Technologies"), some_organization("Lifeward")
    rename_organization(organization=argo, name="ReWalk Robotics", since=date(2025, 1, 1), source="Letter", **WHY)
    merge_organizations(merged=argo, into=into, since=date(2026, 5, 1), source="Attestation", **WHY)

    assert kinds() == ["listed", "renamed", "renamed"]
    entry = RegisterEntry.objects.get()
    assert (entry.manufacturer, entry.manufacturer_organization) == ("Lifeward", into)
    assert list(
        OrganizationName.objects.filter(organization=into).order_by("used").values_list("name", "used__endswith")
    ) == [("Argo Technologies", date(2025, 1, 1)), ("ReWalk Robotics", date(2026, 5, 1))]
    assert find_organization("ReWalk Robotics") == into
    with pytest.raises(RegisterError, match="“ReWalk Robotics” was merged into “Lifeward”"):
        merge_organizations(merged=argo, into=into, since=date(2026, 6, 1), source="", **WHY)
    with pytest.raises(RegisterError, match="cannot be merged into itself"):
        merge_organizations(merged=into, into=into, since=date(2026, 6, 1), source="", **WHY)


def test_a_name_taken_over_in_a_merger_says_nothing_of_since_when_the_own_name_is_one(listing: Listing) -> None:
    """Lifeward has always been Lifeward, although it has “Argo Technologies” among its former names since May 2026."""
    argo, lifeward = some_organization("Argo Technologies"), some_organization("Lifeward")
    merge_organizations(merged=argo, into=lifeward, since=date(2026, 5, 1), source="Attestation", **WHY)
    rename_organization(organization=lifeward, name="Lifeward Ltd.", since=date(2026, 4, 1), source="Letter", **WHY)

    assert list(lifeward.names.order_by("name").values_list("name", "used")) == [
        ("Argo Technologies", DateRange(None, date(2026, 5, 1))),
        ("Lifeward", DateRange(None, date(2026, 4, 1))),
    ]
