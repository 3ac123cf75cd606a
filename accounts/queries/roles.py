"""Who holds a role of the contractor's now."""

from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import Role, RoleAssignment, User


def holds(*roles: Role) -> Exists:
    """Whether the person of the row holds one of them; whether that person may sign in is another question."""
    return Exists(RoleAssignment.objects.filter(user=OuterRef("pk"), role__in=roles, revoked_at=None))


def people_with(*roles: Role) -> QuerySet[User]:
    """Who holds one of `roles` and may sign in, by name."""
    return User.objects.filter(holds(*roles), is_active=True).order_by("name", "pk")
