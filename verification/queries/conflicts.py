"""Who must keep out of a review."""

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q, QuerySet

from verification.models import Application, Representation

if TYPE_CHECKING:
    from accounts.models import User


def has_conflict_of_interest(user: "User", application: Application) -> bool:
    """Whether `user` made the application, or acts or has ever acted for its organization."""
    return in_conflict(user, Application.objects.filter(pk=application.pk)).exists()


def in_conflict(user: "User", applications: QuerySet[Application]) -> QuerySet[Application]:
    """Those of `applications` that `user` must keep out of."""
    acted = Representation.objects.filter(user=user, organization=OuterRef("organization"), confirmed_at__isnull=False)
    return applications.filter(Q(created_by=user) | Exists(acted))
