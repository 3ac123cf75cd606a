"""The queue: whose turn it is, oldest first or what is due first."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import Role
from pcl.public.paging import address, shown_page
from pcl.queries.keyset import Row
from verification.models import Application
from verification.queries.kept_out import kept_out_of
from verification.queries.queue import Question, Whose, asked_for, counts, numbers_above, open_to
from verification.queries.queue import queue as queue_of
from verification.queries.queue_export import queue_as_csv
from verification.reviewer.forms.queue import STATES, QueueForm
from verification.reviewer.light import light_of
from verification.reviewer.people import person
from verification.reviewer.walk import VIEW_NAMES, trail_to
from verification.reviewer.wording import STATE_TAGS, age_in_words
from verification.services.assignment import MOST_AT_ONCE, choosable, may_assign
from verification.workflow.states import FINAL, Status

ROWS_PER_PAGE = 50


@dataclass(frozen=True)
class View:
    """One of the views of the queue, with what its empty page says."""

    whose: Whose
    label: str
    nothing: str
    what_then: str


VIEWS = (
    View("all", VIEW_NAMES["all"], "No application was submitted yet", "What a manufacturer submits shows up here."),
    View("mine", VIEW_NAMES["mine"], "You have no application in review", "Take one from those that nobody has taken."),
    View(
        "unassigned",
        VIEW_NAMES["unassigned"],
        "Nothing waits to be taken",
        "Every submitted application has a reviewer.",
    ),
    View(
        "to_approve",
        VIEW_NAMES["to_approve"],
        "No recommendation waits for you",
        "What you recommended yourself is not here, nor what is to be reconsidered of what you decided: another "
        "approver decides on it.",
    ),
    View(
        "closed",
        VIEW_NAMES["closed"],
        "Nothing was closed yet",
        "Determinations, rejections and withdrawals show up here.",
    ),
)


@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    user, today = person(request), timezone.localdate()
    form = QueueForm(request.GET)
    if not form.is_valid():
        return render(request, "reviewer/queue.html", {"form": form}, status=400)
    question = form.question
    found = asked_for(question, user=user, today=today).select_related("organization", "reviewer")
    # Long, and not shown in a row.
    found = found.defer("description", "answers", "manufacturer_address")
    counted = counts(question, user=user, today=today)
    # An aggregate has counted them already, and exactly.
    count = sum(counted.states.values()) if not question.state else counted.states[question.state]
    can_be_chosen = choosable(user)
    closed = kept_out_of(user, assigns=may_assign(user)) if can_be_chosen else {}
    rows_of = partial(_rows, kept_out=closed, choosable=can_be_chosen)
    page = shown_page(request, found, order=question.order, rows_of=rows_of, limit=ROWS_PER_PAGE, counted=(count, True))
    above = numbers_above(user)
    context = {
        "form": form,
        "question": question,
        "views": [(view, counted.views[view.whose], address(request, whose=view.whose)) for view in VIEWS],
        "view": next(view for view in VIEWS if view.whose == question.whose),
        "states": _states(request, question, counted.states),
        "narrowed_by": form.in_words,
        "everything_url": f"{request.path}?whose={question.whose}",
        "csv_url": address(request).replace(request.path, reverse("review:queue_csv"), 1),
        "trail": trail_to(request.GET),
        "page": page,
        "rows": page.rows,
        "count": count,
        "next_url": page.next_url,
        "previous_url": page.previous_url,
        "may_take": user.has_role(Role.REVIEWER),
        "may_assign": may_assign(user),
        "may_choose": any(row["can_be_chosen"] for row in page.rows),
        "may_be_chosen": may_be_chosen(found, counted.states, question, can_be_chosen, closed),
        "most_at_once": MOST_AT_ONCE,
        "kept": [(name, value) for name, value in request.GET.items() if value and name != "cursor"],
        "waiting_messages": above["messages"],
        "waiting_count": above["approved"],
        "waiting_people": above["people"] if user.has_role(Role.REGISTRAR) else None,
    }
    return render(request, "reviewer/queue.html", context, status=400 if page.error else 200)


@require_safe
def queue_csv(request: HttpRequest) -> HttpResponseBase:
    """Everything that the page's filters find, whatever page was looked at."""
    form = QueueForm(request.GET)
    if not form.is_valid():
        return render(request, "reviewer/queue.html", {"form": form}, status=400)
    today = timezone.localdate()
    pieces = queue_as_csv(form.question, user=person(request), today=today)
    response = StreamingHttpResponse(pieces, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="review-queue-{today.isoformat()}.csv"'
    return response


def _states(request: HttpRequest, question: Question, counted: dict[str, int]) -> list[tuple[str, str, int, str]]:
    """Those that the view has, and the one asked for; with the address that asks for it, or no longer does."""
    return [
        (key, label, counted[key], address(request, state=None if key == question.state else key))
        for key, label in STATES
        if counted[key] or key == question.state
    ]


def may_be_chosen(
    found: QuerySet[Any],
    counted: Mapping[str, int],
    question: Question,
    choosable: frozenset[Status],
    kept_out: Mapping[int, str],
) -> int:
    """Of how many of `found` the button for all can do what it says, as far as that does not hang on who gets them."""
    in_the_states = sum(counted[each] for each in choosable if question.state in ("", each))
    if not kept_out or not in_the_states:
        return in_the_states
    return in_the_states - found.filter(pk__in=kept_out, status__in=choosable).order_by().count()


def _rows(found: QuerySet[Any], *, kept_out: Mapping[int, str], choosable: frozenset[Status]) -> list[Row]:
    """`kept_out`: what the reader is offered nothing of, because the workflow would refuse it, with why."""
    today = timezone.localdate()
    applications = list(found.prefetch_related("requested_codes__code"))
    return [
        {
            "id": application.pk,
            "is_closed": application.is_closed,
            "due_rank": application.due_rank.isoformat(),
            "submitted_at": application.submitted_at.isoformat(),
            "closed_at": application.closed_at.isoformat() if application.closed_at else None,
            "state_rank": application.state_rank,
            "organization": application.organization.name,
            "application": application,
            "codes": [requested.code.code for requested in application.requested_codes.all()],
            "tag": STATE_TAGS[application.status],
            "age": age_in_words(application),
            "is_final": application.status in FINAL,
            "light": light_of(application, today=today),
            "can_be_taken": application.status == Status.SUBMITTED and application.pk not in kept_out,
            "can_be_chosen": application.status in choosable and application.pk not in kept_out,
            "kept_out": kept_out.get(application.pk, ""),
        }
        for application in applications
    ]


def next_to_do(user: Any, *, after: Application, kept_out: Iterable[int] | None = None) -> Application | None:
    """What `user` would turn to next: a recommendation to decide on, or else the oldest that nobody has taken.

    `kept_out`: the numbers of what `user` cannot take, where that was asked already.
    """
    if user.has_role(Role.APPROVER):
        found = queue_of(user, "to_approve").exclude(pk=after.pk).first()
        if found is not None:
            return found
    if user.has_role(Role.REVIEWER):
        return open_to(user, queue_of(user, "unassigned"), kept_out=kept_out).exclude(pk=after.pk).first()
    return None
