"""Working through a filtered queue, one application after the other, without going back to the list.

The queue's own parameters travel in the address as one, `queue`: what somebody works through can be linked and shared.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from verification.models import Application
from verification.queries.queue import Question, next_in, next_of_how_many, place_in_hand, place_of, to_work_on
from verification.reviewer.forms.queue import QueueForm
from verification.reviewer.people import person

PARAMETER = "queue"
VIEW_NAMES = {
    "all": "All",
    "mine": "Mine",
    "unassigned": "Not taken",
    "to_approve": "To approve",
    "closed": "Closed",
}
Place = list[Any]


@dataclass(frozen=True)
class Walk:
    """A queue that `user` works through."""

    said: str
    """Its parameters, as they stand in the address."""
    question: Question
    narrowed_by: list[str]
    user: User
    today: date

    @property
    def trail(self) -> str:
        """To be added to addresses, so that the walk goes on there."""
        return f"?{urlencode({PARAMETER: self.said})}"

    @property
    def queue_url(self) -> str:
        return reverse("review:queue") + (f"?{self.said}" if self.said else "")

    @property
    def in_words(self) -> str:
        return " · ".join([VIEW_NAMES[self.question.whose], *self.narrowed_by])

    def address_of(self, application: Application) -> str:
        return reverse("review:application", args=[application.pk]) + self.trail

    def place(self, application: Application) -> Place:
        """Where it stands in the order; to be asked before a step, which may move it."""
        return place_of(application, self.question)

    def next_after(self, application: Application, place: Place) -> Application | None:
        """The next one on which something can be done, or the first again; None when no other is left."""
        return next_in(self._others(application), self.question, place)

    def next_and_left(self, application: Application, *, kept_out: Iterable[int]) -> tuple[Application | None, int]:
        """As `next_after`, from where it stands now, and how many others there are.

        `kept_out`: the numbers of what the person cannot take.
        """
        others = self._others(application, kept_out)
        found = next_of_how_many(others, self.question, place_in_hand(application, self.question))
        return (None, 0) if found is None else found

    def _others(self, application: Application, kept_out: Iterable[int] | None = None) -> QuerySet[Application]:
        found = to_work_on(self.question, user=self.user, today=self.today, kept_out=kept_out)
        return found.exclude(pk=application.pk)


def walk_of(request: HttpRequest) -> Walk | None:
    """The queue from which somebody came; None where they came from elsewhere, or the address says no queue."""
    if PARAMETER not in request.GET:
        return None
    query = QueryDict(request.GET[PARAMETER], mutable=True)
    query.pop("cursor", None)
    form = QueueForm(query)
    if not form.is_valid():
        return None
    return Walk(query.urlencode(), form.question, form.in_words, person(request), timezone.localdate())


def trail_to(query: QueryDict) -> str:
    """From a page of the queue with that query into an application."""
    query = query.copy()
    query.pop("cursor", None)
    return f"?{urlencode({PARAMETER: query.urlencode()})}"


def dossier_address(request: HttpRequest, application_id: int) -> str:
    """The application's page, on the same walk."""
    address = reverse("review:application", args=[application_id])
    return f"{address}?{urlencode({PARAMETER: request.GET[PARAMETER]})}" if PARAMETER in request.GET else address
