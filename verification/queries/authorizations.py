"""Authorizations as people read them: in which state, between which days, on whose word."""

from typing import Literal

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from pcl.dates import day_in_words
from pcl.models import Organization
from verification.models import Authorization, Representation
from verification.models.application import ApplicationKind
from verification.queries.representation import IN_FORCE_NOW, SURVIVOR, family_of

State = Literal["waiting", "begins later", "in force", "ran out", "ended"]
# Newest first; older ones stay in the log.
MOST_SHOWN = 50


def state_of(authorization: Authorization) -> State:
    """Where it stands today, US Eastern."""
    today = timezone.localdate()
    if authorization.ended_at is not None:
        return "ended"
    if authorization.confirmed_at is None:
        return "waiting"
    if authorization.begins > today:
        return "begins later"
    return "ran out" if authorization.until is not None and authorization.until < today else "in force"


def days_in_words(authorization: Authorization) -> str:
    begins = day_in_words(authorization.begins)
    if authorization.until is None:
        return f"from {begins} until it is ended"
    return f"from {begins} to {day_in_words(authorization.until)}"


def kinds_in_words(authorization: Authorization) -> str:
    if not authorization.kinds:
        return "All kinds of applications"
    return ", ".join(str(ApplicationKind(kind).label) for kind in authorization.kinds)


def whose_word(authorization: Authorization) -> str:
    """Who confirmed it, without a person's name."""
    if authorization.confirmed_at is None:
        return ""
    return "the contractor, on a document" if authorization.confirmed_by_contractor else authorization.principal_name


def in_words(authorization: Authorization) -> str:
    """For the contractor's people: one sentence on what was allowed, when, and on whose word."""
    ended = ""
    if authorization.ended_at is not None:
        ended = f"; {authorization.get_ending_display().lower()} on {_day(authorization.ended_at)}"
    confirmed = ""
    if authorization.confirmed_at is not None:
        confirmed = f", confirmed by {whose_word(authorization)} on {_day(authorization.confirmed_at)}"
    return (
        f"Authorization of {authorization.principal_name} for {authorization.representative.name} "
        f"({authorization.get_capacity_display().lower()}), {days_in_words(authorization)}{confirmed}{ended}"
    )


def _day(at: object) -> str:
    return day_in_words(timezone.localtime(at).date())  # type: ignore[arg-type]


def given_by(organization: Organization) -> QuerySet[Authorization]:
    """What others may do, or ask to do, for `organization`, newest first."""
    return _newest(Q(manufacturer__in=family_of(organization)))


def received_by(organization: Organization) -> QuerySet[Authorization]:
    """For whom `organization` may act, or asks to, newest first."""
    return _newest(Q(representative__in=family_of(organization)))


def confirmed_by_the_contractor() -> QuerySet[Authorization]:
    """In force or yet to begin on the contractor's word, newest first."""
    rows = Authorization.objects.filter(confirmed_by_contractor=True, ended_at=None)
    lasting = rows.filter(Q(until=None) | Q(until__gte=timezone.localdate()))
    return lasting.select_related("manufacturer", "representative").order_by("-confirmed_at", "-id")[:MOST_SHOWN]


def _newest(whose: Q) -> QuerySet[Authorization]:
    found = Authorization.objects.filter(whose).select_related("manufacturer", "representative")
    return found.order_by("-asked_at", "-id")[:MOST_SHOWN]


def for_the_contractor() -> QuerySet[Authorization]:
    """What waits for the contractor's answer, longest first: nobody of the manufacturer is there to give it."""
    administered = (
        Representation.objects.filter(IN_FORCE_NOW, is_administrator=True, user__is_active=True)
        .annotate(survivor=SURVIVOR)
        .filter(survivor=OuterRef("survivor"))
    )
    return (
        Authorization.objects.filter(confirmed_at=None, ended_at=None)
        .annotate(survivor=Coalesce("manufacturer__merged_into", "manufacturer"))
        .exclude(Exists(administered))
        .select_related("manufacturer", "representative", "asked_by")
        .order_by("asked_at", "id")
    )
