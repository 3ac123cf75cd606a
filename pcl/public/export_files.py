"""The bulk files under their own names, and the way to the newest of each."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls.converters import SlugConverter
from django.views.decorators.http import require_safe

from pcl.models import ExportFile, ExportFormat
from pcl.public.file_answer import unchanging_file
from pcl.queries.bulk_files.ready import latest_file, newest_files

CONTENT_TYPES = {
    ExportFormat.CSV: "text/csv; charset=utf-8; header=present",
    ExportFormat.NDJSON: "application/x-ndjson",
    ExportFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ExportFormat.PARQUET: "application/vnd.apache.parquet",
}


class Word(SlugConverter):
    """Small letters only, so that a dated name is no word."""

    regex = "[a-z]+"


@require_safe
def export_file(request: HttpRequest, name: str) -> HttpResponseBase:
    """A bulk file; its name says of which instant it is."""
    found = ExportFile.objects.select_related("export_set").filter(name=name.replace("\x00", "")).first()
    if found is None:
        return _gone(request, name)
    try:
        return unchanging_file(
            request,
            found.path,
            sha256=found.sha256,
            size=found.bytes,
            made_at=found.export_set.generated_at,
            content_type=CONTENT_TYPES[ExportFormat(found.format)],
        )
    except FileNotFoundError:
        return _gone(request, name)


@require_safe
def export_latest(request: HttpRequest, noun: str, file_format: str) -> HttpResponseBase:
    """Leads to the newest file of that noun and format."""
    found = latest_file(noun, file_format)
    if found is None:
        return _gone(request, f"{noun}.{file_format}")
    response = HttpResponseRedirect(found.get_absolute_url())
    response["Cache-Control"] = "no-cache"
    response["Access-Control-Allow-Origin"] = "*"
    return response


@require_safe
def export_sums(request: HttpRequest) -> HttpResponse:
    """The digests of the newest files, as `sha256sum --check` reads them."""
    lines = [f"{file.sha256}  {file.name}\n" for file in newest_files()]
    response = HttpResponse("".join(lines), content_type="text/plain; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    response["Access-Control-Allow-Origin"] = "*"
    return response


def _gone(request: HttpRequest, name: str) -> HttpResponse:
    response = render(request, "public/no_such_file.html", {"name": name[:80]}, status=404)
    response["Access-Control-Allow-Origin"] = "*"
    return response
