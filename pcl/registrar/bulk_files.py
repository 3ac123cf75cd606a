"""Whether the bulk files that everybody downloads are made, and what went wrong where they are not."""

from django.conf import settings
from django.db.models import Count, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from pcl.models import ExportFailure, ExportSet
from pcl.queries.bulk_files.ready import newest_set, untold_failures

SHOWN_SETS = 40


@require_safe
def bulk_files(request: HttpRequest) -> HttpResponse:
    context = {
        "newest": newest_set(),
        "failure": ExportFailure.objects.order_by("-at").first() if untold_failures() else None,
        "sets": ExportSet.objects.annotate(count=Count("files"), size=Sum("files__bytes")).order_by("-generated_at")[
            :SHOWN_SETS
        ],
        "kept_days": settings.EXPORT_KEPT_DAYS,
        "kept_hours": settings.EXPORT_KEPT_HOURS,
    }
    return render(request, "registrar/bulk_files.html", context)
