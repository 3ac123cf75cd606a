"""What all FHIR answers have in common: formats, errors, what is offered."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from pcl.api.fhir import code_system
from pcl.api.fhir.urls import urlpatterns
from tests.api.fhir_resources import ROOTS, SYSTEM, check, get, problem, valid_resource
from tests.api.hcpcs_excerpt import load_excerpt

pytestmark = [pytest.mark.django_db, pytest.mark.parametrize("root", ROOTS)]


def test_the_capability_statement_names_every_operation(client: Client, root: str) -> None:
    statement = get(client, root, "metadata")

    assert statement["fhirVersion"] == {"/fhir": "5.0.0", "/fhir/r4": "4.0.1"}[root]
    assert statement["implementation"]["url"] == f"http://testserver{root}"
    assert statement["format"] == ["application/fhir+json", "json"]
    resources = statement["rest"][0]["resource"]
    offered = {f"{each['type']}/${operation['name']}" for each in resources for operation in each.get("operation", [])}
    addresses = {str(each.pattern) for each in urlpatterns}
    assert offered == {address for address in addresses if "/$" in address and "hcpcs" not in address}


def test_terminology_capabilities_name_the_loaded_versions(client: Client, root: str, tmp_path: Path) -> None:
    empty = get(client, root, "metadata?mode=terminology")
    assert "version" not in empty["codeSystem"][0]
    load_excerpt(tmp_path)

    told = get(client, root, "metadata?mode=terminology")

    (system,) = told["codeSystem"]
    assert system["uri"] == SYSTEM
    assert [(each["code"], each["isDefault"]) for each in system["version"]] == [
        ("2025-10.3", True),
        ("2019-01.1", False),
    ]
    assert {"filter", "count", "date", "activeOnly"} <= {each["name"] for each in told["expansion"]["parameter"]}


@pytest.mark.parametrize(
    "asked", ["json", "application/json", "application%2Ffhir%2Bjson", "application/fhir+json", ""]
)
def test_json_by_each_of_its_names(client: Client, root: str, asked: str) -> None:
    assert get(client, root, f"metadata?_format={asked}&_pretty=true")["resourceType"] == "CapabilityStatement"


def test_no_other_format(client: Client, root: str) -> None:
    assert problem(get(client, root, "metadata?_format=xml", status=406))[2] == ["_format"]
    refused = client.get(f"{root}/metadata", headers={"Accept": "application/fhir+xml"})
    assert (refused.status_code, valid_resource(refused, root)["resourceType"]) == (406, "OperationOutcome")
    for accept in (
        "*/*",
        "application/fhir+json; fhirVersion=4.0",
        "application/fhir+xml, application/fhir+json;q=0.9",
    ):
        assert client.get(f"{root}/metadata", headers={"Accept": accept}).status_code == 200


@pytest.mark.parametrize(
    ("method", "address", "status", "code"),
    [
        ("get", "Patient/1", 404, "not-found"),
        ("get", "", 404, "not-found"),
        ("get", "CodeSystem/cpt", 404, "not-found"),
        ("get", "CodeSystem/hcpcs/_history", 404, "not-found"),
        ("post", "CodeSystem/$subsumes", 404, "not-found"),
        ("put", "Patient/1", 404, "not-found"),
        ("put", "CodeSystem/hcpcs", 405, "not-supported"),
        ("delete", "ValueSet/hcpcs", 405, "not-supported"),
        ("post", "metadata", 405, "not-supported"),
        ("get", "metadata?mode=full&x=1", 400, "not-supported"),
        ("get", "metadata?mode=all", 400, "value"),
        ("get", "metadata?mode=full&mode=full", 400, "value"),
    ],
)
def test_errors_are_operation_outcomes(
    client: Client, *, root: str, method: str, address: str, status: int, code: str
) -> None:
    response = getattr(client, method)(f"{root}/{address}")
    outcome = valid_resource(response, root)
    assert (response.status_code, problem(outcome)[0]) == (status, code)
    if status == 405:
        assert method.upper() not in response["Allow"].split(", ")


@pytest.mark.parametrize(
    ("body", "kind", "status", "code"),
    [
        ("{", "application/fhir+json", 400, "structure"),
        ("[]", "application/fhir+json", 400, "structure"),
        ("[" * 100_000, "application/fhir+json", 413, "too-long"),
        ("[" * 60_000, "application/fhir+json", 400, "structure"),
        ('{"resourceType":"Patient"}', "application/fhir+json", 400, "structure"),
        ('{"resourceType":"Parameters","parameter":{}}', "application/json", 400, "structure"),
        ('{"resourceType":"Parameters","parameter":[1]}', "application/json", 400, "structure"),
        ('{"resourceType":"Parameters","parameter":[{"name":"code"}]}', "application/json", 400, "structure"),
        ('{"resourceType":"Parameters","parameter":[{"name":"code","valueX":[]}]}', "application/json", 400,
         "structure"),
        ('{"resourceType":"Parameters","parameter":[{"name":"x","valueCode":"x"}]}', "application/json", 400,
         "not-supported"),
        ('{"resourceType":"Parameters","parameter":[{"name":"coding","valueCoding":{"code":5}}]}', "application/json",
         400, "structure"),
        ("<Parameters/>", "application/fhir+xml", 415, "not-supported"),
        ("code=A1", "application/x-www-form-urlencoded", 415, "not-supported"),
    ],
)  # fmt: skip
def test_bodies_that_are_no_parameters(
    client: Client, *, root: str, body: str, kind: str, status: int, code: str
) -> None:
    response = client.post(f"{root}/CodeSystem/hcpcs/$lookup", data=body, content_type=kind)
    assert (response.status_code, problem(valid_resource(response, root))[0]) == (status, code)


def test_pages_of_other_sites_may_read_and_post(client: Client, root: str) -> None:
    for address in ("metadata", "nothing", "CodeSystem/hcpcs/$lookup?x=1"):
        assert client.get(f"{root}/{address}")["Access-Control-Allow-Origin"] == "*"
    asked_before = client.options(f"{root}/CodeSystem/$lookup")
    assert asked_before.status_code == 204
    assert asked_before["Access-Control-Allow-Origin"] == "*"
    assert asked_before["Access-Control-Allow-Methods"] == "GET, HEAD, POST, OPTIONS"
    assert "Content-Type" in asked_before["Access-Control-Allow-Headers"]


def test_head_says_what_get_would(client: Client, root: str) -> None:
    response = client.head(f"{root}/metadata")
    assert (response.status_code, response.content) == (200, b"")


def test_a_failure_that_nobody_foresaw_is_no_half_an_answer(
    client: Client, root: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(code_system, "all_concepts", fail)
    client.raise_request_exception = False
    assert client.get(f"{root}/CodeSystem/hcpcs").status_code == 500


def test_the_library_finds_mistakes(root: str) -> None:
    """Lest every other test here prove nothing."""
    for wrong in (
        {"resourceType": "CodeSystem", "status": "active"},
        {"resourceType": "CodeSystem", "status": "active", "content": "all of it"},
        {"resourceType": "ValueSet", "status": "active", "colour": "red"},
        json.loads('{"resourceType": "OperationOutcome", "issue": [{"severity": "error"}]}'),
    ):
        with pytest.raises(ValueError):
            check(wrong, root)
