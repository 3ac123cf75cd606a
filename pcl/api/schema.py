"""The API described to programs (OpenAPI 3.1), and the page that shows it to people."""

import re
from collections.abc import Callable, Mapping
from functools import cache
from inspect import signature
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from pcl.api.check_shapes import (
    CHECK_EXAMPLE_ANSWER,
    CHECK_EXAMPLE_REQUEST,
    CheckAnswersSerializer,
    CheckRequestSerializer,
)
from pcl.api.examples import examples_of
from pcl.api.forms import FORMS
from pcl.api.problem_shapes import problems
from pcl.api.read_view import ReadView
from pcl.api.sparse import EXPANDED
from pcl.queries.listing_expanded import EXPANSIONS
from pcl.queries.listing_filter import SORTS, STATUSES
from pcl.queries.parameters import DEFAULT_LIMIT, MOST_PER_PAGE
from pcl.queries.releases import KIND_WORDS

MEANINGS: dict[str, dict[str, Any]] = {
    "q": {"description": "Words, each of which may be the beginning of one; all must be found."},
    "code": {"description": "A HCPCS code, in capitals or not."},
    "organization": {
        "description": "Manufacturer or distributor: the slug of an organization, or words of its name (former names "
        "count, each word may be the beginning of one)."
    },
    "product": {"description": "Words of a product's name; former names and other spellings count."},
    "model_number": {"description": "The beginning of a model number; punctuation and case do not matter."},
    "manufacturer": {
        "description": "The slug of an organization: what it makes, also what was made by those merged into it."
    },
    "classification": {"description": "The product group in words, in capitals or not."},
    "status": {
        "description": "As seen on the date of service `on`.",
        "enum": [key for key, _ in STATUSES],
        "default": "current",
    },
    "on": {"description": "A date of service; today in US Eastern time when left out.", "type": OpenApiTypes.DATE},
    "as_published": {
        "description": "What the public list said at that moment: an instant with its zone, such as "
        "2024-06-01T14:30:00Z, or a day, which means its end in US Eastern time. The list as it is now when left out."
    },
    "sort": {"description": "How to sort.", "enum": [key for key, _ in SORTS], "default": "code"},
    "state": {"description": "The two letters of a state or territory; only its amounts are told."},
    "modifier": {"description": "A modifier of two characters, the first or the second of a row."},
    "rural": {
        "description": "Which `amount` is told: of rural areas or of the others.",
        "enum": ["true", "false"],
        "default": "false",
    },
    "kind": {
        "description": "Only changes of that kind.",
        "enum": ["all", *(str(kind) for kind in KIND_WORDS)],
        "default": "all",
    },
    "group": {"description": "The first letter of a code, or `modifiers`."},
    "betos": {"description": "A BETOS code, such as D1E."},
    "pricing": {"description": "A pricing indicator, such as 36; codes that have it among theirs."},
    "coverage": {"description": "A coverage code, such as C."},
    "fields": {"description": "Which fields of a result are told, with commas between; all when left out."},
    "expand": {
        "description": "What a listing refers to, told with it in `expanded`, with commas between: "
        f"{', '.join(EXPANSIONS)}. Not in CSV."
    },
    "format": {"description": "Before what `Accept` says.", "enum": list(FORMS), "default": "json"},
    "limit": {
        "description": f"Results per page, 1 to {MOST_PER_PAGE}.",
        "type": {"type": "integer", "minimum": 1, "maximum": MOST_PER_PAGE, "default": DEFAULT_LIMIT},
    },
    "cursor": {"description": "Where a page begins; copied from `next` or `previous`, never made up."},
    "after": {
        "description": "The last `seq` that you have seen.",
        "type": {"type": "integer", "minimum": 0, "default": 0},
    },
}
PATH_MEANINGS = {
    "listing_id": "The listing's number.",
    "code": "A HCPCS code, in capitals or not; two characters are a modifier.",
    "modifier": "A modifier of two characters.",
    "release_id": "The release's number, as in `releases/`.",
}
PROBLEMS = problems(
    {
        400: "a parameter that is unknown or has a bad value",
        401: "a key that is unknown or revoked",
        404: "nothing of that name",
        429: "the minute's allowance is used up; `Retry-After` says when there is more",
        503: "the database does not answer at the moment",
    }
)


def documented(
    shape: Any, summary: str, description: str = "", *, forms: Mapping[str, str] | None = None
) -> Callable[[type[ReadView]], type[ReadView]]:
    """Describes the view's GET: `shape` is a serializer class, or one with many=True for a list in its envelope.

    `forms` are the media types other than JSON, too. The view learns `fields`, which names fields of the shape.
    """

    def describe(view: type[ReadView]) -> type[ReadView]:
        answer: Any = shape
        one: Any = shape
        if isinstance(shape, serializers.ListSerializer):
            one = type(shape.child)
            answer = _envelope_of(one)
        if getattr(one, "is_sparse", False):
            view.known_fields = tuple(name for name in one().fields if name != EXPANDED)
            view.parameters = (*view.parameters, "fields")
        responses: dict[Any, Any] = {200: answer}
        if forms:
            responses |= problems({406: "nothing of what `Accept` names is offered"})
        for name, kind in (forms or {}).items():
            if name != "json":
                responses[(200, kind)] = OpenApiTypes.STR
        return _described(view, responses, summary, description)

    return describe


