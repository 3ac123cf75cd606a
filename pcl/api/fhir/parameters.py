"""The parameters of an operation: from the address, or from a Parameters resource that is posted."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from rest_framework.request import Request

from pcl.api.fhir.outcome import FhirError
from pcl.api.fhir.view import GENERAL
from pcl.queries.parameters import day_from

LARGEST_BODY = 64 * 1024
LONGEST_TEXT = 2000
LARGEST_NUMBER = 2**31 - 1
BODY_TYPES = {"application/fhir+json", "application/json"}
# Types of FHIR that only a body can carry.
COMPLEX = {"Coding", "CodeableConcept"}


@dataclass(frozen=True)
class Parameter:
    """`kind` is the FHIR type; "date" takes a FHIR date or dateTime."""

    kind: str
    repeats: bool = False


Parameters = Mapping[str, Parameter]


@dataclass
class Given:
    """What was given, by name; a value has been checked when it is read."""

    known: Parameters
    values: dict[str, list[Any]] = field(default_factory=dict)

    def add(self, name: str, value: Any) -> None:
        values = self.values.setdefault(name, [])
        if values and not self.known[name].repeats:
            raise FhirError(400, "value", f"{name} is given more than once. Give it once.", parameter=name)
        values.append(value)

    def has(self, name: str) -> bool:
        return name in self.values

    def text(self, name: str, default: str = "") -> str:
        return str(self.values[name][0]) if name in self.values else default

    def texts(self, name: str) -> list[str]:
        return [str(value) for value in self.values.get(name, [])]

    def element(self, name: str) -> dict[str, Any] | None:
        return self.values[name][0] if name in self.values else None

    def flag(self, name: str) -> bool:
        text = self.text(name, "false")
        if text not in {"true", "false"}:
            raise FhirError(400, "value", f"{name} is “{text[:30]}”; it must be true or false.", parameter=name)
        return text == "true"

    def number(self, name: str, default: int | None) -> int | None:
        if name not in self.values:
            return default
        text = self.text(name)
        if (
            not (text.isascii() and text.isdigit())
            or len(text) > len(str(LARGEST_NUMBER))
            or int(text) > LARGEST_NUMBER
        ):
            raise FhirError(400, "value", f"{name} is “{text[:30]}”; give a whole number, 0 or more.", parameter=name)
        return int(text)

    def day(self, name: str) -> date:
        """The day of a date or dateTime, an instant being told in the contractor's time; today when none is given."""
        if name not in self.values:
            return timezone.localdate()
        text = self.text(name)
        try:
            instant = parse_datetime(text) if "T" in text else None
            if instant is not None:
                return timezone.localdate(instant) if timezone.is_aware(instant) else instant.date()
            return day_from(text)
        except (ValidationError, ValueError) as error:
            message = error.messages[0] if isinstance(error, ValidationError) else f"“{text[:30]}” is no date."
            raise FhirError(400, "value", f"{name}: {message}", parameter=name) from error


def parameters_in(request: Request, known: Parameters) -> Given:
    """Of the address and, for POST, of the body. Raises FhirError for what is unknown, repeated or of a wrong type."""
    given = Given(known)
    for name, values in request.GET.lists():
        if name in GENERAL:
            continue
        kind = _known(name, known).kind
        if kind in COMPLEX:
            raise FhirError(400, "value", f"{name} is a {kind}; POST it in a Parameters resource.", parameter=name)
        for value in values:
            given.add(name, _checked_text(name, value))
    if request.method == "POST":
        for entry in _posted(request):
            _take(entry, given)
    return given


def _known(name: str, known: Parameters) -> Parameter:
    if name not in known:
        listed = ", ".join(sorted(known))
        raise FhirError(
            400, "not-supported", f"There is no parameter “{name[:60]}”. Known here: {listed}.", parameter=name[:60]
        )
    return known[name]


def _posted(request: Request) -> list[Any]:
    kind = (request.content_type or "").split(";")[0].strip().lower()
    if kind not in BODY_TYPES:
        raise FhirError(415, "not-supported", "POST a Parameters resource as application/fhir+json.")
    body = request.body
    if len(body) > LARGEST_BODY:
        raise FhirError(413, "too-long", f"The body has {len(body):,} bytes; at most {LARGEST_BODY:,} are read.")
    try:
        resource = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise FhirError(400, "structure", "The body is no JSON.") from error
    if not isinstance(resource, dict) or resource.get("resourceType") != "Parameters":
        raise FhirError(400, "structure", "The body is no Parameters resource.")
    entries = resource.get("parameter", [])
    if not isinstance(entries, list):
        raise FhirError(400, "structure", "Parameters.parameter is no list.", parameter="Parameters.parameter")
    return entries


def _take(entry: Any, given: Given) -> None:
    if not isinstance(entry, dict) or not isinstance(entry.get("name"), str):
        raise FhirError(400, "structure", "An entry of Parameters.parameter has no name.")
    name = entry["name"]
    parameter = _known(name, given.known)
    values = [value for key, value in entry.items() if key.startswith("value")]
    if len(values) != 1:
        raise FhirError(400, "structure", f"{name} must have one value[x].", parameter=name)
    value = values[0]
    if parameter.kind in COMPLEX:
        if not isinstance(value, dict):
            raise FhirError(400, "structure", f"{name} is no {parameter.kind}.", parameter=name)
        given.add(name, value)
    elif isinstance(value, bool):
        given.add(name, "true" if value else "false")
    elif isinstance(value, str | int):
        given.add(name, _checked_text(name, str(value)))
    else:
        raise FhirError(400, "structure", f"{name} is no {parameter.kind}.", parameter=name)


def _checked_text(name: str, text: str) -> str:
    if "\x00" in text:
        raise FhirError(400, "value", f"{name} holds a character that no text has (NUL).", parameter=name)
    if len(text) > LONGEST_TEXT:
        raise FhirError(400, "too-long", f"{name} has {len(text):,} characters.", parameter=name)
    return text.strip()


def element_text(element: Mapping[str, Any], key: str, *, parameter: str) -> str:
    """A text inside a Coding; "" where there is none."""
    value = element.get(key, "")
    if not isinstance(value, str):
        raise FhirError(400, "structure", f"{parameter}.{key} is no text.", parameter=f"{parameter}.{key}")
    return _checked_text(f"{parameter}.{key}", value)
