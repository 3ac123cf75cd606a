"""Who may do what: everybody with an account that is open, with what it can reach and when it was used last."""

from datetime import timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, F, IntegerField, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import AccountEvent, ApiKey, EventKind, RoleAssignment, User
from pcl.queries.column import Column, ColumnKind, Holds
from verification.models import Representation

SECOND_FACTORS = {"totp": "Code from an app", "webauthn": "Passkey or security key"}
WHO = {"contractor": "The contractor’s people", "applicants": "Applicants", "all": "Everybody"}
MARKS = {
    "no_second_factor": "Without a second factor",
    "unseen": "Not seen for long",
    "several_roles": "With several roles",
}

_roles = RoleAssignment.objects.filter(user=OuterRef("pk"), revoked_at=None)
_factors = Authenticator.objects.filter(user=OuterRef("pk"), type__in=SECOND_FACTORS)
_organizations = Representation.objects.filter(user=OuterRef("pk"), confirmed_at__isnull=False, ended_at=None)
_keys = ApiKey.objects.filter(user=OuterRef("pk"), revoked_at=None)


def _how_many(rows: QuerySet[Any]) -> Coalesce:
    counted = rows.order_by().values("user").annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counted), 0, output_field=IntegerField())


def access_list(*, who: str = "contractor", mark: str = "") -> QuerySet[User]:
    """Open accounts of WHO, of these only those that `mark` (of MARKS) names. Each row says what it reaches."""
    people = User.objects.filter(is_active=True)
    if who == "contractor":
        people = people.filter(Exists(_roles))
    elif who == "applicants":
        people = people.exclude(Exists(_roles))
    people = people.filter(_marked(mark))
    return people.annotate(
        role_names=ArraySubquery(_roles.order_by("role").values("role")),
        role_count=_how_many(_roles),
        roles_since=Subquery(_roles.order_by().values("user").annotate(first=Min("granted_at")).values("first")),
        organization_names=ArraySubquery(_organizations.order_by("organization__name").values("organization__name")),
        second_factors=ArraySubquery(_factors.order_by("type").values("type").distinct()),
        api_key_count=_how_many(_keys),
    )


def _marked(mark: str) -> Q:
    if mark == "no_second_factor":
        return ~Q(Exists(_factors))
    if mark == "unseen":
        return Q(last_seen_at=None) | Q(last_seen_at__lt=unseen_since())
    if mark == "several_roles":
        return Q(Exists(_several_roles))
    return Q()


_several_roles = _roles.order_by().values("user").annotate(held=Count("pk")).filter(held__gt=1)


def unseen_since() -> Any:
    """Whoever was not seen after this instant has not been seen for long."""
    return timezone.now() - timedelta(days=settings.ACCESS_UNSEEN_DAYS)


def mark_counts(*, who: str) -> dict[str, int]:
    """How many each mark finds among WHO, and `all`; one query."""
    marked = {mark: _marked(mark) for mark in MARKS}
    # Said of each row first: PostgreSQL takes no subquery on the row within what it counts.
    people = access_list(who=who).annotate(**{f"is_{mark}": Holds(found) for mark, found in marked.items()})
    return people.aggregate(all=Count("pk"), **{mark: Count("pk", filter=Q(**{f"is_{mark}": True})) for mark in MARKS})


def second_factors_of(user: User) -> list[str]:
    kinds = Authenticator.objects.filter(user=user, type__in=SECOND_FACTORS).values_list("type", flat=True).distinct()
    return [SECOND_FACTORS[kind] for kind in sorted(kinds)]


def reviews_of_access() -> QuerySet[AccountEvent]:
    """When somebody looked through the list and said so, newest first."""
    return AccountEvent.objects.filter(kind=EventKind.ACCESS_REVIEWED).select_related("by")


COLUMNS = (
    Column("name", "The person’s name.", F("name")),
    Column("email", "Their address, with which they sign in.", F("email")),
    Column("roles", "The contractor’s roles held now.", F("role_names"), kind=ColumnKind.TEXTS),
    Column("roles_since", "Since when the first of them.", F("roles_since"), kind=ColumnKind.INSTANT, typed=False),
    Column("organizations", "For which they act now.", F("organization_names"), kind=ColumnKind.TEXTS),
    Column("api_keys", "API keys in use.", F("api_key_count"), kind=ColumnKind.INTEGER, typed=False),
    Column("second_factors", "Empty: none.", F("second_factors"), kind=ColumnKind.TEXTS),
    Column("last_seen_at", "To the hour; empty: never.", F("last_seen_at"), kind=ColumnKind.INSTANT, typed=False),
    Column("joined_at", "Since when there is the account.", F("date_joined"), kind=ColumnKind.INSTANT, typed=False),
)
