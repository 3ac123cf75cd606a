"""The reviewers' queue: open work first, oldest first."""

from typing import TYPE_CHECKING, Literal

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When

from verification.models import Application
from verification.workflow.states import OPEN_FOR_REVIEW, Status

if TYPE_CHECKING:
    from accounts.models import User

Whose = Literal["all", "mine", "unassigned", "to_approve", "closed"]


def queue(user: "User", whose: Whose = "all") -> QuerySet[Application]:
    """Submitted applications for the contractor's people, open ones first and among them the oldest first.

    `to_approve` leaves out what `user` recommended: another approver has to decide on it.
    """
    applications = Application.objects.exclude(status=Status.DRAFT).select_related("organization", "reviewer")
    chosen = {
        "all": Q(),
        "mine": Q(reviewer=user, status__in=OPEN_FOR_REVIEW),
        "unassigned": Q(reviewer=None, status__in=OPEN_FOR_REVIEW),
        "to_approve": Q(status=Status.RECOMMENDED) & ~Q(determination__recommended_by=user),
        "closed": ~Q(status__in=OPEN_FOR_REVIEW),
    }[whose]
    open_first = Case(When(status__in=OPEN_FOR_REVIEW, then=Value(0)), default=Value(1), output_field=IntegerField())
    return applications.filter(chosen).annotate(is_closed=open_first).order_by("is_closed", "submitted_at", "id")


def queue_counts(user: "User") -> dict[str, int]:
    """How many applications each view of the queue holds, in one query."""
    is_open = Q(status__in=OPEN_FOR_REVIEW)
    return Application.objects.exclude(status=Status.DRAFT).aggregate(
        all=Count("id"),
        mine=Count("id", filter=is_open & Q(reviewer=user)),
        unassigned=Count("id", filter=is_open & Q(reviewer=None)),
        to_approve=Count("id", filter=Q(status=Status.RECOMMENDED) & ~Q(determination__recommended_by=user)),
        closed=Count("id", filter=~is_open),
        waiting=Count("id", filter=Q(status=Status.APPROVED)),
    )


def submitted_applications() -> QuerySet[Application]:
    """What the contractor's people may open: everything but drafts, which are the applicant's own."""
    return Application.objects.exclude(status=Status.DRAFT).select_related(
        "organization", "reviewer", "created_by", "determination"
    )
