"""Who reviews."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Role, User
from accounts.queries.roles import holds, people_with
from verification.models import Application
from verification.workflow.states import OPEN_FOR_REVIEW


def reviewers() -> QuerySet[User]:
    """Who may be given an application to review, by name."""
    return people_with(Role.REVIEWER)


def reviewers_with_work() -> QuerySet[Any]:
    """Those, and whoever has open applications although no longer a reviewer; `may_review` tells them apart."""
    has_work = Exists(Application.objects.filter(reviewer=OuterRef("pk"), status__in=OPEN_FOR_REVIEW))
    everybody = User.objects.annotate(may_review=holds(Role.REVIEWER) & Q(is_active=True), has_work=has_work)
    return everybody.filter(Q(may_review=True) | Q(has_work=True)).order_by("name", "pk")


def who_assign() -> QuerySet[User]:
    """Who gives applications to reviewers, by name."""
    return people_with(Role.APPROVER, Role.ADMINISTRATOR)
