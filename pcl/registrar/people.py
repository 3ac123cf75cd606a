"""Who asks."""

from django.http import HttpRequest

from accounts.models import User


def registrar(request: HttpRequest) -> User:
    """Who is signed in; the permission map lets nobody else come this far."""
    assert isinstance(request.user, User)  # noqa: S101
    return request.user
