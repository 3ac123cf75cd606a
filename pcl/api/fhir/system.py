"""How HCPCS Level II is called in FHIR, and which of its versions is meant."""

from typing import Any

from hcpcs.queries.terminology import Terminology, Version
from pcl.api.fhir.outcome import FhirError

SYSTEM = "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"
OID = "urn:oid:2.16.840.1.113883.6.285"
# Profiles in use write all three (CARIN BB 2.2.0 has https, older US Core the OID); HL7 Terminology has the first.
SYSTEMS = (SYSTEM, SYSTEM.replace("http://", "https://"), OID)
NAME = "HCPCSLevelII"
TITLE = "Healthcare Common Procedure Coding System (HCPCS) Level II"
PUBLISHER = "Centers for Medicare & Medicaid Services"
ALL_CODES = f"{SYSTEM}?fhir_vs"
# HL7 Terminology's value set of all HCPCS Level II codes.
HL7_ALL_CODES = "http://terminology.hl7.org/ValueSet/v3-HealthCareCommonProcedureCodingSystem"
IDENTIFIER = {"system": "urn:ietf:rfc:3986", "value": OID}
LISTED_IS_NOT_COVERED = (
    "That a code exists, or is valid on a day, does not say that Medicare covers or pays for the item."
)


def is_hcpcs(system: str) -> bool:
    return system in SYSTEMS


def split_canonical(canonical: str) -> tuple[str, str]:
    """`url|version` -> url, version; the version is "" where there is none."""
    url, _, version = canonical.partition("|")
    return url, version


def required_system(system: str, *, parameter: str) -> str:
    """The version that is pinned to a system's address, "" for none. Raises FhirError for another system."""
    url, version = split_canonical(system)
    if not url:
        raise FhirError(400, "required", f"{parameter} is missing: {SYSTEM}.", parameter=parameter)
    if not is_hcpcs(url):
        message = f"The code system “{url[:120]}” is not here. Only HCPCS Level II is: {SYSTEM}."
        raise FhirError(404, "not-found", message, parameter=parameter)
    return version


def required_value_set(url: str, *, base: str) -> str:
    """The version that is pinned to the value set of all codes, "" for none. Raises FhirError for another value set."""
    address, version = split_canonical(url)
    if not address:
        raise FhirError(400, "required", f"url is missing: the value set, such as {ALL_CODES}.", parameter="url")
    if address not in {HL7_ALL_CODES, f"{base}/ValueSet/hcpcs", *(f"{system}?fhir_vs" for system in SYSTEMS)}:
        message = f"The value set “{address[:120]}” is not here. The one with all HCPCS codes is {ALL_CODES}."
        raise FhirError(404, "not-found", message, parameter="url")
    return "" if address == HL7_ALL_CODES else version


def version_asked(known: Terminology, name: str, *, parameter: str = "version") -> Version | None:
    """The loaded release that is meant, None for the newest. Raises FhirError for one that is not loaded."""
    if not name:
        return None
    version = known.version(name)
    if version is None:
        listed = ", ".join(each.name for each in known.versions) or "none"
        message = f"Version “{name[:40]}” of HCPCS Level II is not loaded. Loaded: {listed}."
        raise FhirError(404, "not-found", message, parameter=parameter)
    return version


def current_only(known: Terminology, name: str, *, parameter: str) -> None:
    """Raises FhirError for a version other than the newest, where only that is offered."""
    version = version_asked(known, name, parameter=parameter)
    if version is not None and version is not known.current:
        assert known.current is not None  # noqa: S101  # it has a version
        message = f"Only the newest version, {known.current.name}, is offered here; give a date to go back in time."
        raise FhirError(400, "not-supported", message, parameter=parameter)


def version_element(known: Terminology) -> dict[str, Any]:
    """`{"version": …}`, or nothing where no release is loaded."""
    return {} if known.current is None else {"version": known.current.name}
