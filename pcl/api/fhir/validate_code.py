"""CodeSystem/$validate-code and ValueSet/$validate-code: may the code be used on a day, and is it called that?"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from hcpcs.queries.terminology import Concept, Terminology, Version, terminology
from pcl.api.fhir.operation import (
    DATE,
    FLAG,
    NOTHING_TO_CHOOSE,
    TEXT,
    Asked,
    Operation,
    coding_in,
    entry,
    found_concept,
    parameters_resource,
)
from pcl.api.fhir.outcome import FhirError, issue, operation_outcome
from pcl.api.fhir.parameters import Given, Parameter, Parameters
from pcl.api.fhir.system import SYSTEM, is_hcpcs, required_system, required_value_set, split_canonical, version_asked

ONE_OF = ("code", "coding", "codeableConcept")
_COMMON: Parameters = {
    "code": TEXT,
    "display": TEXT,
    "coding": Parameter("Coding"),
    "codeableConcept": Parameter("CodeableConcept"),
    "date": DATE,
    **NOTHING_TO_CHOOSE,
}


@dataclass(frozen=True)
class Verdict:
    """`complaints` are FHIR issue type, sentence and place; none means that the code is valid."""

    asked: Asked
    concept: Concept | None
    complaints: list[tuple[str, str, str]]
    version: Version | None


class ValidateCode(Operation):
    in_parameters = {"url": TEXT, "system": TEXT, "version": TEXT, **_COMMON}

    def answer(self, given: Given, *, on_instance: bool) -> dict[str, Any]:
        codings = _codings(given)
        day = given.day("date")
        known = terminology()
        named = given.text("url") or given.text("system") or (SYSTEM if on_instance else "")
        # A coding carries its system with it.
        by_url = required_system(named, parameter="url") if named or given.has("code") else ""
        verdicts = [
            _verdict(asked, given.text("version") or by_url, day, known, must_match=bool(named)) for asked in codings
        ]
        return self.told(given, verdicts, known)

    def told(self, given: Given, verdicts: list[Verdict], known: Terminology) -> dict[str, Any]:
        """A CodeableConcept is valid where one of its codings is."""
        best = next((verdict for verdict in verdicts if not verdict.complaints), verdicts[0])
        return parameters_resource(self._entries(given, best, known))

    def _entries(self, given: Given, verdict: Verdict, known: Terminology) -> Iterator[dict[str, Any]]:
        yield entry("result", "boolean", not verdict.complaints)
        if verdict.complaints:
            yield entry("message", "string", " ".join(sentence for _, sentence, _ in verdict.complaints))
        if verdict.concept is not None:
            yield entry("display", "string", verdict.concept.display)
        if not self.version.is_r5:
            return
        version = verdict.version or known.current
        yield entry("code", "code", verdict.asked.code)
        yield entry("system", "uri", verdict.asked.system or SYSTEM)
        if version is not None:
            yield entry("version", "string", version.name)
        concept = given.element("codeableConcept")
        if concept is not None:
            yield entry("codeableConcept", "codeableConcept", concept)
        if verdict.complaints:
            issues = [issue(code, sentence, expression=place) for code, sentence, place in verdict.complaints]
            yield {"name": "issues", "resource": operation_outcome(*issues)}


class ValidateCodeInValueSet(ValidateCode):
    """The value set of all codes: what is in the code system is in it."""

    in_parameters = {
        "url": TEXT,
        "valueSetVersion": TEXT,
        "system": TEXT,
        "systemVersion": TEXT,
        "inferSystem": FLAG,
        **_COMMON,
    }

    def answer(self, given: Given, *, on_instance: bool) -> dict[str, Any]:
        pinned = "" if on_instance else required_value_set(given.text("url"), base=self.base())
        codings = _codings(given)
        day = given.day("date")
        known = terminology()
        wanted = given.text("systemVersion") or given.text("valueSetVersion") or pinned
        system = given.text("system", SYSTEM if given.flag("inferSystem") else "")
        if given.has("code") and not system:
            message = f"system is missing: {SYSTEM}. Or give inferSystem=true."
            raise FhirError(400, "required", message, parameter="system")
        if given.has("code"):
            codings = [Asked(each.code, system, each.version, each.display, each.place) for each in codings]
        return self.told(given, [_verdict(each, wanted, day, known, must_match=False) for each in codings], known)


def _codings(given: Given) -> list[Asked]:
    named = [name for name in ONE_OF if given.has(name)]
    if len(named) != 1:
        code = "invalid" if named else "required"
        raise FhirError(400, code, f"Give exactly one of {', '.join(ONE_OF)}.", parameter=(named or ["code"])[-1])
    if given.has("display") and named != ["code"]:
        raise FhirError(400, "invalid", "display goes with code; a coding has its own.", parameter="display")
    if named == ["code"]:
        if not given.text("code"):
            raise FhirError(400, "required", "code has no value.", parameter="code")
        return [Asked(given.text("code"), "", "", given.text("display"), "code")]
    if named == ["coding"]:
        return [coding_in(given.element("coding") or {}, "coding")]
    codings = (given.element("codeableConcept") or {}).get("coding")
    if not isinstance(codings, list) or not codings or not all(isinstance(each, dict) for each in codings):
        raise FhirError(400, "required", "codeableConcept has no coding.", parameter="codeableConcept.coding")
    return [coding_in(each, f"codeableConcept.coding[{index}]") for index, each in enumerate(codings[:20])]


def _verdict(asked: Asked, wanted: str, day: date, known: Terminology, *, must_match: bool) -> Verdict:
    url, pinned = split_canonical(asked.system)
    if (url and not is_hcpcs(url)) or (not url and asked.place != "code" and not must_match):
        of = f"“{url[:120]}”" if url else "no code system"
        return Verdict(
            asked, None, [("not-found", f"{asked.code[:40]} is of {of}, which is not here.", asked.place)], None
        )
    version = version_asked(known, asked.version or pinned or wanted)
    concept = found_concept(asked, day=day, version=version, known=known)
    if concept is None:
        return Verdict(asked, None, [("code-invalid", _unknown(asked, day, version, known), asked.place)], version)
    complaints = [*_out_of_use(concept, day, asked.place), *_misnamed(concept, asked)]
    return Verdict(asked, concept, complaints, version)


def _unknown(asked: Asked, day: date, version: Version | None, known: Terminology) -> str:
    message = f"There is no code “{asked.code[:40]}” in HCPCS Level II"
    message += "." if version is None else f", version {version.name}."
    capitals = Asked(asked.code.upper(), "", "", "", "")
    if capitals.code != asked.code and found_concept(capitals, day=day, version=version, known=known):
        message += f" Codes are written in capitals: {capitals.code}."
    return message


def _out_of_use(concept: Concept, day: date, place: str) -> Iterator[tuple[str, str, str]]:
    if concept.ended_on(day):
        yield (
            "business-rule",
            f"{concept.code} cannot be used on {day}: its last day of use was {concept.terminated}.",
            place,
        )
    elif not concept.begun_on(day):
        yield (
            "business-rule",
            f"{concept.code} cannot be used on {day}: its first day of use is {concept.added}.",
            place,
        )


def _misnamed(concept: Concept, asked: Asked) -> Iterator[tuple[str, str, str]]:
    right = {_folded(concept.short_description), _folded(concept.long_description)}
    if asked.display and _folded(asked.display) not in right:
        place = "display" if asked.place == "code" else f"{asked.place}.display"
        message = f"{concept.code} is not called “{asked.display[:120]}” but “{concept.display}”."
        yield "invalid", message, place


def _folded(text: str) -> str:
    """Neither capitals nor the number of blanks make another description."""
    return " ".join(text.lower().split())
