"""HCPCS codes and modifiers, with every field of CMS's record layout and what each indicator stands for."""

from datetime import date

from django.http import Http404
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from hcpcs.models import Kind
from hcpcs.queries.code_history import code_history
from pcl.api.lists import keyset_answer
from pcl.api.read_view import ReadView, list_answer, site_of
from pcl.api.schema import documented
from pcl.api.serializers import CodeDetailSerializer, CodeHistorySerializer, CodeSerializer
from pcl.queries.code_search import PARAMETERS, CodeSearch, code_search
from pcl.queries.codes import BY_CODE, MODIFIER_LENGTH, CodeOnDay, code_detail, code_on, code_rows
from pcl.queries.keyset import Page
from pcl.queries.parameters import day_in
from pcl.queries.releases import history_rows


def codes_answer(request: Request, search: CodeSearch) -> Response:
    rows = code_rows(on=search.on, site=site_of(request))
    return keyset_answer(request, search.found, order=BY_CODE, rows_of=rows)


def detail_answer(request: Request, found: CodeOnDay, *, on: date) -> Response:
    return Response(code_detail(found, on=on, site=site_of(request)))


@documented(
    CodeSerializer(many=True),
    "Codes and modifiers that match",
    "`q` is the beginning of a code, or words of the description; `status` is reckoned on `on`. Fields are as in the "
    "newest loaded release: ask for one code with `on` for what a release said on a day.",
)
class Codes(ReadView):
    parameters = (*PARAMETERS, "limit", "cursor")
    meanings = {"q": {"description": "The beginning of a code, or words of its descriptions; all must be found."}}

    def get(self, request: Request) -> Response:
        return codes_answer(request, code_search(request.GET))


@documented(
    CodeDetailSerializer,
    "One code or modifier",
    "The meaning that it has on date of service `on` (today in Eastern time); where it has none then, the last to have "
    "ended before. Its fields are what the release in force on that day said, or the nearest that is loaded: see "
    "`as_of`. `added`, `terminated` and `status` are by the newest loaded release, since an end that was announced "
    "later holds for earlier days, too. `other_meanings` is empty unless CMS used the code again.",
)
class Code(ReadView):
    parameters = ("on",)

    def get(self, request: Request, code: str) -> Response:
        on = day_in(request.GET, "on", default=timezone.localdate())
        found = code_on(code, on=on)
        if found is None:
            raise Http404(f"There is no code {code.upper()[:20]} in the catalogue.")
        return detail_answer(request, found, on=on)


@documented(
    CodeHistorySerializer(many=True),
    "What each loaded release changed in a code or modifier, newest first",
    "Only releases in which something changed. Each is compared with the loaded release before it that has the same "
    "meaning of the code.",
)
class CodeHistory(ReadView):
    def get(self, request: Request, code: str) -> Response:
        kind = Kind.MODIFIER if len(code.strip()) == MODIFIER_LENGTH else Kind.CODE
        found = code_history(code, kind=kind)
        if found is None:
            raise Http404(f"There is no code {code.upper()[:20]} in the catalogue.")
        rows = history_rows(found)
        return list_answer(request, Page(rows, None, None), count=len(rows), count_exact=True)
