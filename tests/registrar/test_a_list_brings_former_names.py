"""Other names in a list: given to products that the register has, too, said before, and given once."""

import csv
import io
from datetime import date
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from pcl.models import EntryVersion, ListImport, Listing, ListingChange, ProductName, RegisterEntry
from pcl.queries.listing_filter import ListingFilter
from pcl.services.run_list_import import import_confirmed_list
from tests.factories.register import make_product, publish, some_code
from tests.registrar.list_files import looked_at
from tests.registrar.test_importing_a_list import imported
from tests.reviewer.page import main_of, text_of

pytestmark = pytest.mark.django_db


def row(product: str, aliases: str, *, model: str = "A-1", begin: str = "2024-01-01", maker: str = "Argo") -> list[str]:
    return ["K1007", maker, product, model, begin, "", "", "", "", aliases]


@pytest.fixture
def ankle(db: None) -> Listing:
    """Known as Joint, too; and a product of another maker's that is called the same."""
    publish("Ankle", manufacturer="Bell", model_number="A-1")
    listing = publish("Ankle", manufacturer="Argo", model_number="A-1", begins=date(2024, 1, 1))
    make_product("Ankle", manufacturer="Argo", other_names=("Joint",))
    return listing


def names() -> list[tuple[str, str, str]]:
    rows = ProductName.objects.order_by("product__manufacturer__name", "name")
    return list(rows.values_list("product__manufacturer__name", "name", "source"))


def found(q: str, **given: str) -> list[str]:
    asked = ListingFilter({"q": q, **given}, RegisterEntry.objects.all())
    assert asked.is_valid(), asked.form.errors
    return sorted(entry.manufacturer for entry in asked.qs)


def test_a_product_that_is_there_gets_the_names_that_it_lacks(ankle: Listing, reese: User) -> None:
    """One it has in other capitals, today's own, and one said twice are nothing new."""
    asked = looked_at(
        [
            row("Ankle", "JOINT; ankle; Stepper"),
            row("Ankle", "stepper; Walker Two", model="A-2"),
        ],
        by=reese,
    )
    assert [line.new_names for line in asked.lines.order_by("number")] == [["Stepper"], ["Walker Two"]]
    assert (asked.counts["former_names"], asked.counts["named_products"]) == (2, 1)
    assert names() == [("Argo", "Joint", "")]

    asked = imported(asked, reese)

    assert (asked.state, asked.listing_count, asked.name_count) == ("imported", 1, 2)
    assert names() == [
        ("Argo", "Joint", ""),
        ("Argo", "Stepper", "The old list"),
        ("Argo", "Walker Two", "The old list"),
    ]


def test_it_is_found_by_them_from_then_on_and_nothing_else_changes(ankle: Listing, reese: User) -> None:
    before = ListingChange.objects.count()
    asked = looked_at([row("Ankle", "Stepper")], by=reese)
    earlier = EntryVersion.objects.get(listing=ankle).changed_at
    assert found("stepper") == []

    asked = imported(asked, reese)

    assert (asked.state, asked.listing_count, asked.name_count, asked.first_seq) == ("imported", 0, 1, None)
    assert found("stepper") == ["Argo"]
    assert found("stepper", as_published=earlier.isoformat()) == []
    # The listing says what it said: no change in the chain.
    assert ListingChange.objects.count() == before
    entry = RegisterEntry.objects.get(pk=ankle.pk)
    assert (entry.product, entry.published_at, entry.listing.version) == ("Ankle", earlier, 1)
    assert EntryVersion.objects.filter(listing=ankle).count() == 2
    assert EntryVersion.objects.filter(listing__entry__manufacturer="Bell").count() == 1


def test_the_same_list_again_adds_nothing(ankle: Listing, reese: User) -> None:
    rows = [row("Ankle", "Stepper"), row("Knee", "Bender")]
    imported(looked_at(rows, by=reese), reese)
    there = names()
    again = looked_at(rows, by=reese)
    assert (again.counts.get("former_names"), again.counts["there"]) == (0, 2)
    assert (
        names()
        == there
        == [("Argo", "Bender", "The old list"), ("Argo", "Joint", ""), ("Argo", "Stepper", "The old list")]
    )