def documented_csv(view: type[ReadView]) -> type[ReadView]:
    return _described(
        view,
        {(200, "text/csv"): OpenApiTypes.STR},
        "All listings that match, as CSV",
        "The same parameters and the same rows as `listings/`, never cut. A cell that a spreadsheet would take for a "
        "formula begins with an apostrophe.",
    )


def documented_ndjson(view: type[ReadView]) -> type[ReadView]:
    return _described(
        view,
        {(200, "application/x-ndjson"): OpenApiTypes.STR},
        "All listings that match, as NDJSON",
        "The same parameters and the same rows as `listings/`, one JSON object in each line, never cut.",
    )


def documented_check(view: type[ReadView]) -> type[ReadView]:
    """Describes the one POST that there is: a question too long for an address."""
    wrong = problems(
        {
            400: "lines that cannot be read, each with its number and field in `errors`; or too many of them",
            401: "a key that is unknown or revoked",
            413: "a body that is too large",
            415: "a body that is not sent as JSON",
            429: "too many lines in an hour, or the minute's allowance is used up",
            503: "the database does not answer at the moment",
        },
        of_lines=True,
    )
    method = extend_schema(
        operation_id="checks",
        request=CheckRequestSerializer,
        responses={200: CheckAnswersSerializer, **wrong},
        summary="Check products, codes and dates of service",
        description="One answer for each line, in their order; up to 1,000 lines at once, all as of one instant. What "
        "a line does not give does not restrict. `listed` never means covered.",
        auth=[],
        examples=[
            OpenApiExample("An exoskeleton", CHECK_EXAMPLE_REQUEST, request_only=True),
            OpenApiExample("Its answer", CHECK_EXAMPLE_ANSWER, response_only=True, status_codes=["200"]),
        ],
    )(view.post)  # type: ignore[attr-defined]
    view.post = method  # type: ignore[attr-defined]
    return view


def _described(view: type[ReadView], responses: dict[Any, Any], summary: str, description: str) -> type[ReadView]:
    meanings = MEANINGS | {name: MEANINGS[name] | said for name, said in getattr(view, "meanings", {}).items()}
    parameters = [
        OpenApiParameter(name, location=OpenApiParameter.QUERY, **{"type": OpenApiTypes.STR, **meanings[name]})
        for name in view.parameters
    ]
    operation = re.sub(r"(?<!^)(?=[A-Z])", "_", view.__name__).lower()
    for name, parameter in signature(view.get).parameters.items():  # type: ignore[attr-defined]
        if name in PATH_MEANINGS:
            kind = OpenApiTypes.INT if parameter.annotation is int else OpenApiTypes.STR
            parameters.append(OpenApiParameter(name, kind, OpenApiParameter.PATH, description=PATH_MEANINGS[name]))
    method = extend_schema(
        operation_id=operation,
        parameters=parameters,
        examples=examples_of(operation),
        responses={**responses, **PROBLEMS},
        summary=summary,
        description=description,
        deprecated=view.deprecation is not None or None,
        auth=[],
    )(view.get)  # type: ignore[attr-defined]
    view.get = method  # type: ignore[attr-defined]
    return view


@cache
def _envelope_of(shape_class: type[serializers.Serializer[Any]]) -> type[serializers.Serializer[Any]]:
    name = shape_class.__name__.removesuffix("Serializer")
    fields = {
        "count": serializers.IntegerField(help_text="Exact up to 1,000."),
        "count_exact": serializers.BooleanField(help_text="false: there are more than `count`."),
        "next": serializers.URLField(allow_null=True, help_text="The next page; null on the last."),
        "previous": serializers.URLField(allow_null=True, help_text="The page before; null on the first."),
        "results": shape_class(many=True, help_text="The results of this page."),
    }
    return type(f"{name}ListSerializer", (serializers.Serializer,), fields)


@cache
def whole_schema() -> dict[str, Any]:
    """The description of all addresses; it changes only with the program."""
    schema: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
    return schema


class Schema(ReadView):
    schema = None  # the description does not describe itself

    def get(self, request: Request) -> Response:
        return Response(whole_schema(), content_type="application/vnd.oai.openapi+json; charset=utf-8")


def docs(request: HttpRequest) -> HttpResponse:
    """Swagger UI, with nothing inline, so that it runs under the Content-Security-Policy of every page."""
    return render(request, "public/api_docs.html")


def docs_script(request: HttpRequest) -> HttpResponse:
    return render(request, "public/api_docs.js", content_type="text/javascript; charset=utf-8")
