"""Determinations that are approved and wait for their day."""

from datetime import date

from django.db.models import QuerySet

from verification.models import Application
from verification.workflow.states import Status


def waiting() -> QuerySet[Application]:
    """All that wait to be published, the earliest day first."""
    return (
        Application.objects.filter(status=Status.APPROVED)
        .select_related("organization", "reviewer", "determination__approved_by", "determination__recommended_by")
        .order_by("determination__publish_on", "id")
    )


def due(today: date) -> QuerySet[Application]:
    """Those whose day is `today` (US Eastern) or has passed."""
    return waiting().filter(determination__publish_on__lte=today)
