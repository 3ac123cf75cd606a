"""When a person was here last: written at most once an hour, so that it costs a page nothing."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts.models import AccountEvent, EventKind, User

KEPT_TO = timedelta(hours=1)


class LastSeenMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        # Whether anybody is signed in is not asked here: a page that did not ask has no person to see.
        user = getattr(request, "_cached_user", None)
        if isinstance(user, User):
            note_seen(user)
        return response


def note_seen(user: User) -> None:
    """One statement at most, and that only where the last one is over an hour ago."""
    now = timezone.now()
    if user.last_seen_at is not None and now - user.last_seen_at < KEPT_TO:
        return
    stale = Q(last_seen_at=None) | Q(last_seen_at__lte=now - KEPT_TO)
    User.objects.filter(stale, pk=user.pk).update(last_seen_at=now)
    user.last_seen_at = now


def note_sign_in(sender: Any, user: User, **_: Any) -> None:
    """Receives Django's signal of a sign-in, whichever way it was made."""
    AccountEvent.objects.create(kind=EventKind.SIGNED_IN, by=user, person=user)
    note_seen(user)
