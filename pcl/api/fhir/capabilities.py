"""/metadata: what is offered here, for programs."""

from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from rest_framework.request import Request

from hcpcs.queries.terminology import Terminology, terminology
from pcl.api.fhir.properties import PROPERTIES
from pcl.api.fhir.system import LISTED_IS_NOT_COVERED, SYSTEM
from pcl.api.fhir.value_set import Expand
from pcl.api.fhir.version import FhirVersion
from pcl.api.fhir.view import MEDIA_TYPE, FhirView, resource_answer
from pcl.queries.parameters import choice_in

SOFTWARE = {"name": "PCL Registry"}
_OPERATIONS = {
    "CodeSystem": ("lookup", "validate-code"),
    "ValueSet": ("expand", "validate-code"),
}
_SEARCHED = {
    "CodeSystem": {
        "url": "uri",
        "version": "token",
        "identifier": "token",
        "name": "string",
        "status": "token",
        "_id": "token",
    },
    "ValueSet": {"url": "uri", "_id": "token"},
}


_REGISTER = {
    "DeviceDefinition": "One for each model of a product. chargeItem holds each listing: its code, and the dates of "
    f"service as effectivePeriod. All as NDJSON: DeviceDefinition.ndjson. {LISTED_IS_NOT_COVERED}",
    "Organization": "Manufacturers and distributors of what is or was listed.",
}
_REGISTER_SEARCHED: dict[str, list[tuple[str, str, str]]] = {
    "DeviceDefinition": [
        ("_id", "token", ""),
        ("_lastUpdated", "date", "Once or twice, with eq, ge, gt, le or lt."),
        ("_since", "date", "Changed after that instant."),
        ("manufacturer", "reference", "Organizations merged into it count."),
        ("device-name", "string", "The beginning of a name, today's or another."),
        ("model-number", "string", "The beginning of a model number; case and punctuation do not matter."),
        ("code", "token", "The HCPCS code of a charge item."),
        ("status", "token", "Of a charge item, the one with `code`, today: current, ended, future or all."),
    ],
    "Organization": [("_id", "token", ""), ("name", "string", "The beginning of a name, today's or another.")],
}


class Metadata(FhirView):
    parameters = ("mode",)

    def get(self, request: Request) -> HttpResponse:
        mode = choice_in(request.GET, "mode", ("full", "normative", "terminology"), default="full")
        known = terminology()
        if mode == "terminology":
            return resource_answer(terminology_capabilities(known, self.version, self.base()))
        return resource_answer(capability_statement(known, self.version, self.base()))


def capability_statement(known: Terminology, version: FhirVersion, base: str) -> dict[str, Any]:
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": _changed(known),
        "kind": "instance",
        "instantiates": ["http://hl7.org/fhir/CapabilityStatement/terminology-server"],
        "software": SOFTWARE,
        "implementation": {
            "description": (
                f"HCPCS Level II and the products listed under its codes, read without a key. {LISTED_IS_NOT_COVERED}"
            ),
            "url": base,
        },
        "fhirVersion": version.number,
        "format": [MEDIA_TYPE, "json"],
        "rest": [
            {
                "mode": "server",
                "security": {"cors": True, "description": "Public data: no key, no sign-in."},
                "resource": [
                    *(_resource(kind, names) for kind, names in _OPERATIONS.items()),
                    *([_register_resource(kind) for kind in _REGISTER] if version.is_r5 else []),
                ],
            }
        ],
    }


def _resource(kind: str, operations: tuple[str, ...]) -> dict[str, Any]:
    definition = "http://hl7.org/fhir/OperationDefinition/"
    return {
        "type": kind,
        "interaction": [{"code": "read"}, {"code": "search-type"}],
        "versioning": "no-version",
        "conditionalRead": "not-match",
        "searchParam": [{"name": name, "type": sort} for name, sort in _SEARCHED[kind].items()],
        "operation": [{"name": name, "definition": f"{definition}{kind}-{name}"} for name in operations],
    }


def _register_resource(kind: str) -> dict[str, Any]:
    return {
        "type": kind,
        "documentation": _REGISTER[kind],
        "interaction": [{"code": "read"}, {"code": "search-type"}],
        "versioning": "no-version",
        "conditionalRead": "not-match" if kind == "DeviceDefinition" else "full-support",
        "searchParam": [
            {"name": name, "type": sort, **({"documentation": said} if said else {})}
            for name, sort, said in _REGISTER_SEARCHED[kind]
        ],
    }


def terminology_capabilities(known: Terminology, version: FhirVersion, base: str) -> dict[str, Any]:
    system: dict[str, Any] = {"uri": SYSTEM, "subsumption": False}
    if version.is_r5:
        system["content"] = "complete" if known.is_complete else "fragment"
    if known.versions:
        system["version"] = [
            {
                "code": each.name,
                "isDefault": each is known.current,
                "compositional": False,
                "language": ["en"],
                "property": [prop.code for prop in PROPERTIES],
            }
            for each in known.versions
        ]
    expand = Expand()
    expand.version = version
    return {
        "resourceType": "TerminologyCapabilities",
        "url": f"{base}/metadata?mode=terminology",
        "name": "PCLRegistryTerminology",
        "title": "Terminology of the PCL Registry",
        "status": "active",
        "date": _changed(known),
        "kind": "instance",
        "software": SOFTWARE,
        "implementation": {"description": "HCPCS Level II, read without a key.", "url": base},
        "codeSystem": [system],
        "expansion": {
            "hierarchical": False,
            "paging": True,
            "incomplete": False,
            "parameter": [{"name": name} for name in expand.known_parameters()],
            "textFilter": (
                "Words in any order, each of which is or begins a word of the code or of a description; the English "
                "stem of a word counts, too."
            ),
        },
        "validateCode": {"translations": False},
    }


def _changed(known: Terminology) -> str:
    return (known.last_updated or timezone.now()).isoformat(timespec="seconds")
