"""The data dictionary: every field of CMS's record, and every value that it can have."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from hcpcs.queries.dictionary import LAYOUT_SOURCE, code_groups, dictionary


@require_safe
def data_dictionary(request: HttpRequest) -> HttpResponse:
    context = {"fields": dictionary(), "groups": code_groups(), "layout_source": LAYOUT_SOURCE}
    return render(request, "public/dictionary.html", context)
