"""Many listings moved to other codes in one act: what is refused, and that it costs no more queries than one."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pcl.errors import RegisterError
from pcl.models import Listing, ListingChange
from pcl.services.move_listings import move_listings
from tests.factories.register import make_code, publish
from tests.pcl.test_the_chain_of_changes import assert_unbroken

pytestmark = pytest.mark.django_db
BEGINS = date(2026, 7, 1)
WHY = {"reason": "CMS splits the code.", "by": None}


def listed(*models: str, begins: date = date(2024, 1, 1)) -> list[Listing]:
    return [publish("Brace", model_number=model, begins=begins) for model in models]


def test_every_listing_is_followed_and_ended_in_one_act() -> None:
    first, second = make_code("L2001"), make_code("L2002")
    one, two, three = listed("A", "B", "C")
    moves = {one.pk: [first, second], two.pk: [first], three.pk: []}
    moved = move_listings(moves=moves, begins=BEGINS, **WHY)
    assert [(change.kind, change.before["id"], change.after["code"]) for change in moved.new] == [
        ("recoded", one.pk, "L2001"),
        ("recoded", one.pk, "L2002"),
        ("recoded", two.pk, "L2001"),
    ]
    assert [(change.listing_id, change.after["effective_to"]) for change in moved.ended] == [
        (listing.pk, "2026-06-30") for listing in (one, two, three)
    ]
    assert [len({change.at for change in changes}) for changes in (moved.new, moved.ended)] == [1, 1]
    assert_unbroken(list(ListingChange.objects.order_by("seq")))


def test_of_impossible_moves_none_is_made() -> None:
    code, gone = make_code("L2001"), make_code("L2002", terminated=date(2026, 6, 30))
    fine, _ = listed("A", "B")
    (late,) = listed("C", begins=BEGINS)
    there = publish("Brace", model_number="B", code=code, begins=date(2027, 1, 1))
    standing = Listing.objects.get(model__model_number="B", code__code="K1007")
    for moves, refusal in (
        ({fine.pk: [code], late.pk: [code]}, f"Listing {late.pk} begins not before July 1, 2026."),
        ({fine.pk: [code, gone]}, "L2002 is not valid on July 1, 2026."),
        ({fine.pk: [fine.code]}, f"Listing {fine.pk} stands under that code already."),
        ({fine.pk: [code], standing.pk: [code]}, f"Listing {there.pk} has the model under the new code"),
    ):
        with pytest.raises(RegisterError, match=refusal):
            move_listings(moves=moves, begins=BEGINS, **WHY)
    assert set(ListingChange.objects.values_list("kind", flat=True)) == {"listed"}


def test_three_cost_as_many_queries_as_one() -> None:
    code = make_code("L2001")
    alone, *more = listed("A", "B", "C", "D")
    counts = []
    for listings in ([alone], more):
        with CaptureQueriesContext(connection) as queries:
            move_listings(moves={listing.pk: [code] for listing in listings}, begins=BEGINS, **WHY)
        counts.append(len(queries))
    assert counts[0] == counts[1]
