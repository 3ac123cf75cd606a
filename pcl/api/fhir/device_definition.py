"""DeviceDefinition: one for each model of a product; what it is listed under are its charge items. FHIR R5."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from rest_framework.request import Request

from pcl.api.fhir.outcome import FhirError
from pcl.api.fhir.searchset import PAGING, changed_in, ids_in, number_of, searchset, values_in
from pcl.api.fhir.system import SYSTEM as HCPCS
from pcl.api.fhir.system import is_hcpcs
from pcl.api.fhir.view import FhirView, as_json, resource_answer
from pcl.models import ProductModel
from pcl.queries.devices import BY_NUMBER, Device, DeviceSearch, all_devices, devices_of
from pcl.queries.listing_filter import STATUSES
from pcl.queries.parameters import choice_in, text_in
from pcl.text import normalize_model_number

NDJSON = "application/fhir+ndjson"
SEARCHED = ("_id", "manufacturer", "device-name", "model-number", "code", "status", "_lastUpdated", "_since")
FDA_UDI = "http://hl7.org/fhir/NamingSystem/fda-udi"
FDA = "https://www.fda.gov"
FDA_LISTING = "https://www.fda.gov/medical-devices/device-registration-and-listing"
# By the first character of a device identifier; GS1's have fourteen digits.
_ISSUERS = {
    "+": "http://hl7.org/fhir/NamingSystem/hibcc-diI",
    "=": "http://hl7.org/fhir/NamingSystem/iccbba-other-di",
}
_GS1 = "http://hl7.org/fhir/NamingSystem/gs1-di"
_GTIN_DIGITS = 14
RESOURCES_PER_PIECE = 200


class R5View(FhirView):
    """R4 has no chargeItem, and is not offered half."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if not self.version.is_r5:
            raise FhirError(404, "not-found", "Only FHIR R5 has what is told here: /fhir/DeviceDefinition.")


class DeviceDefinitions(R5View):
    parameters = (*SEARCHED, *PAGING)
    repeatable = ("_lastUpdated",)

    def get(self, request: Request) -> HttpResponse:
        base = self.base()

        def resources(models: QuerySet[ProductModel]) -> list[tuple[int, dict[str, Any]]]:
            return [(device.number, device_definition(device)) for device in devices_of(models)]

        return searchset(request, search_in(request, base=base).found, order=BY_NUMBER, resources=resources, base=base)


class DeviceDefinition(R5View):
    def get(self, request: Request, number: str) -> HttpResponseBase:
        found = devices_of(DeviceSearch(numbers=frozenset({number_of(number)})).found)
        if not found:
            raise FhirError(404, "not-found", f"There is no DeviceDefinition/{number[:40]}.")
        (device,) = found
        etag = f'W/"{device.version}-{device.changed_at.timestamp():.6f}"'
        modified = int(device.changed_at.timestamp())
        asked: Any = request._request  # noqa: SLF001
        unchanged = get_conditional_response(asked, etag=etag)
        answer: HttpResponseBase = unchanged or resource_answer(device_definition(device))
        answer["ETag"], answer["Last-Modified"], answer["Cache-Control"] = etag, http_date(modified), "no-cache"
        return answer


class DeviceDefinitionFile(R5View):
    """All of them, a line each, as of one instant."""

    parameters = ("_since",)

    def get(self, request: Request) -> StreamingHttpResponse:
        changed = changed_in(request.GET)
        pieces = _lines(all_devices(DeviceSearch(changed_from=changed.begin)))
        # Drawn now, so that a query that fails is an error and not an empty file.
        first = next(pieces, b"")

        def all_of_them() -> Iterator[bytes]:
            yield first
            yield from pieces

        return StreamingHttpResponse(
            iter(()) if request.method == "HEAD" else all_of_them(), content_type=f"{NDJSON}; charset=utf-8"
        )


