"""The shapes of a check job, for the schema, with the examples that it shows."""

import json
from collections.abc import Callable
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import serializers

from pcl.api.check_job_body import WORKBOOK
from pcl.api.check_shapes import CHECK_EXAMPLE_ANSWER, CheckLineSerializer, CitationsSerializer, as_published_field
from pcl.api.problem_shapes import problems
from pcl.api.serializers import Shape
from pcl.models import Answer, CheckState

ANSWERS = [*Answer.choices, ("error", "Line cannot be read")]


class CheckJobRequestSerializer(Shape):
    lines = CheckLineSerializer(many=True, help_text="1 to 100,000.")
    as_published = as_published_field()


class CheckJobColumnsSerializer(Shape):
    used = serializers.DictField(child=serializers.CharField(), help_text="Field of a line: the column it came from.")
    ignored = serializers.ListField(child=serializers.CharField(), help_text="Columns that mean nothing here.")
    dropped = serializers.ListField(
        child=serializers.CharField(), help_text="Columns that look like data of patients: nothing of them is kept."
    )


class CheckJobFilesSerializer(Shape):
    json = serializers.URLField(help_text="One object, as `checks/` answers it.")
    ndjson = serializers.URLField(help_text="One answer in each line.")
    csv = serializers.URLField(help_text="Every line with its answer, for a spreadsheet.")


class CheckJobSerializer(Shape):
    id = serializers.CharField(help_text="Cannot be guessed: who knows it may see, fetch and delete the job.")
    state = serializers.ChoiceField(
        choices=CheckState.choices,
        help_text="at_work until it is done, or failed. ready: made on the page and not started yet.",
    )
    lines = serializers.IntegerField(help_text="How many lines there are.")
    lines_done = serializers.IntegerField(help_text="How many of them have their answer.")
    as_published = serializers.DateTimeField(
        allow_null=True, help_text="The instant whose list is asked; null for the list when the lines are checked."
    )
    created_at = serializers.DateTimeField(help_text="When it was begun.")
    kept_until = serializers.DateTimeField(help_text="Lines and answers are deleted then.")
    columns = CheckJobColumnsSerializer(help_text="How the columns, or fields, were read.")
    warnings = serializers.ListField(child=serializers.CharField(), help_text="What was left out, in sentences.")
    failure = serializers.CharField(allow_null=True, help_text="Why the lines were not checked; null but for failed.")
    answers = serializers.DictField(
        child=serializers.IntegerField(), allow_null=True, help_text="How many lines have each answer; null until done."
    )
    results = CheckJobFilesSerializer(allow_null=True, help_text="Where the answers are; null until done.")
    url = serializers.URLField(help_text="This address.")
    page = serializers.URLField(help_text="The same for people.")


class CheckJobAnswerSerializer(Shape):
    row = serializers.IntegerField(help_text="Of a file, its row as a spreadsheet counts; of JSON, the line from 1.")
    ref = serializers.CharField(allow_null=True)
    answer = serializers.ChoiceField(choices=ANSWERS, help_text="As of `checks/`; error: the line cannot be read.")
    reasons = serializers.ListField(child=serializers.CharField(), help_text="Sentences; of an error, what is wrong.")
    citations = CitationsSerializer()


class CheckJobAnswersSerializer(Shape):
    results = CheckJobAnswerSerializer(many=True, help_text="One for each line, in their order.")
    notice = serializers.CharField(help_text="Listed is not covered.")


