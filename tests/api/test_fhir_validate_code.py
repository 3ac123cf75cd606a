"""$validate-code: a code is valid from its added date to its termination date, both included, under its own name."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.api.fhir_resources import ROOTS, SYSTEM, check, get, post, problem, values
from tests.api.hcpcs_excerpt import NOW, load_excerpt

pytestmark = [pytest.mark.django_db, pytest.mark.parametrize("root", ROOTS), pytest.mark.usefixtures("excerpt")]
CODE_SYSTEM = "CodeSystem/hcpcs/$validate-code"
VALUE_SET = f"ValueSet/hcpcs/$validate-code?system={SYSTEM}"
UNKNOWN = "There is no code “{}” in HCPCS Level II."


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def excerpt(tmp_path: Path) -> None:
    load_excerpt(tmp_path)


def verdict(client: Client, root: str, query: str) -> tuple[bool, str]:
    """Result and message; CodeSystem and ValueSet answer alike."""
    told = values(get(client, root, f"{CODE_SYSTEM}?{query}"))
    in_value_set = values(get(client, root, f"{VALUE_SET}&{query}"))
    assert in_value_set == told
    return told["result"], told.get("message", "")


@pytest.mark.parametrize(
    ("code", "day", "message"),
    [
        ("K1032", "2022-03-31", "K1032 cannot be used on 2022-03-31: its first day of use is 2022-04-01."),
        ("K1032", "2022-04-01", ""),
        ("K1032", "2023-12-31", ""),
        ("K1032", "2024-01-01", "K1032 cannot be used on 2024-01-01: its last day of use was 2023-12-31."),
        ("J9380", "2010-12-31", ""),
        ("J9380", "2011-01-01", "J9380 cannot be used on 2011-01-01: its last day of use was 2010-12-31."),
        ("J9380", "2023-07-01", ""),
        ("E9998", "2025-12-31", "E9998 cannot be used on 2025-12-31: its first day of use is 2026-01-01."),
        ("A1", "2025-11-01", ""),
    ],
)
def test_valid_on_a_day(client: Client, root: str, code: str, day: str, message: str) -> None:
    assert verdict(client, root, f"code={code}&date={day}") == (not message, message)


def test_without_a_date_today_counts(client: Client, root: str) -> None:
    assert verdict(client, root, "code=K0800") == (True, "")
    assert verdict(client, root, "code=K1032")[1].startswith("K1032 cannot be used on 2025-11-01")


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("Z9999", UNKNOWN.format("Z9999")),
        ("99213", UNKNOWN.format("99213")),
        ("D0120", UNKNOWN.format("D0120")),
        ("k0800", f"{UNKNOWN.format('k0800')} Codes are written in capitals: K0800."),
        ("é0800", UNKNOWN.format("é0800")),
        ("K0800 ", ""),
    ],
)
def test_unknown_codes(client: Client, root: str, code: str, message: str) -> None:
    assert verdict(client, root, f"code={code}") == (not message, message)


@pytest.mark.parametrize(
    ("display", "is_right"),
    [
        ("Pov group 1 std up to 300lbs", True),
        ("Power operated vehicle, group 1 standard, patient weight capacity up to and", True),
        ("POV  Group 1 std up to 300lbs", True),
        ("Power wheelchair", False),
    ],
)
def test_the_display_is_one_of_the_descriptions(client: Client, root: str, display: str, is_right: bool) -> None:
    result, message = verdict(client, root, f"code=K0800&display={display}")
    assert result is is_right
    assert message == ("" if is_right else f"K0800 is not called “{display}” but “Pov group 1 std up to 300lbs”.")


def test_all_that_is_wrong_is_said_at_once(client: Client, root: str) -> None:
    told = get(client, root, f"{CODE_SYSTEM}?code=K1032&date=2024-06-01&display=Walker")

    assert values(told)["message"] == (
        "K1032 cannot be used on 2024-06-01: its last day of use was 2023-12-31. "
        "K1032 is not called “Walker” but “Non pneum seq comp full leg”."
    )
    if root == "/fhir":
        (issues,) = [each["resource"] for each in told["parameter"] if each["name"] == "issues"]
        check(issues, root)
        assert [(each["code"], each["expression"]) for each in issues["issue"]] == [
            ("business-rule", ["code"]),
            ("invalid", ["display"]),
        ]


def test_the_answer_says_what_was_validated(client: Client, root: str) -> None:
    told = values(get(client, root, "CodeSystem/$validate-code?url=urn:oid:2.16.840.1.113883.6.285&code=K0800"))
    expected: dict[str, Any] = {"result": True, "display": "Pov group 1 std up to 300lbs"}
    if root == "/fhir":  # R4 has no more than result, message and display
        expected |= {"code": "K0800", "system": SYSTEM, "version": "2025-10.3"}
    assert told == expected


def test_in_a_version(client: Client, root: str) -> None:
    assert values(get(client, root, f"{CODE_SYSTEM}?code=E0193&version=2019-01&display=Pwrd air flotation bed"))[
        "result"
    ]
    told = values(get(client, root, f"{CODE_SYSTEM}?code=K0800&version=2019-01"))
    assert told["message"] == "There is no code “K0800” in HCPCS Level II, version 2019-01.1."
    unknown = get(client, root, f"{CODE_SYSTEM}?code=K0800&version=1.0.2", status=404)
    assert problem(unknown)[1] == "Version “1.0.2” of HCPCS Level II is not loaded. Loaded: 2025-10.3, 2019-01.1."


class TestPosted:
    def test_code_and_date(self, client: Client, root: str) -> None:
        told = post(
            client, root, "CodeSystem/$validate-code",
            {"name": "url", "valueUri": SYSTEM}, {"name": "code", "valueCode": "K1032"},
            {"name": "date", "valueDateTime": "2023-12-31"}, {"name": "abstract", "valueBoolean": False},
        )  # fmt: skip
        assert values(told)["result"] is True

    def test_a_coding(self, client: Client, root: str) -> None:
        coding = {"system": SYSTEM.replace("http:", "https:"), "code": "K0800", "display": "Walker"}
        told = post(client, root, "CodeSystem/$validate-code", {"name": "coding", "valueCoding": coding})
        assert values(told)["message"].startswith("K0800 is not called “Walker”")

    def test_a_concept_is_valid_where_one_of_its_codings_is(self, client: Client, root: str) -> None:
        cpt = {"system": "http://www.ama-assn.org/go/cpt", "code": "99213"}
        ours = {"system": SYSTEM, "code": "K0800"}
        both = {"name": "codeableConcept", "valueCodeableConcept": {"coding": [cpt, ours]}}
        only_cpt = {"name": "codeableConcept", "valueCodeableConcept": {"coding": [cpt]}}

        assert values(post(client, root, CODE_SYSTEM, both))["result"] is True
        told = values(post(client, root, CODE_SYSTEM, only_cpt))
        assert told["result"] is False
        assert told["message"] == "99213 is of “http://www.ama-assn.org/go/cpt”, which is not here."

    @pytest.mark.parametrize(
        ("parameters", "at_fault"),
        [
            ([], ["code"]),
            ([{"name": "code", "valueCode": "A1"}, {"name": "coding", "valueCoding": {"code": "A1"}}], ["coding"]),
            ([{"name": "coding", "valueCoding": {"system": SYSTEM}}], ["coding.code"]),
            ([{"name": "coding", "valueString": "A1"}], ["coding"]),
            ([{"name": "codeableConcept", "valueCodeableConcept": {"text": "A1"}}], ["codeableConcept.coding"]),
            ([{"name": "display", "valueString": "x"}, {"name": "coding", "valueCoding": {"code": "A1"}}], ["display"]),
            ([{"name": "codeSystem", "valueString": "x"}], ["codeSystem"]),
        ],
    )  # fmt: skip
    def test_what_cannot_be_validated(
        self, client: Client, root: str, parameters: list[dict[str, Any]], at_fault: list[str]
    ) -> None:
        assert problem(post(client, root, CODE_SYSTEM, *parameters, status=400))[2] == at_fault


@pytest.mark.parametrize(
    ("address", "status", "at_fault"),
    [
        ("CodeSystem/$validate-code?code=A1", 400, "url"),
        ("CodeSystem/$validate-code?code=A1&url=http://loinc.org", 404, "url"),
        ("ValueSet/$validate-code?code=A1", 400, "url"),
        ("ValueSet/$validate-code?code=A1&url=http://example.org/ValueSet/x", 404, "url"),
        (f"ValueSet/$validate-code?code=A1&url={SYSTEM}?fhir_vs", 400, "system"),
        ("ValueSet/hcpcs/$validate-code?code=A1&inferSystem=yes", 400, "inferSystem"),
    ],
)
def test_which_system_or_value_set_must_be_said(
    client: Client, root: str, address: str, status: int, at_fault: str
) -> None:
    assert problem(get(client, root, address, status=status))[2] == [at_fault]


def test_the_value_set_of_all_codes(client: Client, root: str) -> None:
    urls = [f"{SYSTEM}?fhir_vs", f"{SYSTEM}?fhir_vs|2025-10", f"http://testserver{root}/ValueSet/hcpcs",
            "http://terminology.hl7.org/ValueSet/v3-HealthCareCommonProcedureCodingSystem|4.0.0"]  # fmt: skip
    for url in urls:
        query = f"ValueSet/$validate-code?url={url}&code=A1&inferSystem=true"
        assert values(get(client, root, query))["result"] is True
    other = get(client, root, "ValueSet/hcpcs/$validate-code?system=http://loinc.org&code=A1")
    assert values(other)["message"] == "A1 is of “http://loinc.org”, which is not here."


def test_two_queries(client: Client, root: str) -> None:
    with CaptureQueriesContext(connection) as queries:
        get(client, root, f"{CODE_SYSTEM}?code=K1032&display=x&date=2024-01-01")
    assert len(queries) == 2
