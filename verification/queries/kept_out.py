"""Applications of which somebody of the contractor's is offered nothing: on a side once, or a decider of the first."""

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
    sides = sides_of(user)
    on_a_side = (Q(created_by=user), Q(organization__in=sides), Q(made_by__in=sides))
    parts = [_of(Application.objects.filter(said), ON_A_SIDE) for said in on_a_side]
    if not assigns:
        parts.append(_of(reconsiderations_closed_to(user), DECIDED_BEFORE))
    return dict(parts[0].union(*parts[1:], all=True))


def _of(found: QuerySet[Application], why: str) -> QuerySet[Application, tuple[int, str]]:
    return found.filter(status__in=OPEN_FOR_REVIEW).order_by().annotate(why=Value(why)).values_list("pk", "why")
