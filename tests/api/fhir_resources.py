"""What a FHIR library says of an answer."""

import importlib
import json
from typing import Any

from django.http import HttpResponseBase
from django.test import Client
from pydantic import BaseModel

SYSTEM = "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"
# R4B differs from R4 in none of the resources here, and is the nearest that the library has.
MODULES = {"/fhir": "fhir.resources", "/fhir/r4": "fhir.resources.R4B"}
ROOTS = tuple(MODULES)


def content(response: Any) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def valid_resource(response: HttpResponseBase, root: str) -> Any:
    """The answer, after the library has found every element of it in the FHIR version's definition."""
    assert response["Content-Type"] == "application/fhir+json; charset=utf-8"
    resource = json.loads(content(response))
    check(resource, root)
    return resource


def check(resource: dict[str, Any], root: str) -> None:
    kind = resource["resourceType"]
    module = importlib.import_module(f"{MODULES[root]}.{kind.lower()}")
    _refuse_unknown_codes(getattr(module, kind).model_validate(resource))


def _refuse_unknown_codes(element: BaseModel) -> None:
    """The library knows the codes of required bindings, and does not compare them."""
    for name, field in type(element).model_fields.items():
        value = getattr(element, name)
        extra = field.json_schema_extra
        known = extra.get("enum_values") if isinstance(extra, dict) else None
        # CapabilityStatement.format is a code or a media type.
        if isinstance(value, str) and known and name != "format" and value not in known:
            raise ValueError(f"{name} is {value}; it must be one of {known}.")
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, BaseModel):
                _refuse_unknown_codes(each)


def get(client: Client, root: str, address: str, *, status: int = 200) -> Any:
    response = client.get(f"{root}/{address}")
    resource = valid_resource(response, root)
    assert response.status_code == status, resource
    return resource


def post(client: Client, root: str, address: str, *parameters: dict[str, Any], status: int = 200) -> Any:
    body = {"resourceType": "Parameters", "parameter": list(parameters)}
    check(body, root)
    response = client.post(f"{root}/{address}", data=json.dumps(body), content_type="application/fhir+json")
    resource = valid_resource(response, root)
    assert response.status_code == status, resource
    return resource


def values(parameters: dict[str, Any]) -> dict[str, Any]:
    """Name -> value of the parameters that have one."""
    return {
        entry["name"]: next(value for key, value in entry.items() if key.startswith("value"))
        for entry in parameters["parameter"]
        if any(key.startswith("value") for key in entry)
    }


def told_properties(parameters: dict[str, Any]) -> list[tuple[str, Any, str]]:
    """Code, value and description of each `property` of a $lookup."""
    told = []
    for entry in parameters["parameter"]:
        if entry["name"] == "property":
            parts = values({"parameter": entry["part"]})
            told.append((parts["code"], parts.get("value"), parts.get("description", "")))
    return told


def problem(outcome: dict[str, Any]) -> tuple[str, str, list[str] | None]:
    """Issue type, sentence and what is at fault, of an OperationOutcome with one issue."""
    assert outcome["resourceType"] == "OperationOutcome"
    (issue,) = outcome["issue"]
    assert issue["severity"] == "error"
    return issue["code"], issue["details"]["text"], issue.get("expression")