def test_a_second_worker_adds_nothing_twice(ankle: Listing, reese: User) -> None:
    asked = imported(looked_at([row("Ankle", "Stepper")], by=reese), reese)
    import_confirmed_list(list_import_id=asked.pk)
    assert len(names()) == 2


def test_rows_that_are_left_out_name_nothing(ankle: Listing, reese: User) -> None:
    """They overlap what is listed, or name no code: nobody can say that they mean this product."""
    asked = looked_at(
        [
            row("Ankle", "Overlapping", begin="2024-02-01"),
            ["K9999", "Argo", "Ankle", "A-1", "2024-01-01", "", "", "", "", "Without a code"],
            row("Ankle", "Stepper"),
        ],
        by=reese,
    )
    assert [line.new_names for line in asked.lines.order_by("number")] == [[], [], ["Stepper"]]
    imported(asked, reese)
    assert [name for _, name, _ in names()] == ["Joint", "Stepper"]


def test_a_name_that_came_meanwhile_is_not_added_again(ankle: Listing, reese: User) -> None:
    asked = looked_at([row("Ankle", "Stepper; Bender")], by=reese)
    make_product("Ankle", manufacturer="Argo", other_names=("Stepper",))
    asked = imported(asked, reese)
    assert (asked.name_count, asked.counts["former_names"]) == (1, 1)
    assert [name for _, name, _ in names()] == ["Bender", "Joint", "Stepper"]


def test_where_nothing_is_left_to_add_the_import_says_so(ankle: Listing, reese: User) -> None:
    asked = looked_at([row("Ankle", "Stepper")], by=reese)
    make_product("Ankle", manufacturer="Argo", other_names=("Stepper",))
    asked = imported(asked, reese)
    assert (asked.state, asked.name_count) == ("failed", 0)
    assert asked.failure.startswith("The register has changed since the preview")


def test_the_dry_run_and_the_report_say_which(as_reese: Client, ankle: Listing, reese: User) -> None:
    asked = looked_at([row("Ankle", "Stepper; Walker Two")], by=reese)
    address = f"/review/lists/{asked.pk}/"
    page = text_of(as_reese.get(address))
    assert "Adds 2 former names to 1 product of the register Ankle by Argo (row 2): Stepper ; Walker Two" in page
    assert "Adds 2 former names to “Ankle”: Stepper ; Walker Two" in page
    assert "Add 2 former names" in main_of(as_reese.get(address))
    assert "Importing it would list nothing" not in page

    as_reese.post(f"{address}confirm/")
    import_confirmed_list(list_import_id=asked.pk)
    page = text_of(as_reese.get(address))
    assert "Former names added 2" in page
    assert "Added 2 former names to “Ankle”: Stepper ; Walker Two" in page
    assert "Listings made" not in page
    [line] = csv.DictReader(io.StringIO(b"".join(as_reese.get(f"{address}report.csv").streaming_content).decode()))
    assert line["former_names_added"] == "Stepper; Walker Two"
    assert "Stepper" in text_of(as_reese.get(f"/listings/{ankle.pk}/"))


def test_listings_and_names_are_counted_on_one_button(as_reese: Client, ankle: Listing, reese: User) -> None:
    asked = looked_at([row("Ankle", "Stepper"), row("Knee", "Bender")], by=reese)
    page = text_of(as_reese.get(f"/review/lists/{asked.pk}/"))
    assert "Import 1 listing and add 1 former name" in page


def test_many_products_take_a_number_of_queries_that_stays(
    reese: User, django_assert_max_num_queries: Any, db: None
) -> None:
    def run(count: int, stem: str) -> int:
        for number in range(count):
            publish(f"{stem} {number}", manufacturer="Argo", model_number="M", code=some_code("K1007"))
        asked = looked_at([row(f"{stem} {n}", f"Old {stem} {n}", model="M") for n in range(count)], by=reese)
        asked.state, asked.confirmed_by, asked.confirmed_at = "confirmed", reese, asked.asked_at
        asked.save()
        with django_assert_max_num_queries(100) as queries:
            import_confirmed_list(list_import_id=asked.pk)
        assert ListImport.objects.get(pk=asked.pk).name_count == count
        return len(queries)

    assert run(1, "One") == run(3, "Three")
