"""What no program may do to the register, not even one with a database connection and no services."""

from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import F

from pcl.models import Listing, ListingChange
from tests.factories.register import publish

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def listing() -> Listing:
    return publish("ReWalk", begins=date(2024, 1, 1))


@pytest.mark.parametrize(
    "change",
    [
        {"comment": "Altered"},
        {"effective": DateRange(date(2023, 1, 1), None)},
        {"effective": DateRange(date(2024, 1, 1), date(2025, 1, 1))},
        {"origin": "cms"},
    ],
)
def test_a_listing_is_not_altered_without_a_change(listing: Listing, change: dict[str, object]) -> None:
    with pytest.raises(IntegrityError, match="has no recorded change that says the same"):
        Listing.objects.filter(pk=listing.pk).update(version=F("version") + 1, **change)

    assert Listing.objects.filter(pk=listing.pk, **change).count() == 0


def test_a_listing_is_not_altered_within_its_version(listing: Listing) -> None:
    with pytest.raises(IntegrityError, match="version 1 does not follow"):
        Listing.objects.filter(pk=listing.pk).update(comment="Altered")


def test_a_listing_is_not_made_without_a_change(listing: Listing) -> None:
    with pytest.raises(IntegrityError, match="has no recorded change that says the same"):
        Listing.objects.create(
            model=listing.model,
            code=listing.code,
            effective=DateRange(date(2020, 1, 1), date(2021, 1, 1)),
            origin="cms",
        )

    assert Listing.objects.count() == 1


def test_a_listing_is_not_deleted(listing: Listing) -> None:
    with pytest.raises(DatabaseError, match="Cannot delete rows from pcl_listing"), connection.cursor() as cursor:
        cursor.execute("DELETE FROM pcl_listing")

    assert Listing.objects.count() == 1


@pytest.mark.parametrize("table", ["pcl_registerentry", "pcl_entryversion"])
def test_what_the_list_says_or_said_is_not_deleted(listing: Listing, table: str) -> None:
    with pytest.raises(DatabaseError, match=f"Cannot delete rows from {table}"), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table}")  # noqa: S608


def test_what_the_list_said_is_not_altered(listing: Listing) -> None:
    with pytest.raises(DatabaseError, match="what the list said of listing .* stands"), connection.cursor() as cursor:
        cursor.execute("UPDATE pcl_entryversion SET product = 'Another'")


def test_a_change_is_not_altered(listing: Listing) -> None:
    with pytest.raises(DatabaseError, match="Cannot update or delete rows from pcl_listingchange"):
        ListingChange.objects.update(reason="Another reason.")


def test_a_change_is_not_deleted(listing: Listing) -> None:
    with (
        pytest.raises(DatabaseError, match="Cannot update or delete rows from pcl_listingchange"),
        connection.cursor() as cursor,
    ):
        cursor.execute("DELETE FROM pcl_listingchange WHERE seq = 1")

    assert ListingChange.objects.count() == 1


def test_listings_of_a_model_under_a_code_do_not_overlap(listing: Listing) -> None:
    with (
        pytest.raises(IntegrityError, match="one_listing_of_a_model_under_a_code_per_day"),
        transaction.atomic(),
    ):
        Listing.objects.create(
            model=listing.model, code=listing.code, effective=DateRange(date(2030, 1, 1), None), origin="cms"
        )


def test_the_chain_does_not_fork(listing: Listing) -> None:
    first = ListingChange.objects.get()

    with pytest.raises(IntegrityError, match="the_chain_of_changes_does_not_fork"):
        ListingChange.objects.create(
            seq=2,
            at=first.at,
            kind="corrected",
            listing=listing,
            version=2,
            before=first.after,
            after=first.after,
            reason="A second first change.",
            previous_hash=first.previous_hash,
            hash="2" * 64,
        )
