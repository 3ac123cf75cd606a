"""The keys that a person sees of their own."""

from django.db.models import QuerySet

from accounts.models import ApiKey, User


def keys_in_use(user: User) -> QuerySet[ApiKey]:
    """Newest first."""
    return ApiKey.objects.filter(user=user, revoked_at=None)
