"""What all FHIR answers have in common: JSON, open to pages of other sites, errors as OperationOutcome."""

import json
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from rest_framework.exceptions import MethodNotAllowed
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.views import APIView

from pcl.api.allowance import Asker, UnknownKey, UsedUp, asker_of, charge, refuse_used_up
from pcl.api.fhir.outcome import FhirError, error_of, issue, operation_outcome
from pcl.api.fhir.version import R5, FhirVersion
from pcl.queries.parameters import refuse_repeated, refuse_unknown

MEDIA_TYPE = "application/fhir+json"
JSON_FORMATS = {"json", "text/json", "application/json", MEDIA_TYPE, "application/fhir json"}  # "+" read as a blank
# Parameters of every address.
GENERAL = ("_format", "_pretty")


class AnythingNegotiation(BaseContentNegotiation):
    """`_format` and Accept are looked at in FhirView."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        return parsers[0]

    def select_renderer(
        self, request: Request, renderers: Any, format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        return renderers[0], renderers[0].media_type


class FhirView(APIView):
    """`parameters` are all that the address may carry besides `_format` and `_pretty`; None leaves it to the view."""

    schema = None  # described by /fhir/metadata
    content_negotiation_class = AnythingNegotiation
    http_method_names = ["get", "head", "options"]
    parameters: ClassVar[tuple[str, ...] | None] = ()
    repeatable: ClassVar[tuple[str, ...]] = ()
    """Parameters that may be given more than once: all of them must hold."""
    version: FhirVersion = R5
    asker: Asker | None = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        _refuse_other_formats(request)
        super().initial(request, *args, **kwargs)
        if request.method != "OPTIONS":
            self.asker = asker_of(request)
            refuse_used_up(self.asker)
        if self.parameters is not None:
            refuse_unknown(request.GET, (*self.parameters, *GENERAL))
            once = request.GET.copy()
            for name in self.repeatable:
                once.pop(name, None)
            refuse_repeated(once)

    def dispatch(self, request: HttpRequest, *args: Any, version: FhirVersion = R5, **kwargs: Any) -> Any:
        self.version = version
        return super().dispatch(request, *args, **kwargs)

    def handle_exception(self, exc: Exception) -> Any:
        error = error_of(exc)
        if error is None:
            raise exc
        response = resource_answer(
            operation_outcome(issue(error.code, str(error), expression=error.parameter)), status=error.status
        )
        if isinstance(exc, UsedUp):
            response["Retry-After"] = str(exc.seconds)
        if isinstance(exc, UnknownKey):
            response["WWW-Authenticate"] = 'Bearer error="invalid_token"'
        if isinstance(exc, MethodNotAllowed):
            response["Allow"] = ", ".join(self.allowed_methods)
        return response

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        if self.asker is not None:
            charge(self.asker, response)
        answer: HttpResponseBase = super().finalize_response(request, response, *args, **kwargs)
        # Public data without a session: any page may read it.
        answer["Access-Control-Allow-Origin"] = "*"
        answer["Access-Control-Expose-Headers"] = "ETag, RateLimit, RateLimit-Policy, Retry-After"
        return answer

    def options(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        allowed = ", ".join(self.allowed_methods)
        headers = {
            "Allow": allowed,
            "Access-Control-Allow-Methods": allowed,
            "Access-Control-Allow-Headers": "Accept, Authorization, Content-Type, If-None-Match",
            "Access-Control-Max-Age": "86400",
        }
        return HttpResponse(status=204, headers=headers)

    def base(self) -> str:
        """The address of the FHIR version that was asked, without a slash at the end."""
        return str(self.request.build_absolute_uri(self.version.root))


class Elsewhere(FhirView):
    """Every address below the root that is none of the others."""

    parameters = None
    http_method_names = ["get", "head", "options", "post", "put", "patch", "delete"]

    def get(self, request: Request, path: str = "") -> HttpResponse:
        raise FhirError(
            404,
            "not-found",
            f"There is nothing at {path[:60]}. Here are CodeSystem/hcpcs, ValueSet/hcpcs and DeviceDefinition; "
            "metadata tells the rest.",
        )

    post = put = patch = delete = get


def resource_answer(resource: dict[str, Any], *, status: int = 200) -> HttpResponse:
    return HttpResponse(as_json(resource), status=status, content_type=f"{MEDIA_TYPE}; charset=utf-8")


def as_json(element: Any) -> bytes:
    return json.dumps(element, ensure_ascii=False, separators=(",", ":")).encode()


def _refuse_other_formats(request: Request) -> None:
    asked = request.GET.get("_format", "").strip().lower()
    if asked:
        if asked.split(";")[0].strip() not in JSON_FORMATS:
            raise FhirError(
                406, "not-supported", f"_format is “{asked[:40]}”; only json is offered.", parameter="_format"
            )
        return
    accepted = [part.split(";")[0].strip().lower() for part in request.headers.get("Accept", "").split(",")]
    if any(accepted) and all(kind in {"application/fhir+xml", "application/xml", "text/xml"} for kind in accepted):
        raise FhirError(406, "not-supported", "Only JSON is offered: Accept: application/fhir+json.")
