"""Saying that somebody has an application open, and who else has."""

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from verification.models import Application, Presence

if TYPE_CHECKING:
    from accounts.models import User

# A page says so three times in this time; one that was closed is forgotten after it.
PRESENT_FOR = timedelta(seconds=60)
LONGEST_PAGE = 60


def be_present(*, application: Application, user: "User", page: str, is_typing: bool) -> list[Presence]:
    """Note that `user` has `page` (in words) of the application open; answers with the others, who type first."""
    now = timezone.now()
    Presence.objects.update_or_create(
        application=application,
        user=user,
        defaults={"page": page[:LONGEST_PAGE], "is_typing": is_typing, "seen_at": now},
    )
    return list(
        Presence.objects.filter(application=application, seen_at__gt=now - PRESENT_FOR)
        .exclude(user=user)
        .select_related("user")
        .order_by("-is_typing", "user__name", "pk")
    )
