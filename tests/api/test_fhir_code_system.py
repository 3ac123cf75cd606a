"""CodeSystem/hcpcs holds everything that is loaded, and the search finds it by each of its names."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hcpcs.services.import_release import import_release
from hcpcs.services.import_report import ImportReport
from hcpcs.services.load_seed_codes import load_seed_codes
from tests.api.fhir_resources import ROOTS, SYSTEM, check, content, get, valid_resource
from tests.api.hcpcs_excerpt import CODES, NEW, NOW, line, load_excerpt
from tests.hcpcs.conftest import TEXT_2025
from tests.hcpcs.conftest import load as _load
from tests.hcpcs.files import release_file

load = _load
pytestmark = [pytest.mark.django_db, pytest.mark.parametrize("root", ROOTS)]
CONCEPT_PROPERTIES = "http://hl7.org/fhir/concept-properties#"


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def excerpt(tmp_path: Path) -> None:
    load_excerpt(tmp_path)


def concept(resource: dict[str, Any], code: str) -> Any:
    (found,) = [each for each in resource["concept"] if each["code"] == code]
    return found


def properties(resource: dict[str, Any], code: str) -> list[tuple[str, Any]]:
    return [(name, value) for name, value in (each.values() for each in concept(resource, code)["property"])]


@pytest.mark.usefixtures("excerpt")
def test_the_resource_names_itself(client: Client, root: str) -> None:
    resource = get(client, root, "CodeSystem/hcpcs")

    assert resource["url"] == SYSTEM
    assert resource["identifier"] == [{"system": "urn:ietf:rfc:3986", "value": "urn:oid:2.16.840.1.113883.6.285"}]
    assert (resource["version"], resource["date"]) == ("2025-10.3", "2025-10-01")
    assert (resource["content"], resource["count"], resource["caseSensitive"]) == ("complete", 13, True)
    assert resource["valueSet"] == f"{SYSTEM}?fhir_vs"
    assert [each["code"] for each in resource["concept"]] == CODES
    standard = {each["code"]: each["uri"] for each in resource["property"] if "uri" in each}
    assert standard == {
        name: f"{CONCEPT_PROPERTIES}{name}" for name in ("status", "inactive", "effectiveDate", "retirementDate")
    }
    assert {name for each in resource["concept"] for name in (p["code"] for p in each["property"])} <= {
        each["code"] for each in resource["property"]
    }


@pytest.mark.usefixtures("excerpt")
def test_a_concept_has_descriptions_and_every_field_of_the_record(client: Client, root: str) -> None:
    resource = get(client, root, "CodeSystem/hcpcs")

    assert concept(resource, "K1032")["display"] == "Non pneum seq comp full leg"
    assert concept(resource, "K1032")["definition"] == "Non-pneumatic sequential compression garment, full leg"
    assert properties(resource, "K1032") == [
        ("status", "retired"),
        ("inactive", True),
        ("effectiveDate", "2024-01-01"),
        ("retirementDate", "2024-01-01"),
        ("kind", "code"),
        ("addedDate", "2022-04-01"),
        ("terminationDate", "2023-12-31"),
        ("actionEffectiveDate", "2024-01-01"),
        ("actionCode", "N"),
        ("pricingIndicator", "36"),
        ("multiplePricing", "A"),
        ("coverage", "C"),
        ("betos", "D1E"),
        ("tos", "P"),
        ("anesthesiaBaseUnits", 0),
    ]


@pytest.mark.usefixtures("excerpt")
def test_status_is_reckoned_for_today(client: Client, root: str) -> None:
    def standing(code: str) -> Any:
        told = dict(properties(get(client, root, "CodeSystem/hcpcs"), code))
        return told["status"], told["inactive"], told.get("effectiveDate")

    assert standing("K0800") == ("active", False, "2006-10-01")
    assert standing("E9998") == ("draft", True, None)
    with time_machine.travel("2023-12-31 12:00:00-05:00", tick=False):
        assert standing("K1032") == ("active", False, "2022-04-01")
    with time_machine.travel("2026-01-01 12:00:00-05:00", tick=False):
        assert standing("E9998") == ("active", False, "2026-01-01")


@pytest.mark.usefixtures("excerpt")
def test_cpt_and_cdt_codes_are_no_cross_references(client: Client, root: str) -> None:
    told = properties(get(client, root, "CodeSystem/hcpcs"), "C8904")
    assert [value for name, value in told if name == "xref"] == ["A4616"]


@pytest.mark.usefixtures("excerpt")
def test_a_reused_code_is_one_concept_with_the_meaning_of_today(client: Client, root: str) -> None:
    assert concept(get(client, root, "CodeSystem/hcpcs"), "J9380")["display"] == "Inj teclistamab cqyv 0.5 mg"
    with time_machine.travel("2015-06-01", tick=False):
        told = concept(get(client, root, "CodeSystem/hcpcs"), "J9380")
    assert told["display"] == "Vincristine sulfate 5 mg inj"
    assert told["property"][0] == {"code": "status", "valueCode": "retired"}


@pytest.mark.usefixtures("excerpt")
def test_two_queries_however_many_concepts(client: Client, root: str) -> None:
    for address in ("CodeSystem/hcpcs", "CodeSystem/hcpcs?_summary=true", f"CodeSystem?url={SYSTEM}"):
        with CaptureQueriesContext(connection) as queries:
            content(client.get(f"{root}/{address}"))
        assert len(queries) == 2


@pytest.mark.usefixtures("excerpt")
def test_who_has_it_already_gets_304_until_an_import_or_another_day(client: Client, root: str, tmp_path: Path) -> None:
    address = f"{root}/CodeSystem/hcpcs"
    first = client.get(address)
    etag = first["ETag"]
    content(first)

    def status() -> int:
        response = client.get(address, headers={"If-None-Match": etag})
        content(response)
        return response.status_code

    assert status() == 304
    with time_machine.travel("2025-11-02 12:00:00-05:00", tick=False):
        assert status() == 200
    added = [*NEW, *line("Q9999", "A new thing", "New thing")]
    import_release(path=release_file(tmp_path, added, name="HCPC2025_OCT_ANWEB_v4.txt"))
    assert status() == 200
    assert get(client, root, "CodeSystem/hcpcs?_summary=true")["version"] == "2025-10.4"


@pytest.mark.usefixtures("excerpt")
def test_the_summary_leaves_out_the_concepts_and_says_so(client: Client, root: str) -> None:
    resource = get(client, root, "CodeSystem/hcpcs?_summary=true")

    assert "concept" not in resource
    assert resource["count"] == 13
    assert resource["meta"]["tag"][0]["code"] == "SUBSETTED"


@pytest.mark.usefixtures("excerpt")
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", 1),
        (f"url={SYSTEM}", 1),
        (f"url={SYSTEM.replace('http:', 'https:')}", 1),
        ("url=urn:oid:2.16.840.1.113883.6.285", 1),
        (f"url={SYSTEM}|2025-10.3", 1),
        (f"url={SYSTEM}|2025-10", 1),
        (f"url={SYSTEM}&version=2025-10.3", 1),
        (f"url={SYSTEM}&version=2024-01", 0),
        ("url=http://loinc.org", 0),
        ("identifier=urn:oid:2.16.840.1.113883.6.285", 1),
        ("identifier=urn:ietf:rfc:3986|urn:oid:2.16.840.1.113883.6.285", 1),
        ("identifier=urn:oid:2.16.840.1.113883.6.12", 0),
        ("name=hcpcs", 1),
        ("name=loinc", 0),
        ("status=active", 1),
        ("status=retired", 0),
        ("_id=hcpcs", 1),
        ("_id=cpt", 0),
    ],
)
def test_the_search_finds_it(client: Client, root: str, query: str, found: int) -> None:
    bundle = get(client, root, f"CodeSystem?{query}")

    assert (bundle["type"], bundle["total"], len(bundle.get("entry", []))) == ("searchset", found, found)
    for entry in bundle.get("entry", []):
        assert entry["fullUrl"] == f"http://testserver{root}/CodeSystem/hcpcs"
        assert len(entry["resource"]["concept"]) == 13


@pytest.mark.usefixtures("excerpt")
def test_the_search_can_count_and_summarize(client: Client, root: str) -> None:
    counted = get(client, root, "CodeSystem?_summary=count")
    assert (counted["total"], "entry" in counted) == (1, False)
    assert "concept" not in get(client, root, "CodeSystem?_summary=true")["entry"][0]["resource"]


def test_with_the_seed_alone_it_is_a_fragment(client: Client, root: str) -> None:
    load_seed_codes()

    resource = get(client, root, "CodeSystem/hcpcs")

    assert (resource["content"], resource["version"]) == ("fragment", "2024-01.1")
    assert [each["code"] for each in resource["concept"]] == ["K1007", "K1032"]


def test_without_any_release_it_is_an_empty_fragment(client: Client, root: str) -> None:
    resource = get(client, root, "CodeSystem/hcpcs")

    assert (resource["content"], resource["count"]) == ("fragment", 0)
    assert not {"version", "date", "concept", "meta"} & set(resource)


def test_october_2025_is_complete_and_holds_no_cpt_or_cdt_code(
    client: Client, root: str, load: Callable[[str], ImportReport]
) -> None:
    load(TEXT_2025)

    response = client.get(f"{root}/CodeSystem/hcpcs")
    resource = json.loads(content(response))

    assert (resource["count"], len(resource["concept"])) == (8846, 8846)
    codes = [each["code"] for each in resource["concept"]]
    assert codes == sorted(set(codes))
    assert not [code for code in codes if code[0] == "D" and len(code) == 5]
    assert not [code for code in codes if code[0].isdigit() and len(code) == 5]
    references = [p["valueCode"] for each in resource["concept"] for p in each["property"] if p["code"] == "xref"]
    assert references
    assert not [code for code in references if code[0] == "D" or (code[0].isdigit() and len(code) == 5)]
    # The library takes seconds for all of them: every twentieth.
    check(resource | {"concept": resource["concept"][::20]}, root)


def test_what_is_read_is_refused_by_name_when_unknown(client: Client, root: str) -> None:
    for address, name in (
        ("CodeSystem/hcpcs?_elements=url", "_elements"),
        ("CodeSystem?system=x", "system"),
        ("CodeSystem?_summary=text", "_summary"),
        ("ValueSet?name=x", "name"),
        ("ValueSet/hcpcs?_summary=true", "_summary"),
    ):
        response = client.get(f"{root}/{address}")
        assert response.status_code == 400
        assert valid_resource(response, root)["issue"][0]["expression"] == [name]
