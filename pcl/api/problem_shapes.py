"""What goes wrong, described for the schema with an example of each status."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, OpenApiResponse

from pcl.api.serializers import ProblemSerializer

_EXAMPLES: dict[int, tuple[str, str]] = {
    400: ("Bad value of a parameter", "limit is 5000; give a whole number from 1 to 1000."),
    401: ("Unknown key", "This key is unknown or was revoked. Leave the header Authorization out, or make a new key."),
    404: ("Not found", "There is no such thing here."),
    406: ("Could not satisfy the request Accept header", "This list is told as application/json and text/csv."),
    409: ("Not done yet", "25,000 of 100,000 lines are done."),
    413: ("Body too large", "At most 50 MB are read."),
    415: ("Not JSON", "The body is sent as “text/plain”. Send JSON, with the header Content-Type: application/json."),
    422: ("Idempotency-Key used already", "This Idempotency-Key was sent with another body already. Use another key."),
    429: ("Too many requests", "In a minute 60,000 units are free. Ask again in 42 seconds."),
    503: ("Not at the moment", "The register's database does not answer. Ask again in a moment."),
}
_BAD_LINE = {
    "type": "/data/#bad-lines",
    "title": "Lines that cannot be read",
    "status": 400,
    "detail": "line 2, code: Give the HCPCS code, such as K1007.",
    "line": 2,
    "field": "code",
    "errors": [{"line": 2, "field": "code", "detail": "Give the HCPCS code, such as K1007."}],
}


def problems(said: dict[int, str], *, of_lines: bool = False) -> dict[Any, Any]:
    """Responses by status, from what each means. `of_lines`: what is wrong is a line of a check."""
    return {
        (status, "application/problem+json"): OpenApiResponse(
            ProblemSerializer,
            f"RFC 9457 problem details: {what}.",
            examples=[_example(status, of_lines=of_lines)],
        )
        for status, what in said.items()
    }


def _example(status: int, *, of_lines: bool) -> OpenApiExample:
    title, detail = _EXAMPLES[status]
    told: dict[str, Any] = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    if status == 400:
        told = _BAD_LINE if of_lines else told | {"type": "/data/#bad-value", "parameter": "limit"}
    return OpenApiExample(title, told, media_type="application/problem+json", response_only=True)
