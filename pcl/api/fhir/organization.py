"""Organization: who makes or distributes what is listed, under all names. FHIR R5."""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from rest_framework.request import Request

from pcl.api.fhir.device_definition import R5View
from pcl.api.fhir.outcome import FhirError
from pcl.api.fhir.searchset import PAGING, ids_in, number_of, searchset
from pcl.api.fhir.view import resource_answer
from pcl.models import Organization as Kept
from pcl.queries.devices import BY_NUMBER
from pcl.queries.organizations import search_organizations
from pcl.queries.parameters import text_in

SEARCHED = ("_id", "name")


class Organizations(R5View):
    parameters = (*SEARCHED, *PAGING)

    def get(self, request: Request) -> HttpResponse:
        found = search_organizations()
        if (numbers := ids_in(request.GET, "_id", kind="Organization", base=self.base())) is not None:
            found = found.filter(pk__in=numbers)
        if name := text_in(request.GET, "name", longest=300):
            other = Kept.objects.filter(names__name__istartswith=name)
            found = found.filter(Q(name__istartswith=name) | Q(pk__in=other))
        base = self.base()

        def resources(page: QuerySet[Kept]) -> list[tuple[int, dict[str, Any]]]:
            return [(each.pk, organization_resource(each, site=base.removesuffix(self.version.root))) for each in page]

        return searchset(request, found, order=BY_NUMBER, resources=resources, base=base)


class Organization(R5View):
    def get(self, request: Request, number: str) -> HttpResponse:
        found = search_organizations().filter(pk=number_of(number)).first()
        if found is None:
            raise FhirError(404, "not-found", f"There is no Organization/{number[:40]}.")
        return resource_answer(organization_resource(found, site=self.base().removesuffix(self.version.root)))


def organization_resource(organization: Kept, *, site: str) -> dict[str, Any]:
    """One that was merged into another is not active, and part of that one."""
    told: dict[str, Any] = {
        "resourceType": "Organization",
        "id": str(organization.pk),
        "identifier": [{"system": f"{site}/organizations", "value": organization.slug}],
        "active": organization.merged_into_id is None,
        "name": organization.name,
    }
    others = dict.fromkeys(each.name for each in organization.names.all() if each.name != organization.name)
    if others:
        told["alias"] = list(others)
    if organization.merged_into is not None:
        told["partOf"] = {
            "reference": f"Organization/{organization.merged_into.pk}",
            "display": organization.merged_into.name,
        }
    return told
