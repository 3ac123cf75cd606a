"""The part of a page that changes while the worker is at it (templates/components/progress.html)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def progress_part(request: HttpRequest, template: str, *, page_url: str, is_over: bool, **shown: Any) -> HttpResponse:
    """It replaces itself; once the work is over, the whole page at `page_url` is asked for."""
    response = render(request, template, {"page_url": page_url, **shown})
    if is_over:
        response["HX-Refresh"] = "true"
    return response
