"""CodeSystem/$lookup: everything about one code."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from hcpcs.queries.terminology import Concept, Terminology, Version, terminology
from pcl.api.fhir.operation import DATE, TEXT, Asked, Operation, coding_in, entry, found_concept, parameters_resource
from pcl.api.fhir.outcome import FhirError
from pcl.api.fhir.parameters import Given, Parameter
from pcl.api.fhir.properties import BY_CODE, PROPERTIES, Property, concept_properties
from pcl.api.fhir.system import SYSTEM, TITLE, required_system, version_asked

# Defined for all code systems: told in parameters of their own, or there is nothing to tell (no hierarchy).
ALWAYS = {"name", "version", "display", "url", "system", "code", "parent", "child"}
BESIDES = {"definition", "designation"}


class Lookup(Operation):
    in_parameters = {
        "code": TEXT,
        "system": TEXT,
        "version": TEXT,
        "coding": Parameter("Coding"),
        "date": DATE,
        "property": Parameter("code", repeats=True),
        "displayLanguage": TEXT,
    }

    def answer(self, given: Given, *, on_instance: bool) -> dict[str, Any]:
        asked = _asked(given, on_instance=on_instance)
        day = given.day("date")
        chosen = _chosen(given.texts("property"))
        pinned = required_system(asked.system, parameter="system")
        known = terminology()
        version = version_asked(known, asked.version or pinned)
        concept = found_concept(asked, day=day, version=version, known=known)
        if concept is None:
            message = f"There is no code “{asked.code[:40]}” in HCPCS Level II{_in(version)}."
            raise FhirError(404, "not-found", message, parameter=asked.place)
        named = set(given.texts("property"))
        return parameters_resource(
            self._told(concept, day, chosen, named=named, known=known, version=version or known.current)
        )

    def _told(
        self,
        concept: Concept,
        day: date,
        chosen: list[Property],
        *,
        named: set[str],
        known: Terminology,
        version: Version | None,
    ) -> Iterator[dict[str, Any]]:
        wants_all = not named or "*" in named
        yield entry("name", "string", TITLE)
        if version is not None:
            yield entry("version", "string", version.name)
        yield entry("display", "string", concept.display)
        if wants_all or "definition" in named:
            # R4's operation has no parameter of that name.
            yield (
                entry("definition", "string", concept.long_description)
                if self.version.is_r5
                else _property("definition", entry("value", "string", concept.long_description), "")
            )
        if (wants_all or "designation" in named) and concept.long_description != concept.display:
            yield {
                "name": "designation",
                "part": [entry("language", "code", "en"), entry("value", "string", concept.long_description)],
            }
        for each, value in concept_properties(concept, day, chosen):
            yield _property(each.code, {"name": "value", each.key: value}, each.meaning(value))


def _property(code: str, value: dict[str, Any], description: str) -> dict[str, Any]:
    parts = [entry("code", "code", code), value]
    if description:
        parts.append(entry("description", "string", description))
    return {"name": "property", "part": parts}


def _asked(given: Given, *, on_instance: bool) -> Asked:
    coding = given.element("coding")
    if coding is not None:
        if given.has("code"):
            raise FhirError(400, "invalid", "Give code and system, or coding, and not both.", parameter="coding")
        asked = coding_in(coding, "coding")
        return asked if asked.system or not on_instance else Asked(**{**vars(asked), "system": SYSTEM})
    code = given.text("code")
    if not code:
        raise FhirError(400, "required", "code is missing: the code to look up.", parameter="code")
    system = given.text("system", SYSTEM if on_instance else "")
    return Asked(code, system, given.text("version"), "", "code")


def _chosen(names: list[str]) -> list[Property]:
    if not names or "*" in names:
        return list(PROPERTIES)
    for name in names:
        if name not in BY_CODE and name not in ALWAYS | BESIDES and not name.startswith("lang."):
            listed = ", ".join([*sorted(BESIDES), *BY_CODE])
            message = f"There is no property “{name[:40]}”. The properties are: {listed}."
            raise FhirError(400, "value", message, parameter="property")
    return [BY_CODE[name] for name in BY_CODE if name in names]


def _in(version: Version | None) -> str:
    return "" if version is None else f", version {version.name}"
