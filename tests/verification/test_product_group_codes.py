"""The codes of the product groups: written in short, each in one group, and all of them real."""

import csv
from datetime import date
from pathlib import Path

import pytest

from hcpcs.parsing.file import parse_release_file, read_release_file
from pcl.services import load_seed_requirements
from verification.product_groups import group, groups, groups_of
from verification.product_groups.codes import expanded, in_short

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
RELEASE = DATA / "hcpcs" / "HCPC2025_OCT_ANWEB_v3_reconstructed.txt"
MUST_BE_VERIFIED = DATA / "pcl" / "items_requiring_cvr_2025-05.csv"
LIST = Path(load_seed_requirements.__file__).parents[1] / "seed" / "items_requiring_verification.csv"


def test_codes_are_written_one_by_one_as_ranges_and_as_families() -> None:
    families = {"standard": ("K0813", "K0814"), "heavy": ("K0824",)}
    assert expanded(["@standard", "K0814-K0816", "E1161", "@heavy"], families) == (
        *("K0813", "K0814", "K0815", "K0816"),
        *("E1161", "K0824"),
    )


@pytest.mark.parametrize(
    "written", ["K813", "K0813-", "K0816-K0813", "K0813-L0820", "K0001-K9999", "@light", "k0813", "K0813 - K0816", ""]
)
def test_what_is_no_code_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="is not|not there"):
        expanded([written], {"standard": ("K0813",)})


def test_a_list_is_said_in_short() -> None:
    codes = ["K0820", "K0813", "K0815", "K0814", "K0821", "E0999", "K1007"]
    assert in_short(codes) == "E0999, K0813–K0815, K0820, K0821, K1007"
    assert in_short([]) == ""


def test_each_code_belongs_to_one_group() -> None:
    every = [code for known in groups() for code in known.codes]
    assert sorted(code for code in set(every) if every.count(code) > 1) == []
    assert [known.slug for known in groups_of(" l0650 ")] == ["orthotics"]
    assert groups_of("Z9999") == ()


def test_there_are_the_ten_groups_of_the_forms_powered_orthoses_and_two_general_forms() -> None:
    assert [known.slug for known in groups()] == [
        "enteral-nutrition",
        "gradient-compression",
        "manual-wheelchairs",
        "oral-appliances",
        "orthotics",
        "other-equipment",
        "power-mobility",
        "powered-orthoses",
        "prostheses",
        "support-surfaces",
        "surgical-dressings",
        "therapeutic-shoes",
        "wheelchair-seating",
    ]


@pytest.mark.skipif(not RELEASE.exists(), reason="CMS's file of October 2025 is not beside the project")
def test_each_code_is_in_the_file_of_cms_and_in_force() -> None:
    day = date(2025, 10, 1)
    in_force = {
        record.code
        for record in parse_release_file(read_release_file(RELEASE))[1].records
        if record.added and record.added <= day and (record.terminated is None or record.terminated >= day)
    }
    wrong = {code for known in groups() for code in known.codes if code not in in_force}
    assert wrong == set()


def test_no_code_that_must_be_verified_is_impossible_to_apply_for() -> None:
    listed = [row["HCPCS"] for row in csv.DictReader(LIST.read_text().splitlines())]
    assert len(listed) == 197
    assert [code for code in listed if len(groups_of(code)) != 1] == []
    # Named by publications of 2024 and 2025, and not on that list.
    assert [code for code in ("E0747", "E0748", "E0760", "L6700") if not groups_of(code)] == []


@pytest.mark.skipif(not MUST_BE_VERIFIED.exists(), reason="the list of May 2025 is not beside the project")
def test_the_list_in_the_house_is_the_list_beside_it() -> None:
    with MUST_BE_VERIFIED.open() as file:
        beside = [(row["HCPCS"], row["LCD"]) for row in csv.DictReader(file)]
    assert [(row["HCPCS"], row["LCD"]) for row in csv.DictReader(LIST.read_text().splitlines())] == beside


def test_what_a_policy_covers_is_in_its_group() -> None:
    by_list: dict[str, set[str]] = {}
    for row in csv.DictReader(LIST.read_text().splitlines()):
        by_list.setdefault(row["LCD"], set()).add(row["HCPCS"])
    for listed, slug in (
        ("Power Mobility Devices", "power-mobility"),
        ("Spinal Orthoses: TLSO and LSO", "orthotics"),
        ("Wheelchair Seating", "wheelchair-seating"),
        ("Enteral Nutrition", "enteral-nutrition"),
        ("Powered Orthoses", "powered-orthoses"),
        ("Therapeutic Shoes for Persons with Diabetes", "therapeutic-shoes"),
        ("Lower Limb Prostheses", "prostheses"),
        ("Upper Limb Prostheses", "prostheses"),
        ("Patient Lifts", "other-equipment"),
    ):
        assert by_list[listed] - set(group(slug).codes) == set(), listed
    assert len(by_list["Power Mobility Devices"]) == 63
