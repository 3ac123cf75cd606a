"""The queue: whose turn it is, oldest first."""

from dataclasses import dataclass
from typing import Any, cast, get_args
from urllib.parse import urlencode

from django.core.exceptions import BadRequest
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import Role
from pcl.queries.keyset import Order, Row, page_of
from pcl.queries.parameters import BadParameter
from verification.models import Application
from verification.queries.queue import Whose, queue_counts
from verification.queries.queue import queue as queue_of
from verification.queries.representation import unconfirmed
from verification.reviewer.people import person
from verification.reviewer.wording import STATE_TAGS, age_in_words, is_overdue
from verification.workflow.states import FINAL, Status

ROWS_PER_PAGE = 100
OPEN_FIRST_OLDEST_FIRST = Order(columns=("is_closed", "submitted_at", "id"), key=("is_closed", "submitted_at", "id"))


@dataclass(frozen=True)
class View:
    """One of the views of the queue, with what its empty page says."""

    whose: Whose
    label: str
    nothing: str
    what_then: str


VIEWS = (
    View("all", "All", "No application was submitted yet", "What a manufacturer submits shows up here."),
    View("mine", "Mine", "You have no application in review", "Take one from those that nobody has taken."),
    View("unassigned", "Not taken", "Nothing waits to be taken", "Every submitted application has a reviewer."),
    View(
        "to_approve",
        "To approve",
        "No recommendation waits for you",
        "What you recommended yourself is not here: another approver decides on it.",
    ),
    View("closed", "Closed", "Nothing was closed yet", "Determinations, rejections and withdrawals show up here."),
)


@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    user = person(request)
    whose = request.GET.get("whose") or "all"
    if whose not in get_args(Whose):
        raise BadRequest(f"whose is one of {', '.join(get_args(Whose))}.")
    try:
        page = page_of(
            queue_of(user, cast("Whose", whose)),
            order=OPEN_FIRST_OLDEST_FIRST,
            limit=ROWS_PER_PAGE,
            cursor=request.GET.get("cursor", ""),
            question=f"review queue {whose}",
            rows_of=_rows,
        )
    except BadParameter as error:
        raise BadRequest(str(error)) from error
    counts = queue_counts(user)
    return render(
        request,
        "reviewer/queue.html",
        {
            "views": [(view, counts[view.whose]) for view in VIEWS],
            "view": next(view for view in VIEWS if view.whose == whose),
            "count": counts[whose],
            "rows": page.rows,
            "next_url": _address(whose, page.next),
            "previous_url": _address(whose, page.previous),
            "may_take": user.has_role(Role.REVIEWER),
            "waiting_count": counts["waiting"],
            "waiting_people": unconfirmed().count() if user.has_role(Role.REGISTRAR) else None,
        },
    )


def _address(whose: str, cursor: str | None) -> str:
    return f"?{urlencode({'whose': whose, 'cursor': cursor})}" if cursor else ""


def _rows(applications: QuerySet[Any]) -> list[Row]:
    today = timezone.localdate()
    return [
        {
            "id": application.pk,
            "is_closed": application.is_closed,
            "submitted_at": application.submitted_at.isoformat(),
            "application": application,
            "codes": [requested.code.code for requested in application.requested_codes.all()],
            "tag": STATE_TAGS[application.status],
            "age": age_in_words(application),
            "is_final": application.status in FINAL,
            "is_overdue": is_overdue(application, today=today),
            "can_be_taken": application.status == Status.SUBMITTED,
        }
        for application in applications.prefetch_related("requested_codes__code")
    ]


def next_to_do(user: Any, *, after: Application) -> Application | None:
    """What `user` would turn to next: a recommendation to decide on, or else the oldest that nobody has taken."""
    if user.has_role(Role.APPROVER):
        found = queue_of(user, "to_approve").exclude(pk=after.pk).first()
        if found is not None:
            return found
    if user.has_role(Role.REVIEWER):
        return queue_of(user, "unassigned").exclude(pk=after.pk).first()
    return None
