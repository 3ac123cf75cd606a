"""Each service writes the listing, its change and what the register shows, or refuses and writes nothing."""

from datetime import date

import pytest

from pcl.errors import RegisterError
from pcl.models import ChangeKind, Listing, ListingChange, RegisterEntry
from pcl.services.end_date_listing import end_date_listing
from pcl.services.products import ensure_model
from pcl.services.publish_listing import publish_listing
from tests.factories.register import make_code, make_product, publish

pytestmark = pytest.mark.django_db


def test_a_new_listing_is_shown_and_recorded() -> None:
    listing = publish("ReWalk", model_number="RW-6.0", begins=date(2024, 6, 1), reason="Determined.")

    change = ListingChange.objects.get()
    assert (change.seq, change.kind, change.listing, change.before, change.reason) == (
        1,
        ChangeKind.LISTED,
        listing,
        None,
        "Determined.",
    )
    assert change.after == {
        "id": listing.pk,
        "code": "K1007",
        "manufacturer": "Argo Technologies",
        "distributor": None,
        "product": "ReWalk",
        "model_number": "RW-6.0",
        "classification": "Powered Orthoses",
        "effective_from": "2024-06-01",
        "effective_to": None,
        "origin": "determination",
        "comment": "",
    }
    entry = RegisterEntry.objects.get()
    assert (entry.listing, entry.published_at, entry.changed_at) == (listing, change.at, change.at)


def test_an_end_date_is_the_last_day_to_bill() -> None:
    listing = publish(begins=date(2024, 6, 1))
    first = ListingChange.objects.get()

    change = end_date_listing(listing=listing, last_day=date(2024, 12, 31), reason="Withdrawn.", by=None)

    listing.refresh_from_db()
    assert (listing.effective_to, listing.version) == (date(2024, 12, 31), 2)
    assert (change.kind, change.before, change.after["effective_to"]) == ("end_dated", first.after, "2024-12-31")
    entry = RegisterEntry.objects.get()
    assert (entry.effective_to, entry.published_at, entry.changed_at) == (date(2024, 12, 31), first.at, change.at)


@pytest.mark.parametrize(
    ("begins", "message"),
    [
        (date(2021, 12, 31), "K1032 is not valid on December 31, 2021."),
        (date(2024, 1, 1), "K1032 is not valid on January 1, 2024."),
        (date(20, 6, 1), "0020-06-01 is not a plausible date."),
    ],
)
def test_a_listing_begins_only_while_its_code_is_valid(begins: date, message: str) -> None:
    make_code("K1032", added=date(2022, 1, 1), terminated=date(2023, 12, 31))

    with pytest.raises(RegisterError, match=message):
        publish(code="K1032", begins=begins)

    assert (Listing.objects.count(), ListingChange.objects.count(), RegisterEntry.objects.count()) == (0, 0, 0)


def test_a_listing_may_begin_on_the_last_day_of_its_code() -> None:
    make_code("K1032", added=date(2022, 1, 1), terminated=date(2023, 12, 31))

    assert publish(code="K1032", begins=date(2023, 12, 31)).effective_from == date(2023, 12, 31)


def test_a_model_is_listed_once_under_a_code() -> None:
    listing = publish("ReWalk", begins=date(2024, 1, 1))

    with pytest.raises(RegisterError, match="already listed under this code"):
        publish_listing(
            model=listing.model, code=listing.code, begins=date(2025, 1, 1), origin=listing.origin, reason="Again."
        )

    assert ListingChange.objects.count() == 1


def test_a_model_may_be_listed_under_two_codes() -> None:
    listing = publish("ReWalk")
    publish_listing(
        model=listing.model, code=make_code("L8701"), begins=date(2024, 1, 1), origin=listing.origin, reason="Both."
    )

    assert sorted(RegisterEntry.objects.values_list("code", flat=True)) == ["K1007", "L8701"]


@pytest.mark.parametrize(
    ("last_day", "message"),
    [(date(2024, 5, 31), "before the listing begins on June 1, 2024"), (date(2925, 1, 1), "not a plausible date")],
)
def test_an_end_that_cannot_be_is_refused(last_day: date, message: str) -> None:
    listing = publish(begins=date(2024, 6, 1))

    with pytest.raises(RegisterError, match=message):
        end_date_listing(listing=listing, last_day=last_day, reason="Slip.", by=None)

    listing.refresh_from_db()
    assert (listing.effective_to, ListingChange.objects.count()) == (None, 1)


def test_an_end_is_set_once() -> None:
    listing = publish(begins=date(2024, 6, 1))
    end_date_listing(listing=listing, last_day=date(2024, 12, 31), reason="Withdrawn.", by=None)

    with pytest.raises(RegisterError, match="already ends on December 31, 2024"):
        end_date_listing(listing=listing, last_day=date(2025, 12, 31), reason="Later.", by=None)

    assert ListingChange.objects.count() == 2


def test_a_model_number_is_the_same_however_it_is_punctuated() -> None:
    product = make_product("ReWalk")

    assert ensure_model(product=product, model_number="RW-6.0") == ensure_model(product=product, model_number="rw60")
