"""HCPCS codes and modifiers, with every field of CMS's record layout and what each indicator stands for."""

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from hcpcs.models import Code as Meaning
from hcpcs.queries.codes import search_codes
from pcl.api.lists import keyset_answer
from pcl.api.read_view import ReadView, site_of
from pcl.api.schema import documented
from pcl.api.serializers import CodeDetailSerializer, CodeSerializer
from pcl.queries.codes import BY_CODE, code_on, code_row
from pcl.queries.keyset import Row
from pcl.queries.listing_filter import STATUSES
from pcl.queries.parameters import choice_in, day_in, text_in


@documented(
    CodeSerializer(many=True),
    "Codes and modifiers that match",
    "`q` is the beginning of a code, or words of the description; `status` is reckoned on `on`.",
)
class Codes(ReadView):
    parameters = ("q", "status", "on", "limit", "cursor")

    def get(self, request: Request) -> Response:
        on = day_in(request.GET, "on", default=timezone.localdate())
        status: Any = choice_in(request.GET, "status", [key for key, _ in STATUSES], default="current")
        found = search_codes(q=text_in(request.GET, "q"), on=on, status=status)
        site = site_of(request)

        def rows(codes: QuerySet[Meaning]) -> list[Row]:
            return [code_row(code, on=on, site=site) | {"number": code.pk} for code in codes.defer("search")]

        return keyset_answer(request, found, order=BY_CODE, rows_of=rows)


@documented(
    CodeDetailSerializer,
    "One code or modifier",
    "The meaning that it has on date of service `on` (today in Eastern time); where it has none then, the last to have "
    "ended before. `other_meanings` is empty unless CMS used the code again.",
)
class Code(ReadView):
    parameters = ("on",)

    def get(self, request: Request, code: str) -> Response:
        on: date = day_in(request.GET, "on", default=timezone.localdate())
        found = code_on(code, on=on)
        if found is None:
            raise Http404(f"There is no code {code.upper()[:20]} in the catalogue.")
        others = [
            {
                "added": other.added,
                "terminated": other.terminated,
                "long_description": other.long_description,
            }
            for other in found.others
        ]
        return Response(code_row(found.meaning, on=on, site=site_of(request)) | {"other_meanings": others})
