"""Who acts for whom."""

from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model
from django.db.models import QuerySet

from pcl.models import Organization
from pcl.queries.organization_names import find_organization
from verification.models import Application, Representation
from verification.workflow.attempt import YES, Verdict, no

if TYPE_CHECKING:
    from accounts.models import User


def may_act_on(user: "User", application: Application) -> bool:
    """Whether `user` may read and take `application` on now, at the applicant's side."""
    return may_act_for(user, application.organization_id)


def may_ask_for_reconsideration(user: "User", application: Application) -> Verdict:
    """Whether `user` is the manufacturer's contact or its designated representative: a distributor's people are not."""
    refused = no(
        "Only the manufacturer's point of contact or its designated representative may ask for a reconsideration. Ask "
        "one of them to do so."
    )
    if not may_act_on(user, application):
        return refused
    distributor = find_organization(application.distributor_name) if application.distributor_name else None
    maker = find_organization(application.manufacturer_name)
    is_valid = distributor != application.organization or maker == application.organization
    return YES if is_valid else refused


def who_may_act_on(application: Application) -> "QuerySet[User]":
    """Everybody for whom may_act_on is true and who may sign in, by name."""
    return (
        get_user_model()
        .objects.filter(
            representations__organization=application.organization_id,
            representations__confirmed_at__isnull=False,
            representations__ended_at=None,
            is_active=True,
        )
        .order_by("name", "pk")
    )


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
