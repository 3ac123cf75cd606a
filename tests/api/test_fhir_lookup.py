"""CodeSystem/$lookup tells everything about a code, as of a day or as a release had it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.api.fhir_resources import ROOTS, SYSTEM, get, post, problem, told_properties, values
from tests.api.hcpcs_excerpt import NOW, load_excerpt

pytestmark = [pytest.mark.django_db, pytest.mark.parametrize("root", ROOTS), pytest.mark.usefixtures("excerpt")]
LOOKUP = "CodeSystem/$lookup"


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def excerpt(tmp_path: Path) -> None:
    load_excerpt(tmp_path)


def test_everything_about_a_code(client: Client, root: str) -> None:
    told = get(client, root, f"{LOOKUP}?system={SYSTEM}&code=K1032")

    said = values(told)
    assert said["name"] == "Healthcare Common Procedure Coding System (HCPCS) Level II"
    assert (said["version"], said["display"]) == ("2025-10.3", "Non pneum seq comp full leg")
    in_full = "Non-pneumatic sequential compression garment, full leg"
    properties = told_properties(told)
    if root == "/fhir":
        assert said["definition"] == in_full
    else:
        # R4 has no such parameter of the operation; there it is a property.
        assert ("definition", in_full, "") in properties
    (designation,) = [each["part"] for each in told["parameter"] if each["name"] == "designation"]
    assert values({"parameter": designation}) == {"language": "en", "value": in_full}
    assert ("status", "retired", "") in properties
    assert ("terminationDate", "2023-12-31", "") in properties
    assert ("coverage", "C", "Carrier judgment") in properties
    assert ("betos", "D1E", "Other DME") in properties


@pytest.mark.parametrize(
    "system", [SYSTEM, SYSTEM.replace("http:", "https:"), "urn:oid:2.16.840.1.113883.6.285", f"{SYSTEM}|2025-10"]
)
def test_the_system_goes_by_several_names(client: Client, root: str, system: str) -> None:
    assert values(get(client, root, f"{LOOKUP}?system={system}&code=A1"))["display"] == "Dressing for one wound"
    coding = {"name": "coding", "valueCoding": {"system": system, "code": "A1"}}
    assert values(post(client, root, LOOKUP, coding))["display"] == "Dressing for one wound"


def test_on_the_instance_the_system_is_clear(client: Client, root: str) -> None:
    address = "CodeSystem/hcpcs/$lookup"
    assert values(get(client, root, f"{address}?code=E1390"))["display"] == "Oxygen concentrator"
    posted = post(client, root, address, {"name": "code", "valueCode": "E1390"})
    assert values(posted)["display"] == "Oxygen concentrator"
    posted = post(client, root, address, {"name": "coding", "valueCoding": {"code": "E1390"}})
    assert values(posted)["display"] == "Oxygen concentrator"


def test_as_of_a_day(client: Client, root: str) -> None:
    def told(code: str, day: str) -> Any:
        answer = get(client, root, f"CodeSystem/hcpcs/$lookup?code={code}&date={day}")
        return values(answer)["display"], dict((name, value) for name, value, _ in told_properties(answer))["status"]  # noqa: C402

    assert told("K1032", "2022-03-31") == ("Non pneum seq comp full leg", "draft")
    assert told("K1032", "2022-04-01") == ("Non pneum seq comp full leg", "active")
    assert told("K1032", "2023-12-31") == ("Non pneum seq comp full leg", "active")
    assert told("K1032", "2024-01-01") == ("Non pneum seq comp full leg", "retired")
    assert told("J9380", "2010-12-31") == ("Vincristine sulfate 5 mg inj", "active")
    assert told("J9380", "2023-06-30") == ("Vincristine sulfate 5 mg inj", "retired")
    assert told("J9380", "2023-07-01") == ("Inj teclistamab cqyv 0.5 mg", "active")
    # An instant counts in the contractor's time: three in the morning in London is the day before.
    assert told("K1032", "2024-01-01T03:00:00Z")[1] == "active"
    assert told("K1032", "2024-01-01T03:00:00")[1] == "retired"


def test_as_a_release_had_it(client: Client, root: str) -> None:
    now = values(get(client, root, "CodeSystem/hcpcs/$lookup?code=E0193"))
    then = values(get(client, root, "CodeSystem/hcpcs/$lookup?code=E0193&version=2019-01.1"))

    assert (now["version"], now["display"]) == ("2025-10.3", "Powered air flotation bed")
    assert (then["version"], then["display"]) == ("2019-01.1", "Pwrd air flotation bed")
    missing = get(client, root, "CodeSystem/hcpcs/$lookup?code=K1032&version=2019-01", status=404)
    assert problem(missing)[1] == "There is no code “K1032” in HCPCS Level II, version 2019-01.1."


def test_only_the_properties_that_are_asked_for(client: Client, root: str) -> None:
    address = "CodeSystem/hcpcs/$lookup?code=K0800"
    told = get(client, root, f"{address}&property=coverage&property=inactive&property=parent")
    assert told_properties(told) == [("inactive", False, ""), ("coverage", "C", "Carrier judgment")]
    assert set(values(told)) == {"name", "version", "display"}
    posted = post(
        client, root, "CodeSystem/hcpcs/$lookup",
        {"name": "code", "valueCode": "K0800"}, {"name": "property", "valueCode": "designation"},
    )  # fmt: skip
    assert [each["name"] for each in posted["parameter"]] == ["name", "version", "display", "designation"]
    assert told_properties(posted) == []
    everything = get(client, root, f"{address}&property=*")
    assert everything == get(client, root, address)


def test_two_queries(client: Client, root: str) -> None:
    for query in ("code=J9380", "code=E0193&version=2019-01"):
        with CaptureQueriesContext(connection) as queries:
            get(client, root, f"CodeSystem/hcpcs/$lookup?{query}")
        assert len(queries) == 2


@pytest.mark.parametrize(
    ("query", "status", "code", "at_fault"),
    [
        (f"system={SYSTEM}", 400, "required", "code"),
        ("code=K1032", 400, "required", "system"),
        ("code=K1032&system=http://loinc.org", 404, "not-found", "system"),
        ("code=99213&system=http://www.ama-assn.org/go/cpt", 404, "not-found", "system"),
        (f"code=99213&system={SYSTEM}", 404, "not-found", "code"),
        (f"code=D0120&system={SYSTEM}", 404, "not-found", "code"),
        (f"code=k1032&system={SYSTEM}", 404, "not-found", "code"),
        (f"code=K1032'&system={SYSTEM}", 404, "not-found", "code"),
        (f"code=K1032&system={SYSTEM}&version=2031-01", 404, "not-found", "version"),
        (f"code=K1032&system={SYSTEM}&date=yesterday", 400, "value", "date"),
        (f"code=K1032&system={SYSTEM}&date=2024-02-30", 400, "value", "date"),
        (f"code=K1032&system={SYSTEM}&date=2024-01-01T99:00", 400, "value", "date"),
        (f"code=K1032&system={SYSTEM}&property=color", 400, "value", "property"),
        (f"code=K1032&code=K0800&system={SYSTEM}", 400, "value", "code"),
        (f"code=K1032&system={SYSTEM}&cod=x", 400, "not-supported", "cod"),
        ("coding=K1032", 400, "value", "coding"),
        ("code=%00&system=x", 400, "value", "code"),
    ],
)
def test_what_cannot_be_answered(
    client: Client, *, root: str, query: str, status: int, code: str, at_fault: str
) -> None:
    issue, text, expression = problem(get(client, root, f"{LOOKUP}?{query}", status=status))
    assert (issue, expression) == (code, [at_fault])
    assert text


def test_code_and_coding_together_are_one_too_many(client: Client, root: str) -> None:
    outcome = post(
        client, root, LOOKUP,
        {"name": "code", "valueCode": "A1"}, {"name": "coding", "valueCoding": {"system": SYSTEM, "code": "A1"}},
        status=400,
    )  # fmt: skip
    assert problem(outcome)[2] == ["coding"]
