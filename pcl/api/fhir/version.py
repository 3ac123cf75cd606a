"""The two versions of FHIR that are spoken, and in what they differ."""

from dataclasses import dataclass


@dataclass(frozen=True)
class FhirVersion:
    name: str
    number: str
    """CapabilityStatement.fhirVersion"""
    root: str
    """Below which path the version is mounted."""

    @property
    def is_r5(self) -> bool:
        return self.name == "R5"


R5 = FhirVersion("R5", "5.0.0", "/fhir")
R4 = FhirVersion("R4", "4.0.1", "/fhir/r4")
