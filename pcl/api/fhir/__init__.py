"""FHIR terminology endpoints: R5 at /fhir/, R4 at /fhir/r4/ where the two have the same."""
