"""Where the API begins, and where it ends."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponsePermanentRedirect
from django.urls import Resolver404, resolve, reverse
from rest_framework.request import Request
from rest_framework.response import Response

from pcl.api.read_view import ReadView

RESOURCES = (
    "listings",
    "codes",
    "modifiers",
    "releases",
    "fees",
    "requirements",
    "organizations",
    "publications",
    "changes",
    "exports",
    "schema",
    "docs",
)


class Front(ReadView):
    schema = None

    def get(self, request: Request) -> Response:
        return Response({name: request.build_absolute_uri(reverse(f"api:{name}")) for name in RESOURCES})


class NoSuchAddress(ReadView):
    """Everything else below the API is a problem that a program can read."""

    schema = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Whatever the method, the parameters and the asker: there is nothing here."""
        raise Http404(f"There is no {request.path[:200]}. What there is stands at {reverse('api:front')}.")


def elsewhere(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
    """The way to the address with its slash, where only that was forgotten."""
    if request.method in {"GET", "HEAD"} and _is_something(f"{request.path_info}/"):
        query = request.META.get("QUERY_STRING", "")
        return HttpResponsePermanentRedirect(f"{request.path}/{'?' if query else ''}{query}")
    return NoSuchAddress.as_view()(request)


# NoSuchAddress answers for itself, and none of the API reads a session.
elsewhere.csrf_exempt = True  # type: ignore[attr-defined]


def _is_something(path: str) -> bool:
    try:
        return resolve(path).func is not elsewhere
    except Resolver404:
        return False
