"""Who asks, and for which application."""

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from accounts.models import User
from verification.models import Application
from verification.queries.queue import submitted_applications


def person(request: HttpRequest) -> User:
    """Who is signed in; the permission map lets nobody else come this far."""
    assert isinstance(request.user, User)  # noqa: S101
    return request.user


def open_application(application_id: int) -> Application:
    """Raises Http404 for a draft, too: drafts are the applicant's own."""
    return get_object_or_404(submitted_applications(), pk=application_id)
