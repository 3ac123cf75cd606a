"""HCPCS modifiers: the codes of two characters, by themselves."""

from django.http import Http404
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from hcpcs.queries.code_facets import MODIFIERS
from pcl.api.codes import codes_answer, detail_answer
from pcl.api.read_view import ReadView
from pcl.api.schema import documented
from pcl.api.serializers import CodeDetailSerializer, CodeSerializer
from pcl.queries.code_search import code_search
from pcl.queries.codes import MODIFIER_LENGTH, code_on
from pcl.queries.parameters import day_in


@documented(
    CodeSerializer(many=True),
    "Modifiers that match",
    "`q` is the beginning of a modifier, or words of the description; `status` is reckoned on `on`.",
)
class Modifiers(ReadView):
    parameters = ("q", "status", "on", "limit", "cursor")
    meanings = {"q": {"description": "The beginning of a modifier, or words of its descriptions; all must be found."}}

    def get(self, request: Request) -> Response:
        given = request.GET.copy()
        given["group"] = MODIFIERS
        return codes_answer(request, code_search(given))


@documented(CodeDetailSerializer, "One modifier", "As for one code: see `codes/{code}/`.")
class Modifier(ReadView):
    parameters = ("on",)

    def get(self, request: Request, modifier: str) -> Response:
        on = day_in(request.GET, "on", default=timezone.localdate())
        found = code_on(modifier, on=on) if len(modifier) == MODIFIER_LENGTH else None
        if found is None:
            raise Http404(f"There is no modifier {modifier.upper()[:20]} in the catalogue.")
        return detail_answer(request, found, on=on)
