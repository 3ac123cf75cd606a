"""A person's applications, sorted by what they ask of the person."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from verification.applicant.public_words import TagKind, tag
from verification.models import Application
from verification.queries.applications import applications_of
from verification.queries.organizations import Behalf
from verification.queries.representation import family_of
from verification.queries.thread import with_unread
from verification.workflow.states import FINAL, Status

if TYPE_CHECKING:
    from accounts.models import User

CLOSED_PER_PAGE = 25
LONG = 10


@dataclass(frozen=True)
class Line:
    application: Application
    tag: TagKind
    has_new: bool
    """Whether the reviewer wrote something that the person has not seen."""


@dataclass(frozen=True)
class Overview:
    waiting: list[Line]
    """Requests for information, due first, and drafts, saved last first."""
    under_way: list[Line]
    """With the contractor, submitted last first. When it was last touched there is not the applicant's to know."""
    closed: list[Line]
    older: int | None
    """The application that the next page of closed ones begins after; None on the last page."""

    @property
    def is_empty(self) -> bool:
        return not (self.waiting or self.under_way or self.closed)

    @property
    def is_long(self) -> bool:
        """Whether the parts are so far from one another, on a phone above all, that links to them are wanted."""
        return len(self.waiting) + len(self.under_way) + len(self.closed) > LONG


def overview(user: "User", *, closed_after: int | None = None, on_behalf: Behalf | None = None) -> Overview:
    """`closed_after`: show the closed applications that closed before this one. `on_behalf`: only these."""
    applications = applications_of(user)
    if on_behalf is not None:
        applications = applications.filter(organization__in=family_of(on_behalf.organization))
        if on_behalf.made_by is not None:
            applications = applications.filter(made_by__in=family_of(on_behalf.made_by))
    open_ones = list(applications.filter(discarded_at=None).exclude(status__in=FINAL))
    drafts = [each for each in open_ones if each.is_draft]
    asked = [each for each in open_ones if each.status == Status.INFORMATION_REQUESTED]
    under_way = [each for each in open_ones if each not in drafts and each not in asked]
    closed = list(_closed(applications, closed_after)[: CLOSED_PER_PAGE + 1])
    new = with_unread(user, [*asked, *under_way, *closed], from_applicant=False)
    return Overview(
        waiting=_lines([*sorted(asked, key=lambda each: (each.answer_due_on, each.pk)), *drafts], new),
        under_way=_lines(sorted(under_way, key=lambda each: (each.submitted_at, each.pk), reverse=True), new),
        closed=_lines(closed[:CLOSED_PER_PAGE], new),
        older=closed[CLOSED_PER_PAGE - 1].pk if len(closed) > CLOSED_PER_PAGE else None,
    )


def _lines(applications: Iterable[Application], new: set[int]) -> list[Line]:
    return [Line(each, tag(each), has_new=each.pk in new) for each in applications]


def _closed(applications: QuerySet[Application], closed_after: int | None) -> QuerySet[Application]:
    closed = applications.filter(status__in=FINAL).order_by("-closed_at", "-id")
    last = closed.filter(pk=closed_after).first() if closed_after is not None else None
    if last is None:
        return closed
    return closed.filter(Q(closed_at__lt=last.closed_at) | Q(closed_at=last.closed_at, pk__lt=last.pk))
