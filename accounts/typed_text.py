"""The page on which a person finds again what was sent after the sign-in had expired."""

from typing import cast
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.text import capfirst
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from accounts.services.typed_text import forget_typed_text, typed_text_of

# Sent along, also by the buttons of a section, and nothing that a person typed.
NOT_READ = frozenset({"seen_version", "continue", "list", "step"})


@require_http_methods(["GET", "HEAD", "POST"])
def typed_text(request: HttpRequest, token: str) -> HttpResponse:
    """Shows it; nothing is sent before the person says so. POST throws it away."""
    user = cast("User", request.user)  # the permission map lets nobody else in
    kept = typed_text_of(user, token)
    if kept is None:
        return render(request, "accounts/typed_text_gone.html", status=404)
    if request.method == "POST":
        forget_typed_text(user, token)
        return redirect("accounts:home")
    page = kept.page or kept.path
    context = {
        "kept": kept,
        "token": token,
        "page": page,
        "write_on": f"{page}{'&' if urlsplit(page).query else '?'}typed_text={token}",
        "texts": [
            (capfirst(name.replace("-", " ").replace("_", " ")), value)
            for name, value in kept.fields
            if value.strip() and name not in NOT_READ
        ],
    }
    return render(request, "accounts/typed_text.html", context)


@require_safe
def typed_fields(request: HttpRequest, token: str) -> HttpResponse:
    """For the script that puts them into the form again. 404 for somebody else's."""
    kept = typed_text_of(cast("User", request.user), token)
    if kept is None:
        return JsonResponse({}, status=404)
    return JsonResponse({"path": kept.path, "fields": kept.fields})
