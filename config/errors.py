"""Pages for what went wrong: say what, and what to do."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that was open too long, in a browser that keeps no cookies, or sent from another site."""
    return render(request, "errors/403_csrf.html", {"reason": reason}, status=403)
