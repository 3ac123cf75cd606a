"""Many listings in one act."""

from datetime import date

import pytest

from pcl.errors import RegisterError
from pcl.models import Listing, ListingChange, Origin
from pcl.services.products import ensure_model
from pcl.services.publish_listing import NewListing, publish_listings
from tests.factories.register import make_code, make_product

pytestmark = pytest.mark.django_db
FIRST, LAST = date(2024, 1, 1), date(2024, 12, 31)


def new(model_number: str, first_day: date = FIRST, last_day: date | None = None, code: str = "K1007") -> NewListing:
    model = ensure_model(product=make_product("Walker"), model_number=model_number)
    return NewListing(model.pk, make_code(code, added=date(2020, 1, 1)).pk, first_day, last_day)


def test_each_is_published_in_one_change_with_its_end() -> None:
    made = publish_listings(
        new=[new("A", code="K1007"), new("B", last_day=LAST, code="K1008")], origin=Origin.IMPORTED, reason="A list."
    )
    changes = list(ListingChange.objects.order_by("seq"))
    assert [change.pk for change in made] == [change.pk for change in changes]
    assert [
        (change.kind, change.before, change.after["model_number"], change.after["effective_to"], change.version)
        for change in changes
    ] == [("listed", None, "A", None, 1), ("listed", None, "B", "2024-12-31", 1)]
    assert changes[0].at == changes[1].at
    shown = Listing.objects.select_related("entry").order_by("pk")
    assert [(listing.entry.effective_to, listing.origin) for listing in shown] == [
        (None, "imported"),
        (LAST, "imported"),
    ]


def test_none_is_published_where_one_cannot_be() -> None:
    good = new("A")
    for bad, because in (
        (NewListing(good.model_id, good.code_id, date(2019, 12, 31)), "not valid on December 31, 2019"),
        (NewListing(good.model_id, good.code_id, FIRST, date(2023, 12, 31)), "lies before the first"),
        (NewListing(good.model_id, good.code_id, date(1066, 1, 1)), "not a plausible date"),
        (NewListing(good.model_id, good.code_id, date(2024, 6, 1)), "already listed under its code"),
    ):
        with pytest.raises(RegisterError, match=because):
            publish_listings(new=[good, bad], origin=Origin.IMPORTED, reason="A list.")
        assert (Listing.objects.count(), ListingChange.objects.count()) == (0, 0)
