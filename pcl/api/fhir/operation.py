"""What the operations have in common: GET and POST, and the coding that is asked about."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from django.http import HttpResponse
from rest_framework.request import Request

from hcpcs.queries.terminology import Concept, Terminology, Version, concept_in, concept_on
from pcl.api.fhir.outcome import FhirError
from pcl.api.fhir.parameters import Given, Parameter, Parameters, element_text, parameters_in
from pcl.api.fhir.view import FhirView, resource_answer

TEXT = Parameter("string")
DATE = Parameter("date")
FLAG = Parameter("boolean")
# There is one language, there are no supplements and no abstract codes: accepted, and nothing changes.
NOTHING_TO_CHOOSE: Parameters = {"displayLanguage": TEXT, "abstract": FLAG}


@dataclass(frozen=True)
class Asked:
    """One code as somebody wrote it; "" for what was not said. `place` is where it stood, for messages."""

    code: str
    system: str
    version: str
    display: str
    place: str


class Operation(FhirView):
    """`in_parameters` are those of the operation; on the instance, the ones that name it are not needed."""

    http_method_names = ["get", "head", "post", "options"]
    parameters = None
    in_parameters: ClassVar[Parameters] = {}

    def get(self, request: Request, *, on_instance: bool = False) -> HttpResponse:
        given = parameters_in(request, self.known_parameters())
        return resource_answer(self.answer(given, on_instance=on_instance))

    post = get

    def known_parameters(self) -> Parameters:
        return self.in_parameters

    def answer(self, given: Given, *, on_instance: bool) -> dict[str, Any]:
        raise NotImplementedError


def coding_in(element: dict[str, Any], place: str) -> Asked:
    code = element_text(element, "code", parameter=place)
    if not code:
        raise FhirError(400, "required", f"{place}.code is missing.", parameter=f"{place}.code")
    return Asked(
        code=code,
        system=element_text(element, "system", parameter=place),
        version=element_text(element, "version", parameter=place),
        display=element_text(element, "display", parameter=place),
        place=place,
    )


def found_concept(asked: Asked, *, day: date, version: Version | None, known: Terminology) -> Concept | None:
    """In the version that is asked for; the newest one is the catalogue, which knows older meanings, too."""
    if not asked.code.isalnum() or not asked.code.isascii():
        return None
    if version is None or version == known.current:
        return concept_on(asked.code, day)
    return concept_in(asked.code, version.release)


def parameters_resource(entries: Iterable[dict[str, Any]]) -> dict[str, Any]:
    return {"resourceType": "Parameters", "parameter": list(entries)}


def entry(name: str, kind: str, value: Any) -> dict[str, Any]:
    """`kind` is the FHIR type, such as string."""
    return {"name": name, f"value{kind[0].upper()}{kind[1:]}": value}
