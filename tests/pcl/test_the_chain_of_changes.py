"""One order, no gap, each change carrying the hash of the one before: also when two people publish at once."""

import threading
from datetime import date

import pytest
from django.db import connection

from pcl.errors import RegisterError
from pcl.models import ListingChange, Origin
from pcl.services.changes import FIRST_PREVIOUS_HASH, hash_of_change
from pcl.services.end_date_listing import end_date_listing
from pcl.services.products import ensure_model
from pcl.services.publish_listing import publish_listing
from tests.factories.register import make_code, make_product, publish


def assert_unbroken(changes: list[ListingChange]) -> None:
    assert [change.seq for change in changes] == list(range(1, len(changes) + 1))
    previous = FIRST_PREVIOUS_HASH
    for change in changes:
        assert change.previous_hash == previous
        assert change.hash == hash_of_change(
            seq=change.seq,
            at=change.at,
            kind=change.kind,
            listing=change.listing_id,
            before=change.before,
            after=change.after,
            reason=change.reason,
            previous_hash=change.previous_hash,
        )
        previous = change.hash


@pytest.mark.django_db
def test_the_chain_is_unbroken() -> None:
    first = publish("ReWalk", comment="A comment with “quotes”, a \\ and ünïcödé")
    publish("Indego")
    end_date_listing(listing=first, last_day=date(2024, 12, 31), reason="Withdrawn.", by=None)

    changes = list(ListingChange.objects.order_by("seq"))
    assert len(changes) == 3
    assert_unbroken(changes)


@pytest.mark.django_db
@pytest.mark.parametrize("field", ["reason", "after", "kind", "previous_hash", "listing"])
def test_a_hash_depends_on_every_field(field: str) -> None:
    publish("ReWalk")
    change = ListingChange.objects.get()
    said = {
        "seq": change.seq,
        "at": change.at,
        "kind": change.kind,
        "listing": change.listing_id,
        "before": change.before,
        "after": change.after,
        "reason": change.reason,
        "previous_hash": change.previous_hash,
    }
    other = {"reason": "Another.", "after": {**change.after, "code": "L8701"}, "kind": "corrected"}
    other |= {"previous_hash": "1" * 64, "listing": change.listing_id + 1}

    assert hash_of_change(**{**said, field: other[field]}) != change.hash


@pytest.mark.django_db(transaction=True)
def test_two_who_publish_at_once_make_one_chain() -> None:
    code = make_code("K1007")
    models = [ensure_model(product=make_product(f"Product {n}"), model_number="") for n in range(8)]
    start = threading.Barrier(len(models))

    def publish_one(position: int) -> None:
        try:
            start.wait(timeout=30)
            publish_listing(
                model=models[position],
                code=code,
                begins=date(2024, 1, 1),
                origin=Origin.DETERMINATION,
                reason=f"Number {position}.",
            )
        finally:
            connection.close()

    threads = [threading.Thread(target=publish_one, args=[position]) for position in range(len(models))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)

    changes = list(ListingChange.objects.order_by("seq"))
    assert len(changes) == len(models)
    assert_unbroken(changes)
    assert [change.at for change in changes] == sorted(change.at for change in changes)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_publish_the_same_one_is_refused() -> None:
    code = make_code("K1007")
    model = ensure_model(product=make_product("ReWalk"), model_number="")
    start = threading.Barrier(2)
    outcomes: list[str] = []

    def publish_it() -> None:
        try:
            start.wait(timeout=30)
            publish_listing(
                model=model, code=code, begins=date(2024, 1, 1), origin=Origin.DETERMINATION, reason="Once."
            )
            outcomes.append("listed")
        except RegisterError:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=publish_it) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)

    assert sorted(outcomes) == ["listed", "refused"]
    assert ListingChange.objects.count() == 1
