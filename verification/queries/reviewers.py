"""Who reviews."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Role, RoleAssignment, User
from verification.models import Application
from verification.workflow.states import OPEN_FOR_REVIEW

_HAS_THE_ROLE = Exists(RoleAssignment.objects.filter(user=OuterRef("pk"), role=Role.REVIEWER, revoked_at=None))


def reviewers() -> QuerySet[User]:
    """Who may be given an application to review, by name."""
    return User.objects.filter(_HAS_THE_ROLE, is_active=True).order_by("name", "pk")


def reviewers_with_work() -> QuerySet[Any]:
    """Those, and whoever has open applications although no longer a reviewer; `may_review` tells them apart."""
    has_work = Exists(Application.objects.filter(reviewer=OuterRef("pk"), status__in=OPEN_FOR_REVIEW))
    everybody = User.objects.annotate(may_review=_HAS_THE_ROLE & Q(is_active=True), has_work=has_work)
    return everybody.filter(Q(may_review=True) | Q(has_work=True)).order_by("name", "pk")


def who_assign() -> QuerySet[User]:
    """Who gives applications to reviewers, by name."""
    holds = RoleAssignment.objects.filter(
        user=OuterRef("pk"), role__in=[Role.APPROVER, Role.ADMINISTRATOR], revoked_at=None
    )
    return User.objects.filter(Exists(holds), is_active=True).order_by("name", "pk")
