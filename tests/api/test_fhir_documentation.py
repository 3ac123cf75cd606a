"""The examples of docs/interoperability.md do what the page says."""

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.http import HttpResponseBase, QueryDict
from django.test import Client

from hcpcs.queries.clinical_table import FIELDS
from pcl.api.clinical_tables import WITHOUT_EFFECT, ClinicalTables
from pcl.api.fhir.properties import PROPERTIES
from pcl.api.fhir.urls import urlpatterns
from tests.api.fhir_resources import content, valid_resource
from tests.api.hcpcs_excerpt import NOW, load_excerpt

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "interoperability.md").read_text()
EXAMPLES = re.findall(r"```sh\n(curl .+?)\n```(?:\n\n```json\n(.+?)\n```)?", PAGE, re.DOTALL)


@pytest.fixture
def registry(client: Client, tmp_path: Path) -> Iterator[Client]:
    with time_machine.travel(NOW, tick=False):
        load_excerpt(tmp_path)
        yield client


def run(client: Client, command: str) -> HttpResponseBase:
    """What curl would do; with the test client in its place, and of curl's options those of the page."""
    # Inside double quotes a shell takes the backslash before a dollar sign away; shlex leaves it.
    words = iter([word.replace("\\$", "$") for word in shlex.split(command.replace("\\\n", " "))[1:]])
    address, data, headers, query = "", "", {}, QueryDict(mutable=True)
    for word in words:
        if word == "--data-urlencode":
            name, _, value = next(words).partition("=")
            query.appendlist(name, value)
        elif word == "-H":
            name, _, value = next(words).partition(": ")
            headers[name] = value
        elif word == "-d":
            data = next(words)
        elif word != "-G":
            address = word.removeprefix("$REGISTRY")
    if data:
        return client.post(address, data=data, content_type=headers.pop("Content-Type"), headers=headers)
    return client.get(address + ("?" + query.urlencode() if query else ""), headers=headers)


@pytest.mark.django_db
@pytest.mark.parametrize(("command", "answer"), EXAMPLES)
def test_an_example_is_answered_as_the_page_says(registry: Client, command: str, answer: str) -> None:
    response = run(registry, command)

    assert response.status_code == 200, command
    if "/fhir" in command:
        told: Any = valid_resource(response, "/fhir/r4" if "/fhir/r4" in command else "/fhir")
    else:
        told = json.loads(content(response))
        assert len(told) == 4
    if answer:
        assert told == json.loads(answer)


def test_there_are_examples_of_both() -> None:
    assert len(EXAMPLES) >= 10
    assert len([command for command, _ in EXAMPLES if "/api/hcpcs" in command]) >= 3


def test_every_parameter_field_property_and_address_is_on_the_page() -> None:
    told = set(re.findall(r"`([^`]+)`", PAGE)) | set(re.findall(r"[\w$-]+", PAGE))
    names = {*ClinicalTables.parameters, *WITHOUT_EFFECT, *FIELDS, *(each.code for each in PROPERTIES)}
    assert sorted(names - told) == []
    addresses = {re.sub(r"<[^>]+>", "<id>", str(each.pattern)) for each in urlpatterns if each.name != "elsewhere"}
    missing = {each for each in addresses if each not in PAGE and each.replace("/hcpcs/", "/") not in PAGE}
    assert sorted(missing) == []
