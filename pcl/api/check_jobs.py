"""`/api/v1/checks/jobs/`: up to 100,000 lines checked in the background, for programs.

The same batches as at /check/batch/: who knows the id, and nobody else, can see, fetch and delete.
"""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.http import Http404, HttpResponseBase, StreamingHttpResponse
from django.urls import reverse
from rest_framework.request import Request
from rest_framework.response import Response

from pcl.api.allowance import address_of
from pcl.api.check_body import Refused, too_many_lines
from pcl.api.check_job_body import content_of, lines_in
from pcl.api.check_job_shapes import documented_job, documented_new_job, documented_results
from pcl.api.checks import LISTED_IS_NOT_COVERED
from pcl.api.exports import begun
from pcl.api.problems import problem
from pcl.api.read_view import ReadView, site_of
from pcl.errors import RegisterError
from pcl.models import CheckBatch, CheckState
from pcl.queries.check_results import counts_of, results_as_csv
from pcl.queries.check_results_told import results_in_pieces
from pcl.queries.published_instant import instant_in
from pcl.services.changes import instant_text
from pcl.services.check_allowance import TooManyLines, take_lines
from pcl.services.check_batches import delete_batch
from pcl.services.check_jobs import KeyUsedOtherwise, Repeatable, begin_check, check_begun

LONGEST_KEY = 255
# Seconds; a hundred thousand lines take some twenty.
ASK_AGAIN = 2
RESULTS = ("json", "ndjson", "csv")


class JobView(ReadView):
    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Nobody keeps a copy, and no search engine lists it."""
        answer: HttpResponseBase = super().finalize_response(request, response, *args, **kwargs)
        answer["Cache-Control"] = "private, no-store"
        answer["X-Robots-Tag"] = "noindex"
        return answer


@documented_new_job
class CheckJobs(JobView):
    parameters: ClassVar[tuple[str, ...]] = ("as_published",)
    http_method_names = ["post", "options"]

    def post(self, request: Request) -> Response:
        try:
            key = _key_in(request)
            kind, content = content_of(request)
            asked, instant = _instant_in(request)
            repeatable = Repeatable(self._asker, key, kind, content, asked) if key else None
            batch = check_begun(repeatable)
            if batch is not None:
                return _accepted(request, batch, lines=0)
            columns, lines, told = lines_in(kind, content)
            as_published = _one_of(instant, told)
            take_lines(address=address_of(request), count=len(lines))
            batch = begin_check(rows=lines, columns=columns.told(), as_published=as_published, request=repeatable)
        except Refused as refused:
            return refused.answer
        except TooManyLines as error:
            return too_many_lines(error)
        except KeyUsedOtherwise as error:
            return problem(422, "Idempotency-Key used already", str(error))
        except RegisterError as error:
            return problem(400, "Lines that cannot be read", str(error))
        return _accepted(request, batch, lines=len(lines))

    @property
    def _asker(self) -> str:
        return self.asker.who if self.asker is not None else ""


@documented_job
class CheckJob(JobView):
    http_method_names = ["get", "head", "delete", "options"]

    def get(self, request: Request, job: str) -> Response:
        batch = _batch(job)
        response = Response(_told(request, batch))
        if batch.state == CheckState.AT_WORK:
            response["Retry-After"] = str(ASK_AGAIN)
        return response

    def delete(self, request: Request, job: str) -> Response:
        delete_batch(batch=_batch(job))
        return Response(status=204)


class ResultsView(JobView):
    content_type = ""
    ending = ""

    def get(self, request: Request, job: str) -> Any:
        batch = _batch(job)
        if batch.state != CheckState.DONE:
            return _not_done(request, batch)
        pieces = self.written(batch, site_of(request))
        return StreamingHttpResponse(
            begun(pieces) if request.method != "HEAD" else iter(()),
            content_type=self.content_type,
            headers={"Content-Disposition": f'attachment; filename="check-answers.{self.ending}"'},
        )

    def written(self, batch: CheckBatch, site: str) -> Iterator[bytes]:
        raise NotImplementedError


@documented_results("application/json")
class CheckJobJson(ResultsView):
    content_type, ending = "application/json", "json"

    def written(self, batch: CheckBatch, site: str) -> Iterator[bytes]:
        """One object, as `checks/` answers it."""
        opening = b'{"results":['
        for rows in results_in_pieces(batch, site=site):
            yield opening + b",".join(map(_as_json, rows))
            opening = b","
        yield b'],"notice":' + _as_json(LISTED_IS_NOT_COVERED) + b"}"


@documented_results("application/x-ndjson")
class CheckJobNdjson(ResultsView):
    content_type, ending = "application/x-ndjson", "ndjson"

    def written(self, batch: CheckBatch, site: str) -> Iterator[bytes]:
        for rows in results_in_pieces(batch, site=site):
            yield b"".join(_as_json(row) + b"\n" for row in rows)


@documented_results("text/csv")
class CheckJobCsv(ResultsView):
    content_type, ending = "text/csv; charset=utf-8; header=present", "csv"

    def written(self, batch: CheckBatch, site: str) -> Iterator[bytes]:
        return results_as_csv(batch, site=site)


def _as_json(said: Any) -> bytes:
    """Days as YYYY-MM-DD. REST framework's renderer takes thrice as long, which a hundred thousand lines feel."""
    return json.dumps(said, default=str, ensure_ascii=False, separators=(",", ":")).encode()


