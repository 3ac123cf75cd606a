"""CMS's releases: which are loaded, and what each changed."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from hcpcs.queries.release_comparison import Comparison, RecordChange
from pcl.api.exports import begun
from pcl.csv_files import csv_headers
from pcl.public.differences import shown_differences
from pcl.public.paging import address, shown_page
from pcl.queries.codes import BY_CODE
from pcl.queries.keyset import Row
from pcl.queries.parameters import BadParameter
from pcl.queries.releases import (
    KIND_WORDS,
    AskedChanges,
    ShownRelease,
    asked_changes,
    changes_as_csv,
    changes_in,
    shown_release,
    shown_releases,
)


@require_safe
def releases(request: HttpRequest) -> HttpResponse:
    return render(request, "public/releases.html", {"releases": shown_releases(), "kinds": KIND_WORDS.values()})


@require_safe
def release(request: HttpRequest, release_id: int) -> HttpResponse:
    shown = shown_release(release_id)
    if shown is None:
        return render(request, "public/no_such_release.html", {"release_id": release_id}, status=404)
    context: dict[str, Any] = {"shown": shown, "release": shown.release}
    if shown.comparison is None:
        return render(request, "public/release.html", context)
    error = ""
    try:
        asked = asked_changes(request.GET)
    except BadParameter as fault:
        asked, error = AskedChanges(None, ""), str(fault)
    page = shown_page(request, asked.found(shown.comparison), order=BY_CODE, rows_of=_rows(shown.comparison))
    csv_url = reverse("public:release_changes_csv", args=[release_id])
    query = address(request).partition("?")[2]
    context |= {
        "comparison": shown.comparison,
        "counts": shown.counts,
        "count": _exact_count(shown, asked),
        "asked": asked,
        "error": error or page.error,
        "page": page,
        "tabs": _tabs(request, shown, asked),
        "definition": KIND_WORDS[asked.kind][1] if asked.kind else "",
        "kinds": [KIND_WORDS[kind] for kind in shown.comparison.kinds],
        "csv_url": f"{csv_url}?{query}" if query else csv_url,
        "api_url": f"{reverse('api:release_changes', args=[release_id])}{'?' if query else ''}{query}",
    }
    return render(request, "public/release.html", context, status=400 if context["error"] else 200)


def _rows(comparison: Comparison) -> Any:
    rows_of = changes_in(comparison)

    def rows(records: QuerySet[Any]) -> list[Row]:
        return [row | _as_shown(row["change"]) for row in rows_of(records)]

    return rows


def _as_shown(change: RecordChange) -> Row:
    return {
        "record": change.record,
        "tags": [KIND_WORDS[kind][0] for kind in change.kinds],
        "differences": shown_differences(change.fields),
        "is_described_anew": "long_description" in change.fields,
    }


def _exact_count(shown: ShownRelease, asked: AskedChanges) -> int | None:
    """Where it is known without counting again."""
    if asked.q or shown.counts is None:
        return None
    return shown.counts.of_kind[asked.kind] if asked.kind else shown.counts.total


def _tabs(request: HttpRequest, shown: ShownRelease, asked: AskedChanges) -> list[dict[str, object]]:
    assert shown.comparison is not None  # noqa: S101
    assert shown.counts is not None  # noqa: S101
    tabs = [("All changes", None, shown.counts.total)]
    tabs += [(KIND_WORDS[kind][0], kind, shown.counts.of_kind[kind]) for kind in shown.comparison.kinds]  # type: ignore[misc]
    return [
        {"text": text, "count": count, "url": address(request, kind=kind), "is_current": kind == asked.kind}
        for text, kind, count in tabs
    ]


@require_safe
def release_changes_csv(request: HttpRequest, release_id: int) -> HttpResponseBase:
    shown = shown_release(release_id)
    if shown is None or shown.comparison is None:
        raise Http404("There is no such release, or nothing to compare it with.")
    try:
        asked = asked_changes(request.GET)
    except BadParameter as fault:
        return HttpResponse(str(fault), status=400, content_type="text/plain; charset=utf-8")
    return StreamingHttpResponse(
        begun(changes_as_csv(asked, shown.comparison)) if request.method != "HEAD" else iter(()),
        headers=csv_headers(f"hcpcs-changes-{release_id}.csv"),
    )
