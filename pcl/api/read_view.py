"""What all answers of the API have in common: JSON, open to pages of other sites, strict about parameters."""

from typing import Any, ClassVar

from django.http import HttpResponseBase
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from pcl.api.allowance import Asker, asker_of, charge, refuse_used_up
from pcl.api.deprecation import Deprecation
from pcl.api.sparse import names_in, narrowed
from pcl.queries.keyset import Page
from pcl.queries.parameters import refuse_repeated, refuse_unknown

READABLE_BY_PAGES = {
    "Access-Control-Allow-Origin": "*",
    # Besides those that every page may read, such as Last-Modified.
    "Access-Control-Expose-Headers": "Deprecation, ETag, Link, Location, RateLimit, RateLimit-Policy, Retry-After, "
    "Sunset",
}


class OneFormat(BaseContentNegotiation):
    """Each address has one format, whatever the program says that it accepts."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        return parsers[0]

    def select_renderer(
        self, request: Request, renderers: Any, format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        return renderers[0], renderers[0].media_type


class ReadView(APIView):
    """A resource that can be read. `parameters` are all that its address may carry."""

    parameters: ClassVar[tuple[str, ...]] = ()
    known_fields: ClassVar[tuple[str, ...]] = ()
    """Of each result, which `fields` may name."""
    fields_asked: tuple[str, ...] = ()
    deprecation: ClassVar[Deprecation | None] = None
    asker: Asker | None = None
    content_negotiation_class = OneFormat
    http_method_names = ["get", "head", "options"]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if request.method != "OPTIONS":
            self.asker = asker_of(request)
            refuse_used_up(self.asker)
        refuse_unknown(request.GET, self.parameters)
        refuse_repeated(request.GET)
        self.fields_asked = names_in(request.GET, "fields", self.known_fields, what="field")

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        if self.fields_asked and isinstance(response, Response) and response.status_code == 200:
            response.data = narrowed(response.data, self.fields_asked)
        if self.asker is not None:
            charge(self.asker, response)
        answer: HttpResponseBase = super().finalize_response(request, response, *args, **kwargs)
        # Public data without a session: any page may read it.
        if self.deprecation is not None:
            self.deprecation.tell(answer)
        for name, value in READABLE_BY_PAGES.items():
            answer[name] = value
        return answer

    def options(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        allowed = ", ".join(self.allowed_methods)
        return Response(
            status=204,
            headers={
                "Allow": allowed,
                "Access-Control-Allow-Methods": allowed,
                "Access-Control-Allow-Headers": "Accept, Authorization, Content-Type, Idempotency-Key, "
                "If-Modified-Since, If-None-Match",
                "Access-Control-Max-Age": "86400",
            },
        )


def site_of(request: Any) -> str:
    """Scheme and host of the address that was asked, without a slash at the end."""
    return request.build_absolute_uri("/").rstrip("/")


def list_answer(request: Request, page: Page, *, count: int, count_exact: bool) -> Response:
    """The envelope of every list; the Link header is there only where there is a next page."""
    following = _with_cursor(request, page.next)
    return envelope(
        page.rows,
        count=count,
        count_exact=count_exact,
        following=following,
        previous=_with_cursor(request, page.previous),
    )


def envelope(
    rows: list[dict[str, Any]], *, count: int, count_exact: bool, following: str | None, previous: str | None
) -> Response:
    return Response(
        {"count": count, "count_exact": count_exact, "next": following, "previous": previous, "results": rows},
        headers={"Link": f'<{following}>; rel="next"'} if following else None,
    )


def _with_cursor(request: Request, cursor: str | None) -> str | None:
    return None if cursor is None else address_with(request, cursor=cursor)


def address_with(request: Request, **changed: str) -> str:
    """The address that was asked, with some of its parameters changed."""
    query = request.GET.copy()
    for name, value in changed.items():
        query[name] = value
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")