_ID = "PuRk3HwBqzYtVnE2m0cJ9sXyLd7aFgT1oQ4iU6eK8hM"
_URL = f"https://pcl.example/api/v1/checks/jobs/{_ID}/"
_AT_WORK: dict[str, Any] = {
    "id": _ID,
    "state": "at_work",
    "lines": 2,
    "lines_done": 0,
    "as_published": None,
    "created_at": "2026-11-22T14:30:00.000000Z",
    "kept_until": "2026-11-23T14:30:00.000000Z",
    "columns": {
        "used": {"ref": "ref", "code": "code", "date_of_service": "dos", "product": "product"},
        "ignored": [],
        "dropped": ["Patient"],
    },
    "warnings": ["The column “Patient” looks like data of patients: it was dropped, and nothing of it was kept."],
    "failure": None,
    "answers": None,
    "results": None,
    "url": _URL,
    "page": f"https://pcl.example/check/batch/{_ID}/",
}
_DONE = _AT_WORK | {
    "state": "done",
    "lines_done": 2,
    "answers": {"error": 1, "listed": 1},
    "results": {ending: f"{_URL}results.{ending}" for ending in ("json", "ndjson", "csv")},
}
_UNREAD = "“2024-02-30” is not a date that exists. Write the year, the month and the day, such as 2024-06-01."
_RESULTS: list[dict[str, Any]] = [
    {"row": 2, **CHECK_EXAMPLE_ANSWER["results"][0]},
    {
        "row": 3,
        "ref": "2",
        "answer": "error",
        "reasons": [_UNREAD],
        "citations": {"requirement": None, "publication": None, "listings": []},
    },
]
_CSV_SENT = "ref,code,dos,product,Patient\n1,K1007,6/1/2024,ReWalk,Jane Doe\n2,K1007,2024-02-30,ReWalk,John Doe\n"
_CSV_TOLD = (
    "row,ref,code,date_of_service,manufacturer,product,model_number,answer,answer_in_words,reasons,listing_ids,"
    "listing_url\n2,1,K1007,2024-06-01,,ReWalk,,listed,Listed under this code,“ReWalk” by Argo Technologies is listed "
    "under K1007 for dates of service from December 28, 2023 on; no end is set.,1,"
    "https://pcl.example/listings/1/?on=2024-06-01\n"
    f"3,2,K1007,2024-02-30,,ReWalk,,error,Line cannot be read,{_UNREAD},,\n"
)


def _problems(**said: str) -> dict[Any, Any]:
    always = {
        "400": "a parameter that is unknown or has a bad value",
        "401": "a key that is unknown or revoked",
        "429": "the minute's allowance is used up; `Retry-After` says when there is more",
        "503": "the database does not answer at the moment",
    }
    told = always | {name.removeprefix("is_"): what for name, what in said.items()}
    return problems({int(status): what for status, what in sorted(told.items())}, of_lines="is_413" in said)


_JOB = OpenApiParameter(
    "job",
    {"type": "string", "pattern": "^[A-Za-z0-9_-]{43}$"},
    OpenApiParameter.PATH,
    description="The job's `id`, as in `Location`.",
)
_NO_SUCH = "no such job: its id is wrong, it was deleted, or its time is over"


