"""Addresses of other people's design: NLM's Clinical Tables service, and FHIR."""

from django.urls import include, path

from pcl.api.clinical_tables import ClinicalTables
from pcl.api.fhir.version import R4, R5

urlpatterns = [
    path("api/hcpcs/v3/search", ClinicalTables.as_view(), name="clinical_tables"),
    path("fhir/r4/", include("pcl.api.fhir.urls", namespace="fhir_r4"), {"version": R4}),
    path("fhir/", include("pcl.api.fhir.urls", namespace="fhir"), {"version": R5}),
]
