"""The list of codes that require verification, as every register begins with it; loading it again changes nothing."""

import pytest
from django.test import Client

from hcpcs.services.load_seed_codes import load_reviewed_codes, load_seed_codes
from pcl.errors import RegisterError
from pcl.models import Listing, Requirement, RequirementChange
from pcl.services.load_seed_register import load_seed_register
from pcl.services.load_seed_requirements import load_seed_requirements

pytestmark = pytest.mark.django_db


def test_each_code_of_the_list_is_entered_with_its_source_and_day() -> None:
    load_seed_codes()
    load_reviewed_codes()
    load_seed_register()
    k1007 = Requirement.objects.values().get()

    assert load_seed_requirements() == 196
    assert Requirement.objects.count() == 197
    assert Requirement.objects.values().get(code__code="K1007") == k1007
    others = Requirement.objects.exclude(code__code="K1007")
    assert {(row.in_force_from, row.in_force_to, str(row.snapshot_date)) for row in others} == {
        (None, None, "2025-05-01")
    }
    assert {row.source for row in others} == {
        "Items Requiring Coding Verification Review, a third-party copy of PDAC's list as of May 2025"
    }
    knee = others.get(code__code="L1843")
    assert (knee.lcd, knee.product_group) == ("Knee Orthoses", "knee-orthoses")


def test_loading_again_changes_nothing() -> None:
    load_seed_codes()
    load_reviewed_codes()
    load_seed_requirements()
    before = list(Requirement.objects.order_by("pk").values()), RequirementChange.objects.count()

    assert load_seed_requirements() == 0

    assert (list(Requirement.objects.order_by("pk").values()), RequirementChange.objects.count()) == before


def test_without_its_codes_nothing_is_entered() -> None:
    load_seed_codes()
    with pytest.raises(RegisterError, match="A5512 of items_requiring_verification.csv: The catalogue does not have"):
        load_seed_requirements()
    assert Requirement.objects.count() == 0


def test_k1007_answers_as_before(client: Client) -> None:
    load_seed_codes()
    load_seed_register()
    address = "/api/v1/listings/?code=K1007"
    before = client.get(address).json()
    load_reviewed_codes()
    load_seed_requirements()

    assert Listing.objects.count() == 1
    after = client.get(address).json()
    assert (after["results"], len(after["results"])) == (before["results"], 1)
