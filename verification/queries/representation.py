"""Who acts for whom."""

from typing import TYPE_CHECKING

from django.db.models import QuerySet

from pcl.models import Organization
from verification.models import Representation

if TYPE_CHECKING:
    from accounts.models import User


def may_act_for(user: "User", organization_id: int) -> bool:
    """Whether `user` represents the organization now, on a confirmed word."""
    return organizations_of(user).filter(pk=organization_id).exists()


def organizations_of(user: "User") -> QuerySet[Organization]:
    """The organizations for which `user` may act now."""
    return Organization.objects.filter(
        representations__user=user,
        representations__confirmed_at__isnull=False,
        representations__ended_at=None,
    )


def waiting_for_confirmation(user: "User") -> QuerySet[Representation]:
    """What `user` asked for and the contractor has not yet confirmed."""
    return Representation.objects.filter(user=user, confirmed_at=None, ended_at=None).select_related("organization")


def unconfirmed() -> QuerySet[Representation]:
    """Everybody who waits for the contractor's word, longest first."""
    return (
        Representation.objects.filter(confirmed_at=None, ended_at=None)
        .select_related("organization", "user")
        .order_by("asked_at", "id")
    )
