"""Who must keep out of a review."""

from typing import TYPE_CHECKING

from verification.models import Application, Representation

if TYPE_CHECKING:
    from accounts.models import User


def has_conflict_of_interest(user: "User", application: Application) -> bool:
    """Whether `user` made the application, or acts or has ever acted for its organization."""
    return (
        application.created_by_id == user.pk
        or Representation.objects.filter(
            user=user, organization=application.organization_id, confirmed_at__isnull=False
        ).exists()
    )
