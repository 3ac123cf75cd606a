"""Applications of which somebody of the contractor's is offered nothing: on a side once, or a decider of the first."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet, Value

from verification.models import Application
from verification.queries.conflicts import sides_of
from verification.queries.reconsideration import reconsiderations_closed_to
from verification.workflow.states import OPEN_FOR_REVIEW

if TYPE_CHECKING:
    from accounts.models import User

ON_A_SIDE = "You have acted for the applicant"
DECIDED_BEFORE = "You decided the first time"


def kept_out_of(user: "User", *, assigns: bool) -> dict[int, str]:
    """The open applications that `user` cannot take, or with `assigns` cannot give to anybody, each with why.

    The same that the workflow refuses. One question of several parts, each of which has an index of its own.
    """
    parts = [found.annotate(why=Value(why)).values_list("pk", "why") for found, why in _parts(user, assigns=assigns)]
    return dict(parts[0].union(*parts[1:], all=True))


def not_to_take(user: "User") -> QuerySet[Application, int]:
    """The numbers of those that `user` cannot take, to be asked as part of another question."""
    parts = [found.values_list("pk", flat=True) for found, _ in _parts(user, assigns=False)]
    return parts[0].union(*parts[1:], all=True)


def _parts(user: "User", *, assigns: bool) -> Iterator[tuple[QuerySet[Application], str]]:
    is_open = Application.objects.filter(status__in=OPEN_FOR_REVIEW).order_by()
    sides = sides_of(user)
    for on_a_side in (Q(created_by=user), Q(organization__in=sides), Q(made_by__in=sides)):
        yield is_open.filter(on_a_side), ON_A_SIDE
    if not assigns:
        yield reconsiderations_closed_to(user).filter(status__in=OPEN_FOR_REVIEW).order_by(), DECIDED_BEFORE
