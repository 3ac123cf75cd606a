"""The register as the joint publication of December 28, 2023 left it; loading it again changes nothing."""

from datetime import date

import pytest

from hcpcs.services.load_seed_codes import load_seed_codes
from pcl.errors import RegisterError
from pcl.models import Helpline, ListingChange, Organization, Publication, RegisterEntry, Requirement
from pcl.services.load_seed_register import load_seed_register

pytestmark = pytest.mark.django_db


def everything() -> list[list[dict[str, object]]]:
    models = (Helpline, Organization, Publication, Requirement, RegisterEntry, ListingChange)
    return [list(model.objects.order_by("pk").values()) for model in models]


def test_the_seed_is_what_the_publication_says() -> None:
    load_seed_codes()
    load_seed_register()

    entry = RegisterEntry.objects.get()
    assert (entry.product, entry.manufacturer, entry.code, entry.model_number, entry.origin) == (
        "ReWalk",
        "Argo Technologies",
        "K1007",
        "",
        "cms",
    )
    assert (entry.effective_from, entry.effective_to) == (date(2023, 12, 28), None)
    requirement = Requirement.objects.get()
    assert (requirement.code.code, requirement.in_force_from, requirement.in_force_to) == (
        "K1007",
        date(2024, 6, 1),
        None,
    )
    assert requirement.publication.title == "Powered Lower Extremity Exoskeleton - Correct Coding"
    assert Helpline.objects.get().phone == "(877) 735-1326"


def test_loading_again_changes_nothing() -> None:
    load_seed_codes()
    load_seed_register()
    before = everything()

    load_seed_codes()
    load_seed_register()

    assert everything() == before


def test_without_its_codes_nothing_is_loaded() -> None:
    with pytest.raises(RegisterError, match="K1007 is not in the catalogue"):
        load_seed_register()

    assert everything() == [[], [], [], [], [], []]
