"""ValueSet/$expand lists and searches the codes, as of a day."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hcpcs.services.import_report import ImportReport
from tests.api.fhir_resources import ROOTS, SYSTEM, get, post, problem
from tests.api.hcpcs_excerpt import CODES, NOW, load_excerpt
from tests.hcpcs.conftest import TEXT_2025
from tests.hcpcs.conftest import load as _load

load = _load
pytestmark = [pytest.mark.django_db, pytest.mark.parametrize("root", ROOTS)]
EXPAND = "ValueSet/hcpcs/$expand"
# E9998 begins next year.
BEGUN = [code for code in CODES if code != "E9998"]


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def excerpt(tmp_path: Path) -> None:
    load_excerpt(tmp_path)


def codes(value_set: dict[str, Any]) -> list[str]:
    return [each["code"] for each in value_set["expansion"].get("contains", [])]


@pytest.mark.usefixtures("excerpt")
class TestAnExpansion:
    def test_all_codes_that_have_begun(self, client: Client, root: str) -> None:
        value_set = get(client, root, EXPAND)

        assert value_set["url"] == f"{SYSTEM}?fhir_vs"
        assert (value_set["expansion"]["total"], codes(value_set)) == (12, BEGUN)
        assert "offset" not in value_set["expansion"]
        assert [each["code"] for each in value_set["expansion"]["contains"] if each.get("inactive")] == [
            "G8701",
            "K1032",
        ]
        assert value_set["expansion"]["contains"][4] == {
            "system": SYSTEM, "code": "E0470", "display": "Rad w/o backup non-inv intfc",
        }  # fmt: skip

    def test_it_says_what_it_depends_on(self, client: Client, root: str) -> None:
        expansion = get(client, root, f"{EXPAND}?filter=oxy&count=5&offset=0&activeOnly=true")["expansion"]

        told = [tuple(each.values()) for each in expansion["parameter"]]
        assert told == [
            ("used-codesystem", f"{SYSTEM}|2025-10.3"),
            ("version", f"{SYSTEM}|2025-10.3"),
            ("date", "2025-11-01"),
            ("filter", "oxy"),
            ("offset", 0),
            ("count", 5),
            ("activeOnly", True),
        ]
        assert expansion["timestamp"] == "2025-11-01T13:00:00-04:00"

    @pytest.mark.parametrize(
        ("words", "found"),
        [
            ("oxygen", ["E1390", "A4616"]),
            ("concentrators", ["E1390"]),
            ("E13", ["E1390", "E1399"]),
            ("e1399", ["E1399"]),
            ("spaceship", []),
            ("full leg", ["K1032"]),
        ],
    )
    def test_filter(self, client: Client, root: str, words: str, found: list[str]) -> None:
        value_set = get(client, root, f"{EXPAND}?filter={words}")
        assert (value_set["expansion"]["total"], codes(value_set)) == (len(found), found)

    def test_as_of_a_day(self, client: Client, root: str) -> None:
        def on(day: str, **more: str) -> list[str]:
            return codes(get(client, root, f"{EXPAND}?date={day}" + "".join(f"&{k}={v}" for k, v in more.items())))

        assert on("2022-03-31", filter="compression") == []
        assert on("2022-04-01", filter="compression") == ["K1032"]
        assert on("2023-12-31", filter="compression", activeOnly="true") == ["K1032"]
        assert on("2024-01-01", filter="compression", activeOnly="true") == []
        assert on("2024-01-01", filter="compression") == ["K1032"]
        assert on("2010-06-01", filter="J9380") == ["J9380"]
        assert on("2010-06-01", filter="teclistamab") == []
        assert on("2026-01-01", activeOnly="true") == [code for code in CODES if code not in {"G8701", "K1032"}]

    def test_page_by_page(self, client: Client, root: str) -> None:
        pages = [get(client, root, f"{EXPAND}?count=5&offset={offset}")["expansion"] for offset in (0, 5, 10, 15)]

        assert [(page["total"], page["offset"]) for page in pages] == [(12, 0), (12, 5), (12, 10), (12, 15)]
        assert [each["code"] for page in pages for each in page.get("contains", [])] == BEGUN
        assert len({page["identifier"] for page in pages}) == 1

    def test_a_count_of_0_asks_how_many(self, client: Client, root: str) -> None:
        expansion = get(client, root, f"{EXPAND}?count=0&activeOnly=true")["expansion"]
        assert (expansion["total"], "contains" in expansion) == (10, False)

    def test_designations_and_the_definition_on_demand(self, client: Client, root: str) -> None:
        value_set = get(client, root, f"{EXPAND}?filter=A4616&includeDesignations=true&includeDefinition=true")

        assert value_set["compose"] == {"inactive": True, "include": [{"system": SYSTEM}]}
        assert value_set["expansion"]["contains"][0]["designation"] == [
            {"language": "en", "value": "Tubing (oxygen), per foot"}
        ]
        assert "compose" not in get(client, root, EXPAND)

    def test_properties_are_r5s(self, client: Client, root: str) -> None:
        address = f"{EXPAND}?filter=K1032&property=coverage&property=http://hl7.org/fhir/concept-properties%23status"
        if root == "/fhir/r4":
            assert problem(get(client, root, address, status=400))[2] == ["property"]
            return
        expansion = get(client, root, address)["expansion"]
        assert [each["code"] for each in expansion["property"]] == ["status", "coverage"]
        assert expansion["contains"][0]["property"] == [
            {"code": "status", "valueCode": "retired"},
            {"code": "coverage", "valueString": "C"},
        ]

    def test_by_the_value_sets_address(self, client: Client, root: str) -> None:
        for url in (
            f"{SYSTEM}?fhir_vs",
            f"{SYSTEM.replace('http:', 'https:')}?fhir_vs",
            "urn:oid:2.16.840.1.113883.6.285?fhir_vs",
            f"{SYSTEM}?fhir_vs|2025-10.3",
            f"http://testserver{root}/ValueSet/hcpcs",
            "http://terminology.hl7.org/ValueSet/v3-HealthCareCommonProcedureCodingSystem",
        ):
            assert get(client, root, f"ValueSet/$expand?url={url}&filter=oxygen")["expansion"]["total"] == 2

    def test_posted(self, client: Client, root: str) -> None:
        value_set = post(
            client, root, "ValueSet/$expand",
            {"name": "url", "valueUri": f"{SYSTEM}?fhir_vs"}, {"name": "filter", "valueString": "wheelchair"},
            {"name": "count", "valueInteger": 3}, {"name": "activeOnly", "valueBoolean": True},
            {"name": "excludeNested", "valueBoolean": True},
            {"name": "system-version", "valueUri": f"{SYSTEM}|2025-10"},
        )  # fmt: skip
        assert codes(value_set) == ["K0898"]

    def test_two_queries(self, client: Client, root: str) -> None:
        for query in ("", "?filter=oxygen&count=2&includeDesignations=true"):
            with CaptureQueriesContext(connection) as queries:
                get(client, root, f"{EXPAND}{query}")
            assert len(queries) == 2

    @pytest.mark.parametrize(
        ("address", "status", "code", "at_fault"),
        [
            ("ValueSet/$expand", 400, "required", "url"),
            ("ValueSet/$expand?url=http://hl7.org/fhir/ValueSet/x", 404, "not-found", "url"),
            (f"{EXPAND}?count=-1", 400, "value", "count"),
            (f"{EXPAND}?count=99999999999999", 400, "value", "count"),
            (f"{EXPAND}?offset=x", 400, "value", "offset"),
            (f"{EXPAND}?activeOnly=yes", 400, "value", "activeOnly"),
            (f"{EXPAND}?date=2024-13-01", 400, "value", "date"),
            (f"{EXPAND}?filter={'x' * 401}", 400, "too-long", "filter"),
            (f"{EXPAND}?filter={'a+' * 13}", 400, "too-long", "filter"),
            (f"{EXPAND}?excludePostCoordinated=maybe", 400, "value", "excludePostCoordinated"),
            (f"{EXPAND}?valueSetVersion=2019-01", 400, "not-supported", "valueSetVersion"),
            (f"{EXPAND}?valueSetVersion=2031-01", 404, "not-found", "valueSetVersion"),
            (f"{EXPAND}?system-version={SYSTEM}|2019-01", 400, "not-supported", "system-version"),
            (f"{EXPAND}?context=x", 400, "not-supported", "context"),
        ],
    )
    def test_what_cannot_be_expanded(
        self, client: Client, *, root: str, address: str, status: int, code: str, at_fault: str
    ) -> None:
        issue, _, expression = problem(get(client, root, address, status=status))
        assert (issue, expression) == (code, [at_fault])


@pytest.mark.usefixtures("excerpt")
def test_the_value_set_and_its_search(client: Client, root: str) -> None:
    value_set = get(client, root, "ValueSet/hcpcs")
    assert (value_set["version"], value_set["compose"]["include"]) == ("2025-10.3", [{"system": SYSTEM}])
    assert get(client, root, "ValueSet")["entry"][0]["resource"] == value_set
    assert get(client, root, f"ValueSet?url={SYSTEM}?fhir_vs")["total"] == 1
    assert get(client, root, f"ValueSet?url={SYSTEM}?fhir_vs|2019-01")["total"] == 0
    assert get(client, root, "ValueSet?url=http://hl7.org/fhir/ValueSet/x")["total"] == 0
    assert get(client, root, "ValueSet?_id=x")["total"] == 0
    etag = client.get(f"{root}/ValueSet/hcpcs")["ETag"]
    assert client.get(f"{root}/ValueSet/hcpcs", headers={"If-None-Match": etag}).status_code == 304


def test_without_any_release_the_expansion_is_empty(client: Client, root: str) -> None:
    expansion = get(client, root, EXPAND)["expansion"]
    assert (expansion["total"], "contains" in expansion) == (0, False)
    assert expansion["parameter"] == [{"name": "date", "valueDateTime": "2025-11-01"}]


def test_october_2025_expands_whole_and_filtered(
    client: Client, root: str, load: Callable[[str], ImportReport]
) -> None:
    load(TEXT_2025)

    everything = client.get(f"{root}/{EXPAND}").json()["expansion"]
    assert everything["total"] == len(everything["contains"]) == 8846
    wheelchairs = get(client, root, f"{EXPAND}?filter=wheelchair&count=10&activeOnly=true")["expansion"]
    assert len(wheelchairs["contains"]) == 10
    assert all("heelchair" in each["display"] for each in wheelchairs["contains"])
    assert get(client, root, f"{EXPAND}?filter=oxygen&count=20")["expansion"]["contains"]
