"""What listings refer to: requirements, organizations, publications."""

from typing import Any

from django.db.models import QuerySet
from rest_framework.request import Request
from rest_framework.response import Response

from pcl.api.lists import keyset_answer
from pcl.api.read_view import ReadView, site_of
from pcl.api.schema import documented
from pcl.api.serializers import OrganizationSerializer, PublicationSerializer, RequirementSerializer
from pcl.models import PublicationStatus, Requirement
from pcl.queries import organizations, publications, requirements
from pcl.queries.keyset import Row
from pcl.queries.parameters import BadParameter, text_in
from pcl.queries.publication_filter import PublicationFilter
from pcl.queries.requirement_filter import RequirementFilter


@documented(
    RequirementSerializer(many=True),
    "Codes for which only listed products may be billed",
    "As of date of service `on` (today in Eastern time), as this register stood at `as_published`. Where no source "
    "names the first date of service, `in_force_from` is null: the requirement is then taken to apply to earlier days, "
    "too, and `presumed` is true for those before the list that names the code.",
)
class Requirements(ReadView):
    parameters = ("q", "code", "group", "on", "as_published", "limit", "cursor")
    meanings = {
        "q": {"description": "Words of the code's description or of its group, or the beginning of a code."},
        "group": {"description": "A product group, such as `knee-orthoses`."},
    }

    def get(self, request: Request) -> Response:
        asked = RequirementFilter(request.GET, Requirement.objects.all())
        for name, messages in asked.errors.items():
            raise BadParameter(name, " ".join(str(message) for message in messages))

        def rows(found: QuerySet[Any]) -> list[Row]:
            return requirements.requirement_rows(found, on=asked.day, site=site_of(request))

        return keyset_answer(request, asked.qs, order=requirements.BY_GROUP, rows_of=rows)


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
    parameters = ("status", "code", "limit", "cursor")
    meanings = {
        "status": {"description": "Any when left out.", "enum": PublicationStatus.values, "default": None},
        "code": {"description": "A HCPCS code that the publication is about."},
    }

    def get(self, request: Request) -> Response:
        asked = PublicationFilter(request.GET, publications.publications())
        for name, messages in asked.errors.items():
            raise BadParameter(name, " ".join(str(message) for message in messages))

        def rows(found: QuerySet[Any]) -> list[Row]:
            return publications.publication_rows(found, site=site_of(request))

        return keyset_answer(request, asked.qs, order=publications.NEWEST_FIRST, rows_of=rows)
