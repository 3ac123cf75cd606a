from datetime import date
from typing import Any

import pytest

from hcpcs.indicators import indicator_tables
from hcpcs.models import LAYOUT_FIELDS, Code, ReleaseRecord
from hcpcs.queries.described_fields import described_fields, field_texts
from hcpcs.services.load_seed_codes import load_seed_codes

pytestmark = pytest.mark.django_db
EQUIPMENT = "Durable Medical Equipment, Prosthetics, Orthotics, Supplies and Surgical Dressings"


def test_k1032_shows_every_field_of_the_record_the_register_was_founded_on() -> None:
    k1032 = load_seed_codes()[1]
    assert [(field.label, field.value, field.meaning) for field in described_fields(k1032)] == [
        ("HCPCS Code", "K1032", None),
        ("Code Description", "Non-pneumatic sequential compression garment, full leg", None),
        ("Short Description", "Non pneum seq comp full leg", None),
        ("Pricing Indicator Code #1", "36", f"Capped rental DME (price subject to floors and ceilings). {EQUIPMENT}"),
        ("Multiple Pricing Indicator Code", "A", "Not applicable as HCPCS priced under one methodology"),
        ("Coverage Code", "C", "Carrier judgment"),
        ("Berenson-Eggers Type Of Service Code", "D1E", "Other DME"),
        ("Type Of Service Code #1", "R", "Rental of DME"),
        ("Anesthesia Base Unit Quantity", 0, None),
        ("Code Added Date", date(2022, 4, 1), None),
        ("Action Effective Date", date(2024, 1, 1), None),
        ("Termination Date", date(2023, 12, 31), None),
        ("Action Code", "N", "No maintenance for this code"),
        ("Status", "Actual", None),
        ("Last Update Date", "January 2024, revision 1, excerpt", None),
    ]


def test_code_without_an_end_says_so() -> None:
    k1007 = load_seed_codes()[0]
    assert {field.name: field.value for field in described_fields(k1007)}["terminated"] == "None"


def test_every_field_is_labelled_located_and_explained() -> None:
    for name in set(LAYOUT_FIELDS) - {"kind", "sequence_number"}:
        text = field_texts()[name]
        assert text["label"]
        assert text["positions"]
        assert text["explanation"].endswith(".")


def test_repeats_are_numbered_and_unknown_values_named() -> None:
    record = ReleaseRecord(code="E0001", kind="code", types_of_service=["P", "", "?"])
    shown = [(field.label, field.meaning) for field in described_fields(record) if field.name == "types_of_service"]
    assert shown[0] == ("Type Of Service Code #1", "Lump sum purchase of DME, prosthetics, orthotics")
    assert shown[1][0] == "Type Of Service Code #3"
    assert "Unknown value" in (shown[1][1] or "")


def test_modifier_is_called_one() -> None:
    assert described_fields(ReleaseRecord(code="GY", kind="modifier"))[0].label == "Modifier"


def test_asking_costs_one_query(django_assert_num_queries: Any) -> None:
    load_seed_codes()
    code = Code.objects.select_related("last_release").get(code="K1032")
    with django_assert_num_queries(1):
        described_fields(code)


def test_data_files_are_plain_text_tables() -> None:
    tables = indicator_tables()
    assert {name: len(table) for name, table in tables.items()} == {
        "pricing_indicators": 26,
        "multiple_pricing_indicator": 8,
        "lab_certifications": 31,
        "coverage": 5,
        "asc_group": 1,
        "mog_indicator": 7,
        "betos": 107,
        "types_of_service": 34,
        "action_code": 10,
    }
    assert tables["pricing_indicators"]["40"].startswith("Lymphedema")
    assert tables["betos"]["O1L"].startswith("Lymphedema")
