"""Listings as FHIR R5 has them: a DeviceDefinition for each model, a charge item for each listing."""

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from pcl.api.fhir import device_definition
from pcl.models import Listing, Organization, Product, ProductModel, RegisterEntry
from pcl.queries import devices
from pcl.services.end_date_listing import end_date_listing
from pcl.services.organizations import merge_organizations
from tests.api.fhir_resources import SYSTEM, check, content, get, problem, valid_resource
from tests.factories.register import make_code, make_product, publish

pytestmark = pytest.mark.django_db
FHIR = "/fhir"


def ids(client: Client, query: str) -> list[str]:
    bundle = get(client, FHIR, f"DeviceDefinition?{query}")
    found = [entry["resource"]["id"] for entry in bundle.get("entry", [])]
    assert bundle["total"] == len(found)
    return found


def number_of(listing: Listing) -> str:
    return str(listing.model_id)


def test_a_model_with_everything_that_is_known(client: Client) -> None:
    make_code("K1007", short_description="Powered orthosis")
    product = make_product("ReWalk", distributor="Distri", other_names=("ReWalk 6.0",))
    Product.objects.update(fda_submission_numbers=["K131798"], fda_listing_numbers=["D123456"])
    first = publish("ReWalk", distributor="Distri", model_number="RW-6", begins=date(2024, 1, 1))
    end_date_listing(listing=first, seen_version=1, last_day=date(2025, 1, 31), reason="Not made any more.", by=None)
    second = publish("ReWalk", distributor="Distri", model_number="RW-6", code="E0147", begins=date(2023, 6, 1))
    ProductModel.objects.update(udi_di="00812345678901")
    maker, distributor = Organization.objects.get(name="Argo Technologies"), Organization.objects.get(name="Distri")
    entry = RegisterEntry.objects.order_by("-changed_at")[0]

    said = get(client, FHIR, f"DeviceDefinition/{first.model_id}")

    assert said == {
        "resourceType": "DeviceDefinition",
        "id": str(first.model_id),
        "meta": {"versionId": "3", "lastUpdated": entry.changed_at.isoformat()},
        "identifier": [
            {"system": "https://www.fda.gov/medical-devices/device-registration-and-listing", "value": "D123456"}
        ],
        "udiDeviceIdentifier": [
            {
                "deviceIdentifier": "00812345678901",
                "issuer": "http://hl7.org/fhir/NamingSystem/gs1-di",
                "jurisdiction": "http://hl7.org/fhir/NamingSystem/fda-udi",
            }
        ],
        "regulatoryIdentifier": [
            {
                "type": "license",
                "deviceIdentifier": "K131798",
                "issuer": "https://www.fda.gov",
                "jurisdiction": "http://hl7.org/fhir/NamingSystem/fda-udi",
            }
        ],
        "manufacturer": {"reference": f"Organization/{maker.pk}", "display": "Argo Technologies"},
        "deviceName": [
            {"name": product.name, "type": "registered-name"},
            {"name": "ReWalk 6.0", "type": "user-friendly-name"},
        ],
        "modelNumber": "RW-6",
        "classification": [{"type": {"text": "Powered Orthoses"}}],
        "packaging": [
            {
                "distributor": [
                    {
                        "name": "Distri",
                        "organizationReference": [{"reference": f"Organization/{distributor.pk}", "display": "Distri"}],
                    }
                ]
            }
        ],
        "chargeItem": [
            {
                "id": f"listing-{first.pk}",
                "chargeItemCode": {
                    "concept": {"coding": [{"system": SYSTEM, "code": "K1007", "display": "Powered orthosis"}]}
                },
                "count": {"value": 1},
                "effectivePeriod": {"start": "2024-01-01", "end": "2025-01-31"},
            },
            {
                "id": f"listing-{second.pk}",
                "chargeItemCode": {
                    "concept": {"coding": [{"system": SYSTEM, "code": "E0147", "display": "Short E0147"}]}
                },
                "count": {"value": 1},
                "effectivePeriod": {"start": "2023-06-01"},
            },
        ],
    }
    for reference in (maker, distributor):
        assert get(client, FHIR, f"Organization/{reference.pk}")["name"] == reference.name


