"""Who must keep out of a review."""

from typing import TYPE_CHECKING

from verification.models import Application, Representation
from verification.queries.representation import family_of

if TYPE_CHECKING:
    from accounts.models import User


def has_conflict_of_interest(user: "User", application: Application) -> bool:
    """Whether `user` made the application, or acts or has ever acted for its organization or its representative."""
    if application.created_by_id == user.pk:
        return True
    sides = [application.organization, *([application.made_by] if application.made_by else [])]
    members = frozenset[int]().union(*(family_of(side) for side in sides))
    return Representation.objects.filter(user=user, organization__in=members, confirmed_at__isnull=False).exists()