def documented_new_job(view: Any) -> Any:
    new = extend_schema(
        operation_id="check_job_begin",
        request={
            "application/json": CheckJobRequestSerializer,
            "application/x-ndjson": OpenApiTypes.STR,
            "text/csv": OpenApiTypes.STR,
            WORKBOOK: OpenApiTypes.BINARY,
        },
        parameters=[
            OpenApiParameter(
                "as_published",
                OpenApiTypes.STR,
                description="As the list stood at that moment: an instant with its zone, or a day, which means its end "
                "in US Eastern time. For every kind of body; of JSON it may stand beside `lines` instead.",
            ),
            OpenApiParameter(
                "Idempotency-Key",
                {"type": "string", "minLength": 1, "maxLength": 255},
                OpenApiParameter.HEADER,
                description="A text of your own, such as a UUID. The same request with the same key begins nothing new "
                "and is answered with the job that it began.",
            ),
            OpenApiParameter(
                "Location",
                OpenApiTypes.URI,
                OpenApiParameter.HEADER,
                response=[202],
                description="Where the job stands: ask there.",
            ),
        ],
        responses={
            202: CheckJobSerializer,
            **_problems(
                is_400="lines or columns that cannot be read, none, or too many of them",
                is_413="a body that is too large",
                is_415="a body that is sent as something else",
                is_422="an Idempotency-Key that came with another body before",
                is_429="too many lines in an hour, or the minute's allowance is used up",
            ),
        },
        summary="Check up to 100,000 lines in the background",
        description="Answered at once with where the job stands; ask `Location` until `state` is done, then fetch the "
        "results. A line has the fields of `checks/`. A file's columns are recognized by their names (`code`, `HCPCS`, "
        "`dos`, `date of service`, `mfr` …). Columns that look like data of patients are dropped before anything is "
        "kept, and `warnings` says so. A line that cannot be read does not hold up the others: its answer is `error`. "
        "Answers are as of when the lines are checked; with `as_published`, listings are those that the list showed "
        "then.",
        auth=[],
        examples=[
            OpenApiExample(
                "Two lines",
                {
                    "lines": [
                        {"ref": "1", "code": "K1007", "date_of_service": "2024-06-01", "product": "ReWalk"},
                        {"ref": "2", "code": "K1007", "date_of_service": "2024-06-30", "product": "ReWalk"},
                    ]
                },
                request_only=True,
                media_type="application/json",
            ),
            OpenApiExample(
                "Two lines",
                '{"code": "K1007", "date_of_service": "2024-06-01", "product": "ReWalk"}\n'
                '{"code": "K1007", "date_of_service": "2024-06-30", "product": "ReWalk"}\n',
                request_only=True,
                media_type="application/x-ndjson",
            ),
            OpenApiExample("A file", _CSV_SENT, request_only=True, media_type="text/csv"),
            OpenApiExample("Its job", _AT_WORK, response_only=True, status_codes=["202"]),
        ],
    )
    return extend_schema_view(post=new)(view)


def documented_job(view: Any) -> Any:
    get = extend_schema(
        operation_id="check_job",
        parameters=[_JOB],
        responses={200: CheckJobSerializer, **_problems(is_404=_NO_SUCH)},
        summary="How far a check job is, and where its results are",
        description="`Retry-After` says in how many seconds to ask again.",
        auth=[],
        examples=[OpenApiExample("A job that is done", _DONE, response_only=True, status_codes=["200"])],
    )
    delete = extend_schema(
        operation_id="check_job_delete",
        parameters=[_JOB],
        responses={204: OpenApiResponse(None, "Gone, at once and for good."), **_problems(is_404=_NO_SUCH)},
        summary="Delete a check job, its lines and its answers",
        description="It would be deleted by itself after a day, or as long as the server keeps such jobs.",
        auth=[],
    )
    return extend_schema_view(get=get, delete=delete)(view)


def documented_results(kind: str) -> Callable[[Any], Any]:
    """Describes the GET of all results as that media type."""
    shape, words, example = {
        "application/json": (
            CheckJobAnswersSerializer,
            "JSON",
            {"results": _RESULTS, "notice": CHECK_EXAMPLE_ANSWER["notice"]},
        ),
        "application/x-ndjson": (
            OpenApiTypes.STR,
            "NDJSON",
            "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in _RESULTS),
        ),
        "text/csv": (OpenApiTypes.STR, "CSV", _CSV_TOLD),
    }[kind]
    get = extend_schema(
        operation_id=f"check_job_{words.lower()}",
        parameters=[_JOB],
        responses={
            (200, kind): shape,
            **_problems(is_404=_NO_SUCH, is_409="the job is not done yet, or has failed"),
        },
        summary=f"All answers of a check job as {words}",
        description="One answer for each line, in their order; never cut. Deleted with the job.",
        auth=[],
        examples=[
            OpenApiExample("The answers", example, response_only=True, status_codes=["200"], media_type=kind),
        ],
    )
    return extend_schema_view(get=get)
