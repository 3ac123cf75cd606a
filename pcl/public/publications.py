"""What the contractor and the DME MACs have published on coding."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from pcl.models import Publication
from pcl.public.markdown import as_html
from pcl.public.paging import shown_page
from pcl.queries import publications as queries
from pcl.queries.keyset import Row


@require_safe
def publications(request: HttpRequest) -> HttpResponse:
    def rows(found: QuerySet[Any]) -> list[Row]:
        return queries.publication_rows(found, site="")

    page = shown_page(request, queries.publications(), order=queries.NEWEST_FIRST, rows_of=rows)
    return render(request, "public/publications.html", {"page": page}, status=400 if page.error else 200)


@require_safe
def publication(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Publication, slug=slug)
    context = {
        "publication": found,
        "body": as_html(found.body),
        "codes": list(found.codes.order_by("code").defer("search")),
        "history": list(found.history.all()),
        "requirements": list(found.requirements.select_related("code").order_by("code__code")),
    }
    return render(request, "public/publication.html", context)
