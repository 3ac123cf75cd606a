"""One set of addresses for both versions of FHIR; which one it is comes from where they are mounted."""

from django.urls import path, re_path

from pcl.api.fhir.capabilities import Metadata
from pcl.api.fhir.code_system import CodeSystem, CodeSystems
from pcl.api.fhir.device_definition import DeviceDefinition, DeviceDefinitionFile, DeviceDefinitions
from pcl.api.fhir.lookup import Lookup
from pcl.api.fhir.organization import Organization, Organizations
from pcl.api.fhir.validate_code import ValidateCode, ValidateCodeInValueSet
from pcl.api.fhir.value_set import Expand, ValueSet, ValueSets
from pcl.api.fhir.view import Elsewhere

app_name = "fhir"
INSTANCE = {"on_instance": True}
urlpatterns = [
    path("metadata", Metadata.as_view(), name="metadata"),
    path("CodeSystem", CodeSystems.as_view(), name="code_systems"),
    path("CodeSystem/hcpcs", CodeSystem.as_view(), name="code_system"),
    path("CodeSystem/$lookup", Lookup.as_view(), name="lookup"),
    path("CodeSystem/hcpcs/$lookup", Lookup.as_view(), INSTANCE, name="lookup_in_hcpcs"),
    path("CodeSystem/$validate-code", ValidateCode.as_view(), name="validate_code"),
    path("CodeSystem/hcpcs/$validate-code", ValidateCode.as_view(), INSTANCE, name="validate_code_in_hcpcs"),
    path("ValueSet", ValueSets.as_view(), name="value_sets"),
    path("ValueSet/hcpcs", ValueSet.as_view(), name="value_set"),
    path("ValueSet/$expand", Expand.as_view(), name="expand"),
    path("ValueSet/hcpcs/$expand", Expand.as_view(), INSTANCE, name="expand_hcpcs"),
    path("ValueSet/$validate-code", ValidateCodeInValueSet.as_view(), name="validate_in_value_set"),
    path("ValueSet/hcpcs/$validate-code", ValidateCodeInValueSet.as_view(), INSTANCE, name="validate_in_hcpcs"),
    path("DeviceDefinition", DeviceDefinitions.as_view(), name="device_definitions"),
    path("DeviceDefinition.ndjson", DeviceDefinitionFile.as_view(), name="device_definition_file"),
    path("DeviceDefinition/<str:number>", DeviceDefinition.as_view(), name="device_definition"),
    path("Organization", Organizations.as_view(), name="organizations"),
    path("Organization/<str:number>", Organization.as_view(), name="organization"),
    re_path(r"^(?P<path>.*)$", Elsewhere.as_view(), name="elsewhere"),
]
