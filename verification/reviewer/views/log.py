"""The log of everything, and the whole of it as a file."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import BadRequest
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.services.access_reviews import record_export
from verification.queries.audit_log import KINDS, Entry, log_as_csv, log_as_ndjson, log_page
from verification.reviewer.forms.log import LogForm
from verification.reviewer.log_words import details_of, what_happened
from verification.reviewer.people import person

ROWS_PER_PAGE = 100
_SIGNER = Signer(salt="verification.log")
FILES = {
    "csv": (log_as_csv, "text/csv; charset=utf-8; header=present"),
    "ndjson": (log_as_ndjson, "application/x-ndjson"),
}


@require_safe
def log(request: HttpRequest) -> HttpResponse:
    form = LogForm(request.GET)
    if not form.is_valid():
        return render(request, "reviewer/log.html", {"form": form}, status=400)
    backward, beyond = _read(request.GET.get("cursor", ""))
    found = log_page(form.asked, limit=ROWS_PER_PAGE + 1, beyond=beyond, backward=backward)
    has_more = len(found) > ROWS_PER_PAGE
    found = found[:ROWS_PER_PAGE]
    if backward:
        found.reverse()
    asked = {name: value for name, value in request.GET.dict().items() if value and name != "cursor"}

    def address(entry: Entry, *, backward: bool) -> str:
        return f"?{urlencode({**asked, 'cursor': _SIGNER.sign_object([backward, *entry.key], compress=True)})}"

    context = {
        "form": form,
        "rows": _rows(found),
        "asked": bool(asked),
        "query": urlencode(asked),
        "next_url": address(found[-1], backward=False) if found and (has_more or backward) else "",
        "previous_url": address(found[0], backward=True) if found and (has_more if backward else beyond) else "",
    }
    return render(request, "reviewer/log.html", context)


def _read(cursor: str) -> tuple[bool, list[Any] | None]:
    if not cursor:
        return False, None
    try:
        backward, *key = _SIGNER.unsign_object(cursor)
    except (BadSignature, ValueError) as error:
        raise BadRequest("This cursor was not given out here. Leave it out to begin with the newest.") from error
    return backward, key


def _rows(found: list[Entry]) -> list[dict[str, Any]]:
    people = User.objects.in_bulk({number for each in found for number in (each.by_id, each.person_id) if number})
    return [
        {
            "at": each.at,
            "kind": KINDS[each.kind],
            "what": what_happened(each),
            "by": people.get(each.by_id) if each.by_id else None,
            "person": people.get(each.person_id) if each.person_id and each.person_id != each.by_id else None,
            "subject": each.subject,
            "application_id": each.application_id if each.kind in {"step", "remark"} and each.what != "start" else None,
            "listing_id": each.subject.removeprefix("listing ") if each.kind == "listing" else None,
            "details": details_of(each),
        }
        for each in found
    ]


@require_safe
def log_export(request: HttpRequest, file_format: str) -> HttpResponse | StreamingHttpResponse:
    """All that the page shows for the same address, oldest first, streamed; that it was taken is logged first."""
    form = LogForm(request.GET)
    if not form.is_valid():
        faults = [str(fault) for faults in form.errors.values() for fault in faults]
        return HttpResponse("\n".join(faults), status=400, content_type="text/plain; charset=utf-8")
    lines, content_type = FILES[file_format]
    asked = {name: value for name, value in request.GET.dict().items() if value and name in form.fields}
    record_export(what=f"log as {file_format}", asked=asked, by=person(request))
    name = f"log-{timezone.localdate():%Y-%m-%d}.{file_format}"
    rows: Iterator[bytes] = lines(form.asked)
    return StreamingHttpResponse(
        rows, content_type=content_type, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