@pytest.mark.parametrize(
    ("udi_di", "told"),
    [
        ("", None),
        ("+A123B1C2", "http://hl7.org/fhir/NamingSystem/hibcc-diI"),
        ("=/A9999", "http://hl7.org/fhir/NamingSystem/iccbba-other-di"),
        ("unknown form", [{"type": {"text": "UDI-DI"}, "value": "unknown form"}]),
    ],
)
def test_as_little_as_is_known(client: Client, udi_di: str, told: Any) -> None:
    listing = publish("Plain", classification="")
    ProductModel.objects.update(udi_di=udi_di)

    said = get(client, FHIR, f"DeviceDefinition/{listing.model_id}")

    if isinstance(told, str):
        assert said["udiDeviceIdentifier"][0]["issuer"] == told
    else:
        assert said.get("identifier") == told
    assert {"modelNumber", "classification", "packaging", "regulatoryIdentifier"}.isdisjoint(said)


def test_a_model_that_was_never_listed_is_not_there(client: Client) -> None:
    unlisted = ProductModel.objects.create(product=make_product("Secret"), model_number="X")
    assert ids(client, "") == []
    for number in (str(unlisted.pk), "0", "x", "9" * 30, "-1", "1e3", "٣"):
        get(client, FHIR, f"DeviceDefinition/{number}", status=404)
    get(client, FHIR, f"Organization/{unlisted.product.manufacturer_id}", status=404)
    assert content(client.get("/fhir/DeviceDefinition.ndjson")) == b""


