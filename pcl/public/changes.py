"""What changed on the list, newest first."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from pcl.models import ListingChange
from pcl.public.paging import shown_page
from pcl.queries.change_feed import NEWEST_FIRST
from pcl.queries.change_words import in_words
from pcl.queries.keyset import Row


@require_safe
def changes(request: HttpRequest) -> HttpResponse:
    def rows(found: QuerySet[Any]) -> list[Row]:
        return [{"seq": change.seq, "said": in_words(change)} for change in found]

    page = shown_page(request, ListingChange.objects.all(), order=NEWEST_FIRST, rows_of=rows)
    return render(request, "public/changes.html", {"page": page}, status=400 if page.error else 200)
