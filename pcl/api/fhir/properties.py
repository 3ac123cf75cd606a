"""What a concept says besides its code and its descriptions."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from hcpcs.indicators import has_meanings, meaning_of
from hcpcs.queries.terminology import Concept
from pcl.api.fhir.system import SYSTEM

_STANDARD = "http://hl7.org/fhir/concept-properties#"
# A cross reference may be a CPT or CDT code, which are not CMS's to give away.
_OURS = re.compile(r"[ABCEGHJ-V][0-9]{4}|[A-Z][A-Z0-9]")


@dataclass(frozen=True)
class Property:
    """A property of the code system. `values` are those of a concept as of a day, in FHIR's JSON."""

    code: str
    kind: str
    description: str
    values: Callable[[Concept, date], Iterable[Any]]
    uri: str | None = None
    # The field of the record layout whose values have meanings.
    field: str | None = None

    @property
    def key(self) -> str:
        return f"value{self.kind[0].upper()}{self.kind[1:]}"

    def definition(self) -> dict[str, str]:
        told = {"code": self.code, "description": self.description, "type": self.kind}
        return told | ({"uri": self.uri} if self.uri else {})

    def meaning(self, value: Any) -> str:
        """In words; "" where the value speaks for itself or is unknown to CMS's record layout."""
        return meaning_of(self.field, str(value)) if self.field and has_meanings(self.field) else ""


def status_of(concept: Concept, day: date) -> str:
    """`active`, `retired` or, for a code that is published but not yet usable, `draft`."""
    if concept.ended_on(day):
        return "retired"
    return "active" if concept.begun_on(day) else "draft"


def status_changed(concept: Concept, day: date) -> date | None:
    if concept.ended_on(day):
        return concept.first_day_after
    return concept.added if concept.begun_on(day) else None


def _field(code: str, field: str, description: str, *, kind: str = "string") -> Property:
    def values(concept: Concept, day: date) -> Iterator[Any]:
        value = getattr(concept, field)
        for each in value if isinstance(value, list) else [value]:
            if each not in {None, ""}:
                yield each.isoformat() if isinstance(each, date) else each

    return Property(code, kind, description, values, field=field)


def _one(value: date | None) -> list[str]:
    return [] if value is None else [value.isoformat()]


PROPERTIES = (
    Property(
        "status",
        "code",
        "active: can be used today. retired: its last day of use has passed. draft: published, not yet usable.",
        lambda concept, day: [status_of(concept, day)],
        uri=f"{_STANDARD}status",
    ),
    Property(
        "inactive",
        "boolean",
        "True unless the code can be used today.",
        lambda concept, day: [not concept.valid_on(day)],
        uri=f"{_STANDARD}inactive",
    ),
    Property(
        "effectiveDate",
        "dateTime",
        "The day on which the status last changed: the added date, or the day after the last day of use.",
        lambda concept, day: _one(status_changed(concept, day)),
        uri=f"{_STANDARD}effectiveDate",
    ),
    Property(
        "retirementDate",
        "dateTime",
        "The first day on which the code can no longer be used: the day after terminationDate.",
        lambda concept, _: _one(concept.first_day_after),
        uri=f"{_STANDARD}retirementDate",
    ),
    _field("kind", "kind", "code, or modifier."),
    _field("addedDate", "added", "The first day of use (record layout 269-276).", kind="dateTime"),
    _field("terminationDate", "terminated", "The last day of use, included (285-292).", kind="dateTime"),
    _field(
        "actionEffectiveDate",
        "action_effective",
        "The day on which CMS's latest change to the record took effect; it says nothing about validity (277-284).",
        kind="dateTime",
    ),
    _field("actionCode", "action_code", "What CMS's latest change was (293)."),
    _field("pricingIndicator", "pricing_indicators", "How Medicare Part B prices the code, up to four (120-127)."),
    _field("multiplePricing", "multiple_pricing_indicator", "Whether it can be priced in more than one way (128)."),
    _field("coverage", "coverage", "Coverage code (230); no decision on a claim."),
    _field("betos", "betos", "Berenson-Eggers Type Of Service (257-259)."),
    _field("tos", "types_of_service", "Type of service, up to five (261-265)."),
    Property(
        "xref",
        "code",
        "A code that CMS names beside this one (205-229); a hint, without a direction. CPT and CDT codes are left out.",
        lambda concept, _: [code for code in concept.cross_references if _OURS.fullmatch(code)],
    ),
    _field(
        "labCertification", "lab_certifications", "Laboratory specialties required to bill it, up to eight (181-204)."
    ),
    _field("cim", "cim_references", "Section of the former Coverage Issues Manual (129-146)."),
    _field("mcm", "mcm_references", "Section of the former Medicare Carriers Manual (147-170)."),
    _field("statute", "statute", "Section of the Social Security Act (171-180)."),
    _field("ascGroup", "asc_group", "Approved for ambulatory surgical centers (231-232)."),
    _field("ascEffectiveDate", "asc_effective", "Since when it is (233-240).", kind="dateTime"),
    _field("processingNote", "processing_note", "Number of a note in CMS's processing notes (253-256)."),
    _field("anesthesiaBaseUnits", "anesthesia_base_units", "Anesthesia base units (266-268).", kind="integer"),
)
BY_CODE = {each.code: each for each in PROPERTIES}
BY_URI = {each.uri or f"{SYSTEM}#{each.code}": each for each in PROPERTIES}


def concept_properties(
    concept: Concept, day: date, chosen: Iterable[Property] = PROPERTIES
) -> Iterator[tuple[Property, Any]]:
    for each in chosen:
        for value in each.values(concept, day):
            yield each, value


def property_elements(concept: Concept, day: date, chosen: Iterable[Property] = PROPERTIES) -> list[dict[str, Any]]:
    """As in CodeSystem.concept.property, and in ValueSet.expansion.contains.property of R5."""
    return [{"code": each.code, each.key: value} for each, value in concept_properties(concept, day, chosen)]
