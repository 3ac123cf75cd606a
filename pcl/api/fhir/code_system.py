"""CodeSystem/hcpcs: the whole of HCPCS Level II as one resource, and the search that finds it."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from rest_framework.request import Request

from hcpcs.queries.terminology import Concept, Terminology, all_concepts, count_concepts, terminology
from pcl.api.fhir.properties import PROPERTIES, property_elements
from pcl.api.fhir.system import (
    ALL_CODES,
    IDENTIFIER,
    LISTED_IS_NOT_COVERED,
    NAME,
    OID,
    PUBLISHER,
    SYSTEM,
    TITLE,
    is_hcpcs,
    split_canonical,
    version_element,
)
from pcl.api.fhir.view import MEDIA_TYPE, FhirView, as_json
from pcl.queries.parameters import choice_in, text_in

CONCEPTS_PER_PIECE = 200
SUBSETTED = {"system": "http://terminology.hl7.org/CodeSystem/v3-ObservationValue", "code": "SUBSETTED"}


class CodeSystem(FhirView):
    """Of the newest loaded release, with the status that each code has today."""

    parameters = ("_summary",)

    def get(self, request: Request) -> HttpResponseBase:
        known, today = terminology(), timezone.localdate()
        summary = choice_in(request.GET, "_summary", ("true", "false"), default="false") == "true"
        return conditional(request, known, today, lambda: streamed(code_system(known, today, summary=summary)))


class CodeSystems(FhirView):
    """The search for code systems; the only one here is HCPCS Level II."""

    parameters = ("url", "version", "identifier", "name", "status", "_id", "_summary")

    def get(self, request: Request) -> HttpResponseBase:
        known, today = terminology(), timezone.localdate()
        summary = choice_in(request.GET, "_summary", ("true", "false", "count"), default="false")
        matches = _matches(request, known)
        address = f"{self.base()}/CodeSystem/hcpcs"
        asked = request.build_absolute_uri()

        def answer() -> Iterator[bytes]:
            if not matches or summary == "count":
                return iter([as_json(bundle(asked, total=int(matches)))])
            resource = code_system(known, today, summary=summary == "true")
            opening = as_json(bundle(asked, total=1))[:-1]
            return _wrapped(opening + b',"entry":[{"fullUrl":' + as_json(address) + b',"resource":', resource)

        return conditional(request, known, today, lambda: streamed(answer()))


def bundle(asked: str, *, total: int) -> dict[str, Any]:
    """A searchset without its entries."""
    link = [{"relation": "self", "url": asked}]
    return {"resourceType": "Bundle", "type": "searchset", "total": total, "link": link}


def conditional(request: Request, known: Terminology, today: date, answer: Any) -> HttpResponseBase:
    """`answer()`, or 304 where the asker has it: it changes with every import, and with the day."""
    etag = f'W/"{known.fingerprint}-{today:%Y%m%d}"'
    asked: HttpRequest = request._request  # noqa: SLF001
    unchanged = get_conditional_response(asked, etag=etag)
    response: HttpResponseBase = unchanged if unchanged is not None else answer()
    response["ETag"] = etag
    response["Cache-Control"] = "no-cache"
    if known.last_updated is not None:
        response["Last-Modified"] = http_date(known.last_updated.timestamp())
    return response


def streamed(pieces: Iterator[bytes]) -> StreamingHttpResponse:
    return StreamingHttpResponse(pieces, content_type=f"{MEDIA_TYPE}; charset=utf-8")


def code_system(known: Terminology, today: date, *, summary: bool) -> Iterator[bytes]:
    """The resource in pieces. All queries are done when this returns: one that fails is an error and not a stump."""
    concepts = [] if summary else all_concepts(today)
    count = count_concepts(today) if summary else len(concepts)
    opening = as_json(_header(known, count, summary=summary))
    return _pieces(opening, concepts, today)


def _header(known: Terminology, count: int, *, summary: bool) -> dict[str, Any]:
    meta: dict[str, Any] = {}
    dated: dict[str, Any] = {}
    if known.last_updated is not None and known.current is not None:
        meta["lastUpdated"] = known.last_updated.isoformat(timespec="milliseconds")
        dated["date"] = known.current.release.in_force_from.isoformat()
    if summary:
        meta["tag"] = [SUBSETTED]
    return {
        "resourceType": "CodeSystem",
        "id": "hcpcs",
        **({"meta": meta} if meta else {}),
        "url": SYSTEM,
        "identifier": [IDENTIFIER],
        **version_element(known),
        "name": NAME,
        "title": TITLE,
        "status": "active",
        "experimental": False,
        **dated,
        "publisher": PUBLISHER,
        "description": (
            "Codes and modifiers of HCPCS Level II as CMS published them, with those that have ended. "
            f"{LISTED_IS_NOT_COVERED} CPT and CDT codes are not part of it."
        ),
        "jurisdiction": [{"coding": [{"system": "urn:iso:std:iso:3166", "code": "US"}]}],
        "caseSensitive": True,
        "valueSet": ALL_CODES,
        "compositional": False,
        "versionNeeded": False,
        # An excerpt says nothing about what it leaves out.
        "content": "complete" if known.is_complete else "fragment",
        "count": count,
        "property": [each.definition() for each in PROPERTIES],
    }


def _pieces(opening: bytes, concepts: list[Concept], today: date) -> Iterator[bytes]:
    if not concepts:
        yield opening
        return
    yield opening[:-1] + b',"concept":['
    for start in range(0, len(concepts), CONCEPTS_PER_PIECE):
        piece = [concept_element(concept, today) for concept in concepts[start : start + CONCEPTS_PER_PIECE]]
        yield (b"," if start else b"") + as_json(piece)[1:-1]
    yield b"]}"


def concept_element(concept: Concept, today: date) -> dict[str, Any]:
    return {
        "code": concept.code,
        "display": concept.display,
        "definition": concept.long_description,
        "property": property_elements(concept, today),
    }


def _wrapped(opening: bytes, resource: Iterator[bytes]) -> Iterator[bytes]:
    yield opening
    yield from resource
    yield b',"search":{"mode":"match"}}]}'


def _matches(request: Request, known: Terminology) -> bool:
    given = {name: text_in(request.GET, name) for name in CodeSystems.parameters if name in request.GET}
    if "_summary" in given:
        given.pop("_summary")
    url, pinned = split_canonical(given.get("url", SYSTEM))
    version = given.get("version", pinned)
    # A token is `system|value` or the value alone.
    identifier = given.get("identifier", OID).removeprefix(f"{IDENTIFIER['system']}|")
    return (
        is_hcpcs(url)
        and (not version or (known.current is not None and known.current.is_called(version)))
        and identifier == OID
        and NAME.lower().startswith(given.get("name", "").lower())
        and given.get("status", "active") == "active"
        and given.get("_id", "hcpcs") == "hcpcs"
    )
