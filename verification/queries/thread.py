"""The messages of an application, and which of them a person has not seen."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from verification.models import Application, Reading, Remark, Visibility
from verification.workflow.states import OPEN_FOR_REVIEW

if TYPE_CHECKING:
    from accounts.models import User


def messages_of(application: Application) -> QuerySet[Remark]:
    """What both sides read, oldest first."""
    return application.remarks.exclude(visibility=Visibility.INTERNAL).select_related("by").order_by("at", "id")


def read_up_to(application: Application, user: "User") -> int:
    """Id of the last message that `user` has seen; 0 where there is none."""
    found = Reading.objects.filter(application=application, user=user).values_list("up_to", flat=True).first()
    return found or 0


def with_unread(user: "User", applications: Iterable[Application], *, from_applicant: bool) -> set[int]:
    """Ids of those among `applications` with a message of the other side that `user` has not seen; one query.

    `from_applicant`: which side the other one is.
    """
    ids = [application.pk for application in applications]
    seen = Reading.objects.filter(user=user, application__in=ids).values_list("application_id", "up_to")
    return set(_unread(ids, dict(seen), from_applicant=from_applicant)) if ids else set()


def _unread(ids: list[int], seen: dict[int, int], *, from_applicant: bool) -> QuerySet[Remark, int]:
    new = Q()
    for application_id, up_to in seen.items():
        new |= Q(application=application_id, pk__gt=up_to)
    never = Q(application__in=[pk for pk in ids if pk not in seen])
    return (
        Remark.objects.filter(new | never, from_applicant=from_applicant)
        .exclude(visibility=Visibility.INTERNAL)
        .order_by()
        .values_list("application_id", flat=True)
        .distinct()
    )


def with_messages_nobody_took() -> QuerySet[Application]:
    """Open applications that nobody has taken, with a message of the applicant that waits; the longest first."""
    return (
        Application.objects.filter(message_waits_since__isnull=False, reviewer=None, status__in=OPEN_FOR_REVIEW)
        .select_related("organization")
        .order_by("message_waits_since", "id")
    )


def with_new_messages(user: "User") -> QuerySet[Application]:
    """Open applications that `user` reviews, in which the applicant wrote something that `user` has not seen."""
    seen = Reading.objects.filter(user=user, application=OuterRef("application")).values("up_to")[:1]
    new = Remark.objects.filter(
        application=OuterRef("pk"), from_applicant=True, pk__gt=Coalesce(Subquery(seen), Value(0))
    )
    return (
        Application.objects.filter(Exists(new), reviewer=user, status__in=OPEN_FOR_REVIEW)
        .select_related("organization")
        .order_by("submitted_at", "id")
    )
