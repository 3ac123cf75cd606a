"""The releases that the catalogue is made of, and what each changed."""

from django.http import Http404
from rest_framework.request import Request
from rest_framework.response import Response

from pcl.api.lists import keyset_answer
from pcl.api.read_view import ReadView, list_answer, site_of
from pcl.api.schema import documented
from pcl.api.serializers import ReleaseChangeSerializer, ReleaseSerializer
from pcl.queries.codes import BY_CODE
from pcl.queries.keyset import Page
from pcl.queries.releases import (
    ShownRelease,
    asked_changes,
    release_row,
    shown_release,
    shown_releases,
    told_changes,
)


def the_release(release_id: int) -> ShownRelease:
    shown = shown_release(release_id)
    if shown is None:
        raise Http404(f"No release with the number {release_id} is loaded.")
    return shown


@documented(
    ReleaseSerializer(many=True),
    "Loaded releases of HCPCS Level II, newest first",
    "`changes` counts records of each kind, relative to `compared_with`: the complete release next in age.",
)
class Releases(ReadView):
    def get(self, request: Request) -> Response:
        rows = [release_row(shown, site=site_of(request)) for shown in shown_releases()]
        return list_answer(request, Page(rows, None, None), count=len(rows), count_exact=True)


@documented(ReleaseSerializer, "One release")
class Release(ReadView):
    def get(self, request: Request, release_id: int) -> Response:
        return Response(release_row(the_release(release_id), site=site_of(request)))


@documented(
    ReleaseChangeSerializer(many=True),
    "What a release changed, relative to the complete release next in age",
    "Records that are new, differ in any field, or are absent, in order of the code. A record can be of several kinds. "
    "404 where no older complete release is loaded. What exactly each kind counts stands at `/releases/`.",
)
class ReleaseChanges(ReadView):
    parameters = ("kind", "q", "limit", "cursor")
    meanings = {"q": {"description": "The beginning of a code, or words of the long description; all must be found."}}

    def get(self, request: Request, release_id: int) -> Response:
        asked = asked_changes(request.GET)
        shown = the_release(release_id)
        if shown.comparison is None:
            raise Http404(f"No older complete release is loaded that {shown.release.label} could be compared with.")
        rows = told_changes(shown.comparison, site=site_of(request))
        return keyset_answer(request, asked.found(shown.comparison), order=BY_CODE, rows_of=rows)
