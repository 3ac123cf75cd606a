"""The reviewers' queue: which applications are asked for, in which order, and how many there are of each kind."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Literal, get_args

from django.contrib.postgres.search import SearchQuery
from django.db.models import Count, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import User
from pcl.models import Organization
from pcl.queries.keyset import Order
from pcl.text import prefix_query
from verification.clocks import clocks
from verification.models import Application, RequestedCode
from verification.queries.kept_out import not_to_take
from verification.queries.reconsideration import reconsiderations_closed_to
from verification.queries.representation import unconfirmed
from verification.workflow.states import FINAL, OPEN_FOR_REVIEW, STOPS_THE_CLOCK, Status

Whose = Literal["all", "mine", "unassigned", "to_approve", "closed"]
NOBODY = "nobody"
WAITING_MESSAGE: dict[str, Any] = {"message_waits_since__isnull": False, "is_closed": False}
# What comes first in each order. Whatever is open comes before what is closed; `newest` and `closed` mix them or have
# only one of them.
ORDERS = {
    "due": Order(columns=("is_closed", "due_rank", "id"), key=("is_closed", "due_rank", "id")),
    "submitted": Order(columns=("is_closed", "submitted_at", "id"), key=("is_closed", "submitted_at", "id")),
    "newest": Order(columns=("submitted_at", "id"), key=("submitted_at", "id"), falling=True),
    "state": Order(columns=("state_rank", "submitted_at", "id"), key=("state_rank", "submitted_at", "id")),
    "organization": Order(
        columns=("organization__name", "submitted_at", "id"), key=("organization", "submitted_at", "id")
    ),
    "closed": Order(columns=("closed_at", "id"), key=("closed_at", "id"), falling=True),
}


@dataclass(frozen=True)
class Question:
    """What is asked of the queue. Every part narrows; empty means any."""

    whose: Whose = "all"
    state: str = ""
    group: str = ""
    code: str = ""
    organization: str = ""
    """Its slug, or part of its name, today's or an earlier one."""
    kind: str = ""
    age: int | None = None
    """Submitted at least so many days ago, US Eastern."""
    due: str = ""
    """`overdue`, `soon` (as the clocks say), `stopped`, or within so many days: `7`, `14`, `30`."""
    message: str = ""
    """`waiting`: the applicant wrote something that nobody has taken up; of open ones."""
    reviewer: str = ""
    """A user's key, or `nobody`."""
    q: str = ""
    """Words of product, maker or applicant, a document control number, a model number, a code; or how they begin."""
    sort: str = ""

    @property
    def sorted_by(self) -> str:
        return self.sort or ("closed" if self.whose == "closed" else "submitted")

    @property
    def order(self) -> Order:
        return ORDERS[self.sorted_by]

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but the view and the order is asked."""
        return replace(self, whose="all", sort="") != Question()


@dataclass(frozen=True)
class Counts:
    views: dict[str, int]
    """By view, under the same filters."""
    states: dict[str, int]
    """By state, under the same filters and in the view asked for."""


def asked_for(question: Question, *, user: User, today: date) -> QuerySet[Application]:
    """The applications that `question` of `user` means; unsorted, `question.order` says how.

    The view `to_approve` leaves out what `user` recommended, and what is to be reconsidered of what `user` decided:
    another approver has to decide on it.
    """
    found = _narrowed(question, today=today).filter(_in_view(question.whose, user))
    if question.state:
        found = found.filter(status=question.state)
    return found


def queue(user: User, whose: Whose = "all") -> QuerySet[Application]:
    """A view of the queue, open ones first and among them the oldest: an answered request keeps its place in it."""
    question = Question(whose=whose, sort="submitted")
    found = asked_for(question, user=user, today=timezone.localdate()).select_related("organization", "reviewer")
    return question.order.sorted(found, backward=False)


def counts(question: Question, *, user: User, today: date) -> Counts:
    """How many there are in each view and in each state: all from one pass over an index that has both of its columns,
    but what waits for an approver, which depends on who recommended it."""
    narrowed = _narrowed(question, today=today)
    by_state = {
        state: {"all": everything, "mine": mine, "unassigned": nobody}
        for state, everything, mine, nobody in narrowed.order_by()
        .values_list("status")
        .annotate(
            everything=Count("status"),
            mine=Count("status", filter=Q(reviewer=user)),
            nobody=Count("status", filter=Q(reviewer=None)),
        )
    }
    to_approve = narrowed.filter(_in_view("to_approve", user)).count()

    def counted(whose: Whose, state: str) -> int:
        if whose == "to_approve":
            return to_approve if state == Status.RECOMMENDED else 0
        if (whose == "closed") is not (state in FINAL) and whose != "all":
            return 0
        return by_state.get(state, {}).get("all" if whose == "closed" else whose, 0)

    states = [status.value for status in Status if status != Status.DRAFT]
    return Counts(
        views={
            whose: sum(counted(whose, state) for state in states if question.state in ("", state))
            for whose in get_args(Whose)
        },
        states={state: counted(question.whose, state) for state in states},
    )


def to_work_on(
    question: Question, *, user: User, today: date, kept_out: Iterable[int] | None = None
) -> QuerySet[Application]:
    """Those of the queue on which somebody of the contractor's can do something: what waits for others is passed over,
    unless the question asks for just that.

    `kept_out`: what `user` cannot take, where that was asked already.
    """
    found = asked_for(question, user=user, today=today)
    if question.whose != "closed" and question.state not in FINAL:
        found = found.filter(is_closed=False)
    if question.state not in STOPS_THE_CLOCK and question.due != "stopped":
        found = found.exclude(status__in=STOPS_THE_CLOCK)
    if question.whose == "mine" and question.state != Status.RECOMMENDED:
        found = found.exclude(status=Status.RECOMMENDED)
    # Asked for first: this one is read from several sides at once, and a list of few numbers costs that nothing.
    return found.exclude(pk__in=list(not_to_take(user) if kept_out is None else kept_out))


def open_to(
    user: User, found: QuerySet[Application], *, kept_out: Iterable[int] | None = None
) -> QuerySet[Application]:
    """Without what `user` is offered none of to take: reconsiderations of what `user` decided, and applications of
    whom `user` has acted for."""
    return found.exclude(pk__in=not_to_take(user) if kept_out is None else list(kept_out))


def place_of(application: Application, question: Question) -> list[Any]:
    """Where `application` stands in the order of `question`, whether or not it is asked for."""
    found = Application.objects.values_list(*question.order.columns)
    return ["" if value is None else value for value in found.get(pk=application.pk)]


def next_in(found: QuerySet[Application], question: Question, place: list[Any]) -> Application | None:
    """The first of `found` behind `place`, or the first of all where none is behind it."""
    order, found = question.order, found.select_related("organization")
    behind = order.sorted(found.filter(order.beyond(place, backward=False)), backward=False).first()
    return behind or order.sorted(found, backward=False).first()


def place_in_hand(application: Application, question: Question) -> list[Any]:
    """As `place_of`, of one that was just fetched, without asking for it again."""
    known: dict[str, Any] = {"organization__name": application.organization.name}
    values = [known[name] if name in known else getattr(application, name) for name in question.order.columns]
    return ["" if value is None else value for value in values]


def next_of_how_many(
    found: QuerySet[Application], question: Question, place: list[Any]
) -> tuple[Application, int] | None:
    """As `next_in`, with the number of all that are found; one query."""
    order = question.order
    count = found.order_by().annotate(every=Value(1)).values("every").annotate(count=Count("pk")).values("count")
    counted = found.select_related("organization").annotate(how_many=Subquery(count))
    ranked = order.sorted(found, backward=False)
    behind = ranked.filter(order.beyond(place, backward=False))
    either = Q(pk=Subquery(behind.values("pk")[:1])) | Q(pk=Subquery(ranked.values("pk")[:1]))
    # The very first, and behind it the next one where there is one.
    rows = list(order.sorted(counted.filter(either), backward=False))
    return (rows[-1], rows[-1].how_many) if rows else None


def submitted_applications() -> QuerySet[Application]:
    """What the contractor's people may open: everything but drafts, which are the applicant's own."""
    return Application.objects.exclude(status=Status.DRAFT).select_related(
        "organization", "made_by", "reviewer", "created_by", "determination"
    )


def numbers_above(user: User) -> dict[str, int]:
    """How much waits elsewhere, for the links above the queue: `messages` that nobody has taken up, `approved`
    determinations for their day, and `people` for confirmation. One question."""
    counted = {
        "messages": Application.objects.filter(**WAITING_MESSAGE),
        "approved": Application.objects.filter(status=Status.APPROVED),
        "people": unconfirmed().select_related(None),
    }
    numbers = User.objects.filter(pk=user.pk).values_list(*[_number(of) for of in counted.values()]).get()
    return dict(zip(counted, numbers, strict=True))


def _number(found: QuerySet[Any]) -> Coalesce:
    one = found.order_by().annotate(every=Value(1)).values("every")
    return Coalesce(Subquery(one.annotate(number=Count("pk")).values("number")), Value(0))


def _in_view(whose: Whose, user: User) -> Q:
    return {
        "all": Q(status__in=set(Status) - {Status.DRAFT}),
        "mine": Q(reviewer=user, status__in=OPEN_FOR_REVIEW),
        "unassigned": Q(reviewer=None, status__in=OPEN_FOR_REVIEW),
        "to_approve": Q(status=Status.RECOMMENDED)
        & ~Q(determination__recommended_by=user)
        & ~Q(pk__in=reconsiderations_closed_to(user).order_by().values("pk")),
        "closed": Q(closed_at__isnull=False),
    }[whose]


def _narrowed(question: Question, *, today: date) -> QuerySet[Application]:
    """By everything but view and state."""
    found = Application.objects.exclude(status=Status.DRAFT).filter(**_said(question, today=today))
    if question.organization:
        found = found.filter(organization__in=_organizations(question.organization))
    if question.due:
        found = found.filter(_due(question.due, today=today))
    if question.q:
        words = prefix_query(question.q)
        if words is None:
            return found.none()
        found = found.filter(words__words=SearchQuery(words, config="simple", search_type="raw"))
    return found


def _said(question: Question, *, today: date) -> dict[str, Any]:
    """What is a column of the application, or a set of its codes."""
    said: dict[str, Any] = {}
    if question.group:
        said["product_group"] = question.group
    if question.kind:
        said["kind"] = question.kind
    if question.reviewer:
        said["reviewer"] = None if question.reviewer == NOBODY else int(question.reviewer)
    if question.message:
        said |= WAITING_MESSAGE
    if question.code:
        said["pk__in"] = RequestedCode.objects.filter(code__code=question.code).values("application")
    if question.age is not None:
        said["submitted_at__lt"] = _begin_of(today - timedelta(days=question.age - 1))
    return said


def _organizations(said: str) -> QuerySet[Any]:
    named = Q(name__icontains=said) | Q(names__name__icontains=said) | Q(slug=said)
    meant = Organization.objects.filter(named).values("pk")
    # What was merged into an organization is its own, and its new name finds what it applied for under the old one.
    return Organization.objects.filter(Q(pk__in=meant) | Q(merged_into__in=meant)).values("pk")


def _due(said: str, *, today: date) -> Q:
    """By the rank and not by the day, because that is what the index has; closed ones are not due."""
    is_open = Q(is_closed=False)
    if said == "stopped":
        return Q(status__in=STOPS_THE_CLOCK)
    if said == "overdue":
        return is_open & Q(due_rank__lt=today)
    if said == "soon":
        near = Q()
        for kind, clock in clocks().review.items():
            near |= Q(kind=kind, due_rank__lte=clock.after(today, clock.soon))
        return is_open & Q(due_rank__gte=today) & near
    return is_open & Q(due_rank__range=(today, today + timedelta(days=int(said))))


def _begin_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
