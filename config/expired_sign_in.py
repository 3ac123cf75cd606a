"""A form that is sent after the sign-in has expired: what was typed waits until the same person has signed in again.

Who was signed in is gone with the session, so the browser keeps it in a signed cookie of its own. It opens no door: it
only says whose the text is, and somebody else who signs in does not get it. Nothing is sent by itself afterwards.
"""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from accounts.services.typed_text import forget_typed_text, keep_typed_text, may_be_kept

COOKIE = "who_writes"
SALT = "config.expired_sign_in"
DAYS = 30
# Rooms whose forms hold text. Those of the sign-in itself, with their passwords, are not among them.
KEPT_FOR = frozenset({"apply", "review", "registrar"})

# Shorter ones are choices and numbers.
SHORTEST_TEXT = 12


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """The way to the sign-in and, for a form that was sent, to what was typed into it."""
    if request.headers.get("HX-Request"):
        # A part of a page that asks by itself: the page, with all that is typed there, stays as it is.
        return HttpResponse(status=401)
    token = _kept(request) if request.method == "POST" else None
    if token is None:
        return redirect_to_login(request.get_full_path())
    messages.info(
        request,
        "Your sign-in had expired, so nothing was sent. What you typed is kept: sign in as the same person and it is "
        "shown to you again.",
    )
    return redirect_to_login(reverse("accounts:typed_text", args=[token]))


def keep_what_was_typed(request: HttpRequest) -> tuple[str | None, str]:
    """Of somebody who is signed in and has to show it again: the token of what was kept, and the page it stood on."""
    assert isinstance(request.user.pk, int)  # noqa: S101  # the permission map lets nobody else in
    return _keep(request, request.user.pk), _page(request)


def _kept(request: HttpRequest) -> str | None:
    match, user_id = request.resolver_match, _who_wrote(request)
    if user_id is None or match is None or match.namespace not in KEPT_FOR:
        return None
    return _keep(request, user_id)


def _keep(request: HttpRequest, user_id: int) -> str | None:
    fields = [(name, value) for name, values in request.POST.lists() for value in values if isinstance(value, str)]
    files = [upload.name or "" for _, uploads in request.FILES.lists() for upload in uploads]
    return keep_typed_text(
        user_id=user_id, path=request.get_full_path(), page=_page(request), fields=fields, file_names=files
    )


def typed_here(request: HttpRequest) -> list[str]:
    """The texts of a form whose token is not ours any more, to be copied: only where it stood on a page of ours."""
    match = request.resolver_match
    is_ours = request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"
    if not is_ours or match is None or match.namespace not in KEPT_FOR:
        return []
    return [
        value
        for name, values in request.POST.lists()
        for value in values
        if may_be_kept(name) and isinstance(value, str) and len(value.strip()) >= SHORTEST_TEXT
    ]


def _page(request: HttpRequest) -> str:
    """The page of ours that the form stood on; empty where the browser does not say."""
    said = urlsplit(request.headers.get("Referer", ""))
    if said.netloc != request.get_host() or not said.path.startswith("/") or said.path.startswith("//"):
        return ""
    return f"{said.path}?{said.query}" if said.query else said.path


def _who_wrote(request: HttpRequest) -> int | None:
    try:
        said = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=DAYS * 24 * 60 * 60)
    except signing.BadSignature:
        return None
    return said if isinstance(said, int) else None


def remember_who_writes(request: HttpRequest, response: HttpResponse) -> None:
    """Once a browser shows somebody's pages, it knows whose; and a text that arrived after all is not kept longer."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return
    if _who_wrote(request) != user.pk:
        response.set_cookie(
            COOKIE,
            signing.dumps(user.pk, salt=SALT),
            max_age=DAYS * 24 * 60 * 60,
            httponly=True,
            secure=settings.SESSION_COOKIE_SECURE,
            samesite="Lax",
        )
    was_kept = request.POST.get("typed_text") if request.method == "POST" else None
    if was_kept and 300 <= response.status_code < 400:
        forget_typed_text(user, was_kept)
