"""An applicant's organizations: who is in them, who wants in, and what happened. Somebody else's is not there."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, QuerySet
from django.shortcuts import get_object_or_404

from pcl.models import Organization
from verification.models import AccessLog, Application, Representation
from verification.queries.representation import (
    IN_FORCE_NOW,
    SURVIVOR,
    administered_by,
    authorization_of,
    authorizations_between,
    family_of,
    organizations_of,
    people_of,
    reach_of,
)

if TYPE_CHECKING:
    from accounts.models import User
    from verification.models import Authorization

LINES_OF_HISTORY = 30


@dataclass(frozen=True)
class Member:
    user: "User"
    is_administrator: bool
    since: "object"
    """The instant from which the person may act."""


def own_organization(user: "User", slug: str) -> Organization:
    """Raises Http404 for one for which `user` does not act; of a merged one, gives the one that it was merged into."""
    found = get_object_or_404(Organization, slug=slug)
    return get_object_or_404(organizations_of(user), pk=found.merged_into_id or found.pk)


def members_of(organization: Organization) -> list[Member]:
    """Everybody who acts for it now, administrators first, then by name; each person once."""
    rows: dict[int, Representation] = {}
    acting = Representation.objects.filter(IN_FORCE_NOW, organization__in=family_of(organization), user__is_active=True)
    for row in acting.select_related("user").order_by("-is_administrator", "user__name", "user__pk"):
        rows.setdefault(row.user_id, row)
    return [Member(row.user, row.is_administrator, row.confirmed_at) for row in rows.values()]


def requests_to(organization: Organization) -> QuerySet[Representation]:
    """Who asks to act for it and waits for an answer, longest first."""
    asked = Representation.objects.filter(confirmed_at=None, ended_at=None, organization__in=family_of(organization))
    return asked.select_related("user", "organization").order_by("asked_at", "id")


def history_of(organization: Organization) -> QuerySet[AccessLog]:
    """The newest acts of its history."""
    acts = AccessLog.objects.filter(organization__in=family_of(organization))
    related = acts.select_related("person", "by", "authorization__manufacturer", "authorization__representative")
    return related.order_by("-at", "-id")[:LINES_OF_HISTORY]


def what_waits_for_administrator(user: "User") -> dict[int, int]:
    """How many ask to act for each organization that `user` administers, by its number."""
    asked = Representation.objects.filter(confirmed_at=None, ended_at=None)
    asked = asked.annotate(survivor=SURVIVOR)
    of_it = asked.filter(survivor__in=administered_by(user).order_by().values("pk"))
    return dict(of_it.order_by().values_list("survivor").annotate(Count("pk")))


def ended_access(user: "User") -> list[Representation]:
    """For whom `user` acted once and does not any more, newest first."""
    own = set(organizations_of(user).values_list("pk", flat=True))
    ended = Representation.objects.filter(user=user, ended_at__isnull=False, confirmed_at__isnull=False)
    rows = ended.select_related("organization").order_by("-ended_at", "-id")
    return [row for row in rows if (row.organization.merged_into_id or row.organization_id) not in own]


@dataclass(frozen=True)
class Behalf:
    """For whom somebody may apply: an own organization, or one that authorized theirs."""

    organization: Organization
    made_by: Organization | None = None

    @property
    def key(self) -> str:
        return f"{self.organization.pk}-{self.made_by.pk}" if self.made_by else str(self.organization.pk)

    @property
    def label(self) -> str:
        if self.made_by is None:
            return self.organization.name
        return f"{self.organization.name}, as its representative {self.made_by.name}"


def on_whose_behalf(user: "User", *, kind: str | None = None) -> list[Behalf]:
    """For whom `user` may apply today, own organizations first; with `kind`, only for such applications."""
    own = list(organizations_of(user))
    pairs = [
        (each.made_for, each.made_by)
        for each in reach_of(user).made_for
        if kind is None or not each.kinds or kind in each.kinds
    ]
    named = Organization.objects.filter(merged_into=None).in_bulk({pk for made_for, _ in pairs for pk in made_for})
    through = [
        Behalf(organization, next(each for each in own if each.pk in made_by))
        for made_for, made_by in pairs
        for organization in named.values()
        if organization.pk in made_for
    ]
    # Two authorizations between the same two are one choice.
    return [Behalf(each) for each in own] + sorted(dict.fromkeys(through), key=lambda each: each.label)


@dataclass(frozen=True)
class Side:
    """One of the parties at the applicant's side of an application."""

    organization: Organization
    is_representative: bool
    people: "list[User]"


def sides_of(application: Application) -> list[Side]:
    """Who may act on it now: the people for whom it is made and, while authorized, those who made it."""
    sides = [Side(application.organization, False, list(people_of(family_of(application.organization))))]  # noqa: FBT003
    if application.made_by is not None and authorization_of(application) is not None:
        sides.append(Side(application.made_by, True, list(people_of(family_of(application.made_by)))))  # noqa: FBT003
    return sides


def last_authorization_of(application: Application) -> "Authorization | None":
    """The one in force or, where none is any more, the one that was in force last."""
    if application.made_by is None:
        return None
    confirmed = authorizations_between(application.organization, application.made_by).filter(confirmed_at__isnull=False)
    ended_last: Iterable[Authorization] = confirmed.order_by("-begins", "-pk")
    return authorization_of(application) or next(iter(ended_last), None)
