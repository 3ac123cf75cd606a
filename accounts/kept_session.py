"""Whoever takes a second factor off their own account stays signed in here, and nowhere else."""

from typing import Any

from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest

from accounts.models import User
from accounts.services.sessions import end_sessions


def end_other_sessions(sender: Any, request: HttpRequest, user: User, **_: Any) -> None:
    """Receives django-allauth's signal that an app, a passkey or the recovery codes were removed."""
    end_sessions(user)
    update_session_auth_hash(request, user)
