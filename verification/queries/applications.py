"""Applications as their owners see them. What belongs to somebody else is not there: 404, not 403."""

from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from verification.models import Application, Document
from verification.queries.representation import reach_of

if TYPE_CHECKING:
    from accounts.models import User


def applications_of(user: "User") -> QuerySet[Application]:
    """Every application on which `user` may act, last saved first."""
    return (
        Application.objects.filter(reach_of(user).applications)
        .select_related("organization", "made_by")
        .order_by("-saved_at", "-id")
    )


def own_application(user: "User", application_id: int) -> Application:
    """Raises Http404 for an application on which `user` may not act now."""
    return get_object_or_404(applications_of(user).select_related("reviewer"), pk=application_id)


def own_document(user: "User", application_id: int, document_id: int) -> Document:
    """Raises Http404 for a document that is not attached to an own application."""
    documents = Document.objects.filter(application__in=applications_of(user), removed_at=None)
    documents = documents.select_related("application__organization")
    return get_object_or_404(documents, application_id=application_id, pk=document_id)