def search_in(request: Request, *, base: str) -> DeviceSearch:
    given = request.GET
    changed = changed_in(given)
    status = choice_in(given, "status", [key for key, _ in STATUSES], default="all")
    model_number = text_in(given, "model-number", longest=120)
    normalized = normalize_model_number(model_number)
    return DeviceSearch(
        numbers=frozenset()
        if model_number and not normalized
        else ids_in(given, "_id", kind="DeviceDefinition", base=base),
        manufacturers=ids_in(given, "manufacturer", kind="Organization", base=base),
        codes=_codes(values_in(given, "code")),
        status=status,
        on=None if status == "all" else timezone.localdate(),
        name=text_in(given, "device-name", longest=300),
        model_number=normalized,
        changed_from=changed.begin,
        changed_before=changed.end,
    )


def _codes(tokens: list[str]) -> frozenset[str] | None:
    """Tokens are `system|code` or the code alone; a code of another system is nothing here."""
    if not tokens:
        return None
    parts = [token.rpartition("|") for token in tokens]
    return frozenset(code.upper() for system, _, code in parts if not system or is_hcpcs(system))


def device_definition(device: Device) -> dict[str, Any]:
    told: dict[str, Any] = {
        "resourceType": "DeviceDefinition",
        "id": str(device.number),
        "meta": {"versionId": str(device.version), "lastUpdated": device.changed_at.isoformat()},
    }
    if device.fda_listing_numbers:
        told["identifier"] = [{"system": FDA_LISTING, "value": number} for number in device.fda_listing_numbers]
    if issuer := _issuer(device.udi_di):
        told["udiDeviceIdentifier"] = [{"deviceIdentifier": device.udi_di, "issuer": issuer, "jurisdiction": FDA_UDI}]
    elif device.udi_di:
        told.setdefault("identifier", []).append({"type": {"text": "UDI-DI"}, "value": device.udi_di})
    if device.submission_numbers:
        told["regulatoryIdentifier"] = [
            {"type": "license", "deviceIdentifier": number, "issuer": FDA, "jurisdiction": FDA_UDI}
            for number in device.submission_numbers
        ]
    told["manufacturer"] = _organization(*device.manufacturer)
    names = [(device.product, "registered-name"), *((name, "user-friendly-name") for name in device.other_names)]
    told["deviceName"] = [{"name": name, "type": kind} for name, kind in names]
    if device.model_number:
        told["modelNumber"] = device.model_number
    if device.classification:
        told["classification"] = [{"type": {"text": device.classification}}]
    if device.distributor:
        number, name = device.distributor
        told["packaging"] = [{"distributor": [{"name": name, "organizationReference": [_organization(number, name)]}]}]
    told["chargeItem"] = [
        {
            "id": f"listing-{listed.listing}",
            "chargeItemCode": {
                "concept": {"coding": [{"system": HCPCS, "code": listed.code, "display": listed.code_name}]}
            },
            "count": {"value": 1},
            "effectivePeriod": {
                "start": listed.begins.isoformat(),
                **({"end": listed.ends.isoformat()} if listed.ends else {}),
            },
        }
        for listed in device.listings
    ]
    return told


def _organization(number: int, name: str) -> dict[str, str]:
    return {"reference": f"Organization/{number}", "display": name}


def _issuer(udi_di: str) -> str:
    """Who gave a device identifier out, as its form shows; "" where it shows nothing."""
    if len(udi_di) == _GTIN_DIGITS and udi_di.isascii() and udi_di.isdigit():
        return _GS1
    return _ISSUERS.get(udi_di[:1], "")


def _lines(devices: Iterator[Device]) -> Iterator[bytes]:
    lines: list[bytes] = []
    for device in devices:
        lines.append(as_json(device_definition(device)) + b"\n")
        if len(lines) == RESOURCES_PER_PIECE:
            yield b"".join(lines)
            lines = []
    yield b"".join(lines)
