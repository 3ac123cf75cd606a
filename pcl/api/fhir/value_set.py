"""ValueSet/hcpcs: all codes, and $expand, which lists or searches them."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.http import HttpResponseBase
from django.utils import timezone
from rest_framework.request import Request

from hcpcs.queries.terminology import Concept, Expansion, Terminology, expansion, terminology
from hcpcs.queries.words import MOST_WORDS
from pcl.api.fhir.code_system import bundle, conditional
from pcl.api.fhir.operation import DATE, FLAG, TEXT, Operation
from pcl.api.fhir.outcome import FhirError
from pcl.api.fhir.parameters import Given, Parameter, Parameters
from pcl.api.fhir.properties import BY_CODE, BY_URI, PROPERTIES, Property, property_elements
from pcl.api.fhir.system import (
    ALL_CODES,
    HL7_ALL_CODES,
    LISTED_IS_NOT_COVERED,
    PUBLISHER,
    SYSTEM,
    SYSTEMS,
    TITLE,
    current_only,
    is_hcpcs,
    required_value_set,
    split_canonical,
    version_element,
)
from pcl.api.fhir.view import FhirView, resource_answer
from pcl.queries.parameters import text_in

LONGEST_FILTER = 400
_PAGING = {"offset", "count"}


def value_set(known: Terminology, *, with_definition: bool = True) -> dict[str, Any]:
    told = {
        "resourceType": "ValueSet",
        "id": "hcpcs",
        "url": ALL_CODES,
        **version_element(known),
        "name": "HCPCSLevelIIAllCodes",
        "title": f"All codes of the {TITLE}",
        "status": "active",
        "experimental": False,
        "publisher": PUBLISHER,
        "description": f"Every code and modifier of HCPCS Level II, ended ones included. {LISTED_IS_NOT_COVERED}",
        "immutable": False,
    }
    if with_definition:
        told["compose"] = {"inactive": True, "include": [{"system": SYSTEM}]}
    return told


class ValueSet(FhirView):
    def get(self, request: Request) -> HttpResponseBase:
        known = terminology()
        return conditional(request, known, timezone.localdate(), lambda: resource_answer(value_set(known)))


class ValueSets(FhirView):
    parameters = ("url", "_id")

    def get(self, request: Request) -> HttpResponseBase:
        known = terminology()
        url, version = split_canonical(text_in(request.GET, "url") or ALL_CODES)
        ours = {HL7_ALL_CODES, f"{self.base()}/ValueSet/hcpcs", *(f"{system}?fhir_vs" for system in SYSTEMS)}
        is_current = not version or (known.current is not None and known.current.is_called(version))
        matches = url in ours and is_current and request.GET.get("_id", "hcpcs") == "hcpcs"
        found = bundle(request.build_absolute_uri(), total=int(matches))
        if matches:
            address = f"{self.base()}/ValueSet/hcpcs"
            found["entry"] = [{"fullUrl": address, "resource": value_set(known), "search": {"mode": "match"}}]
        return resource_answer(found)


_IN: Parameters = {
    "url": TEXT,
    "valueSetVersion": TEXT,
    "filter": TEXT,
    "date": DATE,
    "offset": Parameter("integer"),
    "count": Parameter("integer"),
    "activeOnly": FLAG,
    "includeDesignations": FLAG,
    "includeDefinition": FLAG,
    "system-version": Parameter("canonical", repeats=True),
    # The expansion is flat, of plain codes in one language, whatever these say.
    "excludeNested": FLAG,
    "excludeNotForUI": FLAG,
    "excludePostCoordinated": FLAG,
    "displayLanguage": TEXT,
}
_IN_R5: Parameters = {**_IN, "property": Parameter("string", repeats=True)}
FLAGS = tuple(name for name, each in _IN.items() if each is FLAG)


class Expand(Operation):
    def known_parameters(self) -> Parameters:
        return _IN_R5 if self.version.is_r5 else _IN

    def answer(self, given: Given, *, on_instance: bool) -> dict[str, Any]:
        pinned = ""
        if not on_instance or given.has("url"):
            pinned = required_value_set(given.text("url"), base=self.base())
        known = terminology()
        current_only(known, given.text("valueSetVersion") or pinned, parameter="valueSetVersion")
        for canonical in given.texts("system-version"):
            system, version = split_canonical(canonical)
            if is_hcpcs(system):
                current_only(known, version, parameter="system-version")
        day, start, size = given.day("date"), given.number("offset", 0) or 0, given.number("count", None)
        words = _filter(given)
        chosen = _chosen(given.texts("property"))
        flags = {name: given.flag(name) for name in FLAGS}
        found = expansion(words=words, day=day, active_only=flags["activeOnly"], start=start, size=size)
        told = value_set(known, with_definition=flags["includeDefinition"])
        told["expansion"] = {
            "identifier": _identifier(known, given),
            "timestamp": timezone.localtime().isoformat(timespec="seconds"),
            "total": found.total,
            **({"offset": start} if size is not None or start else {}),
            "parameter": list(_echo(given, known, day)),
            **({"property": [_defined(each) for each in chosen]} if chosen else {}),
            **_contains(found, day, chosen, with_long=flags["includeDesignations"]),
        }
        return told


def _filter(given: Given) -> str:
    """Raises FhirError for more than the search looks at: cut off, it would find something else."""
    text = given.text("filter")
    if len(text) > LONGEST_FILTER:
        message = f"filter has {len(text):,} characters; at most {LONGEST_FILTER} can be looked for."
        raise FhirError(400, "too-long", message, parameter="filter")
    count = len(re.findall(r"[A-Za-z0-9]+", text))
    if count > MOST_WORDS:
        message = f"filter has {count} words; at most {MOST_WORDS} can be looked for."
        raise FhirError(400, "too-long", message, parameter="filter")
    return text


def _contains(found: Expansion, day: date, chosen: list[Property], *, with_long: bool) -> dict[str, Any]:
    """FHIR knows no empty lists."""
    if not found.concepts:
        return {}
    return {"contains": [_contained(concept, day, chosen, with_long=with_long) for concept in found.concepts]}


def _contained(concept: Concept, day: date, chosen: list[Property], *, with_long: bool) -> dict[str, Any]:
    told: dict[str, Any] = {"system": SYSTEM, "code": concept.code, "display": concept.display}
    if not concept.valid_on(day):
        told["inactive"] = True
    if with_long and concept.long_description != concept.display:
        told["designation"] = [{"language": "en", "value": concept.long_description}]
    if chosen and (properties := property_elements(concept, day, chosen)):
        told["property"] = properties
    return told


def _echo(given: Given, known: Terminology, day: date) -> Iterator[dict[str, Any]]:
    """What the expansion depends on, the version that was used among it."""
    if known.current is not None:
        yield {"name": "used-codesystem", "valueUri": f"{SYSTEM}|{known.current.name}"}
        yield {"name": "version", "valueUri": f"{SYSTEM}|{known.current.name}"}
    yield {"name": "date", "valueDateTime": day.isoformat()}
    for name in ("filter", "displayLanguage"):
        if given.text(name):
            yield {"name": name, "valueString": given.text(name)}
    for name in ("offset", "count"):
        number = given.number(name, None)
        if number is not None:
            yield {"name": name, "valueInteger": number}
    for name in FLAGS:
        if given.has(name):
            yield {"name": name, "valueBoolean": given.flag(name)}


def _identifier(known: Terminology, given: Given) -> str:
    """The same for every page of one expansion."""
    asked = "|".join(f"{name}={','.join(given.texts(name))}" for name in sorted(given.values) if name not in _PAGING)
    told = f"{SYSTEM}|{known.fingerprint}|{given.day('date')}|{asked}"
    return uuid5(NAMESPACE_URL, told).urn


def _chosen(names: list[str]) -> list[Property]:
    if "*" in names:
        return list(PROPERTIES)
    for name in names:
        if name not in BY_CODE and name not in BY_URI:
            message = f"There is no property “{name[:60]}”. The properties are: {', '.join(BY_CODE)}."
            raise FhirError(400, "value", message, parameter="property")
    wanted = {(BY_CODE.get(name) or BY_URI[name]).code for name in names}
    return [each for each in PROPERTIES if each.code in wanted]


def _defined(each: Property) -> dict[str, str]:
    return {"code": each.code, "uri": each.uri or f"{SYSTEM}#{each.code}"}
