"""A form that arrives for an application that is not there: refused like any other, and what was typed is not lost.

That happens to a representative whose authorization ended, or a colleague whose access did, while the form was open.
The answer is the same for everybody, so it tells nothing about the application.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

# Not typed by anybody.
OURS = frozenset({"csrfmiddlewaretoken", "seen_version", "list", "continue", "attach_now", "remove_document"})


def gives_back_what_was_typed(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Http404:
            typed = [] if request.method != "POST" else list(_typed(request))
            if not typed:
                raise
            return render(request, "applicant/not_yours.html", {"typed": typed}, status=404)

    return guarded


def _typed(request: HttpRequest) -> Any:
    for name, values in request.POST.lists():
        text = "\n".join(value for value in values if value.strip())
        if name not in OURS and text:
            yield name.replace("_", " ").replace("-", " ").capitalize(), text
