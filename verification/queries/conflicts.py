"""Who must keep out of a review."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce

from pcl.models import Organization
from verification.models import Application, Representation

if TYPE_CHECKING:
    from accounts.models import User


def has_conflict_of_interest(user: "User", application: Application) -> bool:
    """Whether `user` made the application, or acts or has ever acted for its organization or its representative."""
    return in_conflict(user, Application.objects.filter(pk=application.pk)).exists()


def those_in_conflict(people: "Iterable[User]", application: Application) -> "list[User]":
    """Those of `people` for whom has_conflict_of_interest is true, in their order; one query for all of them."""
    asked = list(people)
    sides = {
        side.merged_into_id or side.pk for side in (application.organization, application.made_by) if side is not None
    }
    out = {application.created_by_id, *_acted(asked).filter(side__in=sides).values_list("user_id", flat=True)}
    return [person for person in asked if person.pk in out]


def sides_of(user: "User") -> "QuerySet[Organization, int]":
    """The organizations for which `user` acts or has ever acted, and all that became one with them; their numbers."""
    survivors = _acted([user]).values("side")
    meant = Organization.objects.filter(Q(pk__in=survivors) | Q(merged_into__in=survivors))
    return meant.order_by().values_list("pk", flat=True)


def in_conflict(user: "User", applications: QuerySet[Application]) -> QuerySet[Application]:
    """Those of `applications` that `user` must keep out of; merged organizations count as the one they became."""
    sides = _acted([user]).values("side")
    return applications.annotate(
        applicants_side=Coalesce("organization__merged_into", F("organization")),
        representatives_side=Coalesce("made_by__merged_into", F("made_by")),
    ).filter(Q(created_by=user) | Q(applicants_side__in=sides) | Q(representatives_side__in=sides))


def _acted(people: "Iterable[User]") -> QuerySet[Any]:
    """Each confirmed word of `people`, ended or not, with `side`: the organization, or what it was merged into."""
    confirmed = Representation.objects.filter(user__in=people, confirmed_at__isnull=False)
    return confirmed.annotate(side=Coalesce("organization__merged_into", F("organization")))
