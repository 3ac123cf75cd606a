"""What listings refer to: requirements, organizations, publications."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from pcl.api.lists import keyset_answer
from pcl.api.read_view import ReadView, site_of
from pcl.api.schema import documented
from pcl.api.serializers import OrganizationSerializer, PublicationSerializer, RequirementSerializer
from pcl.queries import organizations, publications, requirements
from pcl.queries.keyset import Row
from pcl.queries.parameters import day_in, text_in


@documented(
    RequirementSerializer(many=True),
    "Codes for which only listed products may be billed",
    "As of date of service `on` (today in Eastern time).",
)
class Requirements(ReadView):
    parameters = ("on", "limit", "cursor")

    def get(self, request: Request) -> Response:
        on = day_in(request.GET, "on", default=timezone.localdate())

        def rows(found: QuerySet[Any]) -> list[Row]:
            return requirements.requirement_rows(found, site=site_of(request))

        return keyset_answer(request, requirements.requirements_on(on), order=requirements.BY_CODE, rows_of=rows)


@documented(
    OrganizationSerializer(many=True),
    "Manufacturers and distributors",
    "Each word of `q` must be a part of a name, today's or another.",
)
class Organizations(ReadView):
    parameters = ("q", "limit", "cursor")

    def get(self, request: Request) -> Response:
        def rows(found: QuerySet[Any]) -> list[Row]:
            return organizations.organization_rows(found, site=site_of(request))

        found = organizations.search_organizations(text_in(request.GET, "q"))
        return keyset_answer(request, found, order=organizations.BY_NAME, rows_of=rows)


@documented(PublicationSerializer(many=True), "Publications, newest first")
class Publications(ReadView):
    parameters = ("limit", "cursor")

    def get(self, request: Request) -> Response:
        def rows(found: QuerySet[Any]) -> list[Row]:
            return publications.publication_rows(found, site=site_of(request))

        return keyset_answer(request, publications.publications(), order=publications.NEWEST_FIRST, rows_of=rows)
