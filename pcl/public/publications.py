"""What the contractor and the DME MACs have published on coding."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from pcl.models import Publication, PublicationStatus
from pcl.public.markdown import as_html
from pcl.public.paging import address, shown_page
from pcl.queries import publications as queries
from pcl.queries.keyset import Row
from pcl.queries.publication_filter import PublicationFilter


@require_safe
def publications(request: HttpRequest) -> HttpResponse:
    asked = PublicationFilter(request.GET, queries.publications())
    if not asked.is_valid():
        return render(request, "public/publications.html", {"form": asked.form}, status=400)

    def rows(found: QuerySet[Any]) -> list[Row]:
        return queries.publication_rows(found, site="")

    page = shown_page(request, asked.qs, order=queries.NEWEST_FIRST, rows_of=rows)
    context = {
        "form": asked.form,
        "page": page,
        "is_narrowed": any(request.GET.get(name, "").strip() for name in asked.filters),
        "all_url": address(request, status=None, code=None),
        "statuses": [(status, queries.MEANINGS[status]) for status in PublicationStatus],
    }
    return render(request, "public/publications.html", context, status=400 if page.error else 200)


@require_safe
def publication(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Publication, slug=slug)
    context = {
        "publication": found,
        "meaning": queries.MEANINGS[PublicationStatus(found.status)],
        "body": as_html(found.body),
        "codes": list(found.codes.order_by("code").defer("search")),
        "history": queries.history_of(found),
        "requirements": list(
            found.requirements.select_related("code").defer("code__search").order_by("code__code", "in_force")
        ),
    }
    return render(request, "public/publication.html", context)


@require_safe
def publication_version(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """What it said under that number, as long as that is no longer what it says."""
    found = get_object_or_404(Publication, slug=slug)
    if number == found.version:
        return redirect(found)
    version = queries.version_of(found, number)
    if version is None:
        raise Http404(f"This publication has no version {number}.")
    context = {
        "publication": found,
        "version": version,
        "body": as_html(version.body),
        "previous_url": _version_url(found, number - 1) if number > 1 else None,
        "next_url": _version_url(found, number + 1),
    }
    return render(request, "public/publication_version.html", context)


def _version_url(publication: Publication, number: int) -> str:
    return reverse("public:publication_version", args=[publication.slug, number])
