"""Who must keep out of a review."""

from typing import TYPE_CHECKING

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce

from verification.models import Application, Representation

if TYPE_CHECKING:
    from accounts.models import User


def has_conflict_of_interest(user: "User", application: Application) -> bool:
    """Whether `user` made the application, or acts or has ever acted for its organization or its representative."""
    return in_conflict(user, Application.objects.filter(pk=application.pk)).exists()


def in_conflict(user: "User", applications: QuerySet[Application]) -> QuerySet[Application]:
    """Those of `applications` that `user` must keep out of; merged organizations count as the one they became."""
    acted = Representation.objects.filter(user=user, confirmed_at__isnull=False)
    sides = acted.annotate(side=Coalesce("organization__merged_into", F("organization"))).values("side")
    return applications.annotate(
        applicants_side=Coalesce("organization__merged_into", F("organization")),
        representatives_side=Coalesce("made_by__merged_into", F("made_by")),
    ).filter(Q(created_by=user) | Q(applicants_side__in=sides) | Q(representatives_side__in=sides))
