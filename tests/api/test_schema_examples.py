"""Every field and parameter is explained, and every operation shows a real answer that is what the schema says."""

from typing import Any

import jsonschema
import pytest

from pcl.api.examples import kept_examples
from pcl.api.schema import whole_schema

SCHEMA = whole_schema()
OPERATIONS = [(path, method, each) for path, ways in SCHEMA["paths"].items() for method, each in ways.items()]

GOOD = ("200", "202")


def described(node: Any, where: str) -> list[str]:
    if node.get("description"):
        return []
    return [where]


def test_every_field_is_explained() -> None:
    bare = [
        where
        for name, shape in SCHEMA["components"]["schemas"].items()
        for field, node in shape.get("properties", {}).items()
        for where in described(node, f"{name}.{field}")
    ]
    assert bare == []


def test_every_parameter_and_operation_is_explained() -> None:
    bare = [
        where
        for path, method, operation in OPERATIONS
        for node, where in [
            *((each, f"{path} {each['name']}") for each in operation.get("parameters", [])),
            *((each, f"{path} {status}") for status, each in operation["responses"].items() if status not in GOOD),
        ]
        for where in described(node, where)
    ]
    assert bare == []
    assert [path for path, _, operation in OPERATIONS if not operation.get("summary")] == []


def examples(operation: dict[str, Any]) -> list[tuple[dict[str, Any], Any]]:
    """Of the answer: each with the schema of its media type."""
    return [
        (content.get("schema", {}), example["value"])
        for status in GOOD
        for content in operation["responses"].get(status, {}).get("content", {}).values()
        for example in content.get("examples", {}).values()
    ]


@pytest.mark.parametrize(("path", "method", "operation"), OPERATIONS)
def test_every_operation_shows_a_real_answer(path: str, method: str, operation: dict[str, Any]) -> None:
    shown = examples(operation)
    assert shown or set(operation["responses"]) >= {"204"}, f"{path} has no example: put one into pcl/api/examples.json"
    for schema, value in shown:
        jsonschema.Draft202012Validator({**schema, "components": SCHEMA["components"]}).validate(value)
        assert not isinstance(value, dict) or value.get("results", [True]) != [], path


def test_no_example_is_of_an_operation_that_is_gone() -> None:
    assert set(kept_examples()) <= {operation["operationId"] for _, _, operation in OPERATIONS}


def test_the_validator_finds_mistakes() -> None:
    """Lest the tests above prove nothing."""
    (schema, value), *_ = examples(SCHEMA["paths"]["/api/v1/listings/{listing_id}/"]["get"])
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator({**schema, "components": SCHEMA["components"]}).validate(
            value | {"status": "covered"}
        )