def _instant_in(request: Request) -> tuple[str, datetime | None]:
    """What the address asks as `as_published`, as it stands there, and the instant that it means."""
    return request.GET.get("as_published", "").strip(), instant_in(request.GET, "as_published")


def _one_of(in_address: datetime | None, in_body: datetime | None) -> datetime | None:
    """Raises Refused for both."""
    if in_address and in_body:
        detail = "as_published stands in the address and in the body. Give it in one of the two."
        raise Refused(problem(400, "Bad value of a field", detail, parameter="as_published"))
    return in_address or in_body


def _key_in(request: Request) -> str:
    """Of the header Idempotency-Key, with or without quotation marks. Raises Refused for what is no key."""
    given = request.headers.get("Idempotency-Key")
    if given is None:
        return ""
    key = given.strip()
    if len(key) > 1 and key[0] == key[-1] == '"':
        key = key[1:-1]
    if not key or len(key) > LONGEST_KEY or not (key.isascii() and key.isprintable()):
        detail = f"Idempotency-Key is a text of your own, such as a UUID: 1 to {LONGEST_KEY} ASCII characters."
        raise Refused(problem(400, "Bad value of a header", detail, parameter="Idempotency-Key"))
    return key


def _batch(job: str) -> CheckBatch:
    batch = CheckBatch.objects.filter(token=job.replace("\x00", "")).first()
    if batch is None:
        kept = settings.CHECK_KEPT_HOURS
        raise Http404(f"There is no such job. A job is kept for {kept} hours, unless it is deleted before.")
    return batch


def _accepted(request: Request, batch: CheckBatch, *, lines: int) -> Response:
    response = Response(_told(request, batch), status=202)
    response["Location"] = _address(request, batch)
    response["Retry-After"] = str(ASK_AGAIN)
    # Each line checked counts; a repeated request checks none.
    response.rows_told = lines  # type: ignore[attr-defined]  # for pcl.api.allowance
    return response


def _told(request: Request, batch: CheckBatch) -> dict[str, Any]:
    address, is_done = _address(request, batch), batch.state == CheckState.DONE
    return {
        "id": batch.token,
        "state": batch.state,
        "lines": batch.lines_count,
        "lines_done": batch.done,
        "as_published": instant_text(batch.as_published) if batch.as_published else None,
        "created_at": instant_text(batch.made_at),
        "kept_until": instant_text(batch.made_at + timedelta(hours=settings.CHECK_KEPT_HOURS)),
        "columns": {
            "used": batch.columns.get("used", {}),
            "ignored": batch.columns.get("ignored", []),
            "dropped": batch.columns.get("dropped", []),
        },
        "warnings": list(_warnings(batch.columns)),
        "failure": batch.failure or None,
        "answers": counts_of(batch) if is_done else None,
        "results": {ending: f"{address}results.{ending}" for ending in RESULTS} if is_done else None,
        "url": address,
        "page": f"{site_of(request)}{batch.get_absolute_url()}",
    }


def _warnings(columns: dict[str, Any]) -> Iterator[str]:
    for name in columns.get("dropped", []):
        yield f"The column “{name}” looks like data of patients: it was dropped, and nothing of it was kept."
    if emptied := columns.get("emptied", 0):
        yield f"Single cells that look like data of patients were emptied: {emptied:,}."
    for name in columns.get("ignored", []):
        yield f"The column “{name}” was not used."


def _address(request: Request, batch: CheckBatch) -> str:
    return f"{site_of(request)}{reverse('api:check_job', args=[batch.token])}"


def _not_done(request: Request, batch: CheckBatch) -> Response:
    if batch.state == CheckState.FAILED:
        return problem(409, "The lines were not checked", batch.failure)
    detail = (
        f"{batch.done:,} of {batch.lines_count:,} lines are done. Ask {_address(request, batch)} until it says done."
    )
    response = problem(409, "Not done yet", detail)
    response["Retry-After"] = str(ASK_AGAIN)
    return response