@pytest.fixture(params=[None, 0], ids=["few", "very many"])
def however_many(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is best asked in another way where it is very much is found all the same."""
    if request.param is not None:
        monkeypatch.setattr(devices, "MOST_CHANGED", request.param)
        monkeypatch.setattr(devices, "MOST_NAMED", request.param)


@pytest.mark.usefixtures("however_many")
def test_it_is_found_by_what_is_said_of_it(client: Client) -> None:
    one = publish("ReWalk Personal", model_number="RW-6", begins=date(2020, 1, 1))
    end_date_listing(listing=one, seen_version=1, last_day=date(2021, 1, 1), reason="Ended.", by=None)
    two = publish("Wheel", code="E0147", manufacturer="Other Maker", other_names=("Former Wheel",))
    first, second = number_of(one), number_of(two)
    maker = Organization.objects.get(name="Other Maker").pk
    for query, found in {
        "": [first, second],
        f"_id={first}": [first],
        f"_id={first},{second}": [first, second],
        "_id=x": [],
        f"manufacturer=Organization/{maker}": [second],
        f"manufacturer={maker}": [second],
        "manufacturer=Organization/none": [],
        f"manufacturer=http://testserver/fhir/Organization/{maker}": [second],
        f"manufacturer=https://TestServer/fhir/Organization/{maker}/_history/1": [second],
        # Others' resources, and what is none of that kind, with a number that one of ours has.
        f"manufacturer=http://other.example/fhir/Organization/{maker}": [],
        f"manufacturer=http://testserver.example/fhir/Organization/{maker}": [],
        f"manufacturer=http://testserver/other/fhir/Organization/{maker}": [],
        f"manufacturer=http://testserver/fhir/r4/Organization/{maker}": [],
        f"manufacturer=http://testserver/fhir/{maker}": [],
        f"manufacturer=Device/{maker}": [],
        f"manufacturer=xOrganization/{maker}": [],
        f"manufacturer=urn:uuid:{maker}": [],
        f"manufacturer=http://other.example/fhir/Organization/{maker},Organization/{maker}": [second],
        f"_id=DeviceDefinition/{first}": [first],
        f"_id=http://other.example/fhir/DeviceDefinition/{first}": [],
        "device-name=rewalk": [first],
        "device-name=former": [second],
        "device-name=personal": [],
        "model-number=rw6": [first],
        "model-number=-": [],
        "code=K1007": [first],
        "code=k1007,E0147": [first, second],
        f"code={SYSTEM}|E0147": [second],
        "code=http://other.example|E0147": [],
        "status=current": [second],
        "status=ended": [first],
        "status=future": [],
        "code=K1007&status=current": [],
        "device-name=rewalk&code=E0147": [],
    }.items():
        assert ids(client, query) == found, query
    to_come = publish("Chair", begins=timezone.localdate() + timedelta(days=30))
    assert ids(client, "status=future") == [number_of(to_come)]
    assert ids(client, f"status=future&_id={first}") == []


def test_merged_organizations_count(client: Client) -> None:
    listing = publish("Wheel", manufacturer="Old Maker")
    publish("Other", manufacturer="New Maker")
    old, new = Organization.objects.get(name="Old Maker"), Organization.objects.get(name="New Maker")
    merge_organizations(merged=old, into=new, since=date(2024, 1, 1), source="A letter", reason="They merged.", by=None)

    assert number_of(listing) in ids(client, f"manufacturer={new.pk}")
    said = get(client, FHIR, f"Organization/{old.pk}")
    assert (said["active"], said["partOf"]["reference"]) == (False, f"Organization/{new.pk}")
    found = get(client, FHIR, "Organization?name=old")["entry"]
    assert str(old.pk) in [entry["resource"]["id"] for entry in found]


@pytest.mark.usefixtures("however_many")
def test_by_when_it_changed(client: Client) -> None:
    one, two = publish("First"), publish("Second")
    first, second = number_of(one), number_of(two)
    then = RegisterEntry.objects.get(pk=one.pk).changed_at.isoformat().replace("+00:00", "Z")
    today, tomorrow = timezone.localdate(), timezone.localdate() + timedelta(days=1)
    for query, found in {
        f"_lastUpdated={then}": [first],
        f"_lastUpdated=eq{then}": [first],
        f"_lastUpdated=ge{then}": [first, second],
        f"_lastUpdated=gt{then}": [second],
        f"_lastUpdated=le{then}": [first],
        f"_lastUpdated=lt{then}": [],
        f"_lastUpdated={today}": [first, second],
        f"_lastUpdated=ge{tomorrow}": [],
        f"_lastUpdated=lt{tomorrow}": [first, second],
        f"_since={then}": [second],
        f"_lastUpdated=ge{today}&_lastUpdated=lt{tomorrow}": [first, second],
        f"_lastUpdated=gt{then}&_lastUpdated=lt{today}": [],
    }.items():
        assert ids(client, query) == found, query
    lines = content(client.get(f"/fhir/DeviceDefinition.ndjson?_since={then}")).splitlines()
    assert [json.loads(line)["id"] for line in lines] == [second]
    # Another listing of the first model: it has changed since, though its first listing has not.
    publish("First", code="E0147")
    assert ids(client, f"_lastUpdated={then}") == []
    assert ids(client, f"_lastUpdated=le{then}") == []
    assert ids(client, f"_since={then}") == [first, second]


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("_count=0", "_count"),
        ("_count=1e9", "_count"),
        ("_count=501", "_count"),
        ("_cursor=forged", "_cursor"),
        ("status=active", "status"),
        ("_lastUpdated=xx2024-01-01", "_lastUpdated"),
        ("_lastUpdated=2024-01", "_lastUpdated"),
        ("_lastUpdated=2024-13-01", "_lastUpdated"),
        ("_lastUpdated=ge2024-06-01T10:00:00", "_lastUpdated"),
        ("_lastUpdated=0001-01-01", "_lastUpdated"),
        ("_since=yesterday", "_since"),
        ("_since=9999-12-31T23:59:59Z", "_since"),
        ("device-name=%00", "device-name"),
        ("code=A&code=B", "code"),
        ("identifier=x", "identifier"),
    ],
)
def test_what_cannot_be_used_is_named(client: Client, query: str, parameter: str) -> None:
    assert problem(get(client, FHIR, f"DeviceDefinition?{query}", status=400))[2] == [parameter]


def test_pages_by_key(client: Client) -> None:
    numbers = [number_of(publish(f"Product {number}")) for number in range(5)]
    address, seen, before = "DeviceDefinition?_count=2&device-name=product", [], ""

    while address:
        bundle = get(client, FHIR, address)
        assert bundle["total"] == 5
        seen.append([entry["resource"]["id"] for entry in bundle["entry"]])
        link = {each["relation"]: each["url"] for each in bundle["link"]}
        assert link["self"] == f"http://testserver/fhir/{address}"
        before = link.get("previous", "")
        address = link.get("next", "").removeprefix("http://testserver/fhir/")
        last = bundle

    assert seen == [numbers[:2], numbers[2:4], numbers[4:]]
    assert last["entry"][0]["fullUrl"] == f"http://testserver/fhir/DeviceDefinition/{numbers[4]}"
    assert get(client, FHIR, before.removeprefix("http://testserver/fhir/"))["entry"][0]["resource"]["id"] == numbers[2]
    cursor = before.partition("_cursor=")[2]
    assert problem(get(client, FHIR, f"DeviceDefinition?_cursor={cursor}", status=400))[2] == ["_cursor"]


@pytest.mark.parametrize("address", ["/fhir/DeviceDefinition", "/fhir/DeviceDefinition.ndjson", "/fhir/Organization"])
def test_no_query_for_each_row(client: Client, address: str) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            content(client.get(address))
        return len(queries)

    publish("First", other_names=("Other",))
    one = cost()
    publish("Second", manufacturer="Second Maker", distributor="Third", other_names=("More",))
    publish("Third", code="E0147", manufacturer="Third Maker")
    assert cost() == one


def test_the_file_has_them_all(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(device_definition, "RESOURCES_PER_PIECE", 2)
    for number in range(5):
        publish(f"Product {number}", model_number="M")
        publish(f"Product {number}", model_number="M", code="E0147")

    response = client.get("/fhir/DeviceDefinition.ndjson")

    assert response["Content-Type"] == "application/fhir+ndjson; charset=utf-8"
    body = content(response)
    assert body.endswith(b"\n")
    told = [json.loads(line) for line in body.splitlines()]
    for resource in told:
        check(resource, FHIR)
    bundle = get(client, FHIR, "DeviceDefinition")
    assert told == [entry["resource"] for entry in bundle["entry"]]
    assert [len(resource["chargeItem"]) for resource in told] == [2] * 5


def test_a_file_that_cannot_be_made_is_an_error(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: Any) -> Any:
        raise OperationalError
        yield

    monkeypatch.setattr(device_definition, "all_devices", fail)
    response = client.get("/fhir/DeviceDefinition.ndjson")
    assert (response.status_code, valid_resource(response, FHIR)["issue"][0]["code"]) == (503, "transient")


def test_who_has_it_is_told_so(client: Client) -> None:
    listing = publish("Wheel")
    address = f"/fhir/DeviceDefinition/{listing.model_id}"
    first = client.get(address)
    assert client.get(address, headers={"if-none-match": first["ETag"]}).status_code == 304
    end_date_listing(listing=listing, seen_version=1, last_day=date(2025, 1, 31), reason="Ended.", by=None)
    second = client.get(address, headers={"if-none-match": first["ETag"]})
    assert (second.status_code, second.json()["meta"]["versionId"]) == (200, "2")


def test_r4_has_none(client: Client) -> None:
    publish()
    for address in ("DeviceDefinition", "DeviceDefinition.ndjson", "Organization"):
        assert "FHIR R5" in problem(get(client, "/fhir/r4", address, status=404))[1]
    kinds = {each["type"] for each in get(client, "/fhir/r4", "metadata")["rest"][0]["resource"]}
    assert kinds == {"CodeSystem", "ValueSet"}


def test_the_statement_names_what_can_be_searched(client: Client) -> None:
    (resource,) = (
        each for each in get(client, FHIR, "metadata")["rest"][0]["resource"] if each["type"] == "DeviceDefinition"
    )
    assert {each["name"] for each in resource["searchParam"]} == set(device_definition.SEARCHED)
