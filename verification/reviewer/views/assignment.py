"""Assigning many applications: chosen in the queue, looked at before it happens, told one by one afterwards."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.models import User
from verification.models import Application
from verification.queries.kept_out import kept_out_of
from verification.queries.queue import asked_for, submitted_applications
from verification.queries.reviewers import reviewers
from verification.reviewer.forms.queue import QueueForm
from verification.reviewer.people import person
from verification.services.assignment import MOST_AT_ONCE, assign_many, choosable, may_assign, preview_assignment

# Of this page; the rest of its address is the queue's.
OWN = ("application", "all", "to")


@dataclass(frozen=True)
class Chosen:
    seen: dict[int, int]
    """Version by key, in the order of the queue."""
    beyond: int = 0
    """How many more the filter has than can be assigned at once."""

    @property
    def written(self) -> str:
        return " ".join(f"{key}:{version}" for key, version in self.seen.items())


@require_http_methods(["GET", "HEAD", "POST"])
def assignment(request: HttpRequest) -> HttpResponse:
    """GET chooses and shows what would happen; POST with `confirm` does it, without it shows it, of what it sends."""
    user = person(request)
    given = request.POST if request.method == "POST" else request.GET
    form = QueueForm(_of_the_queue(request))
    if not form.is_valid():
        return render(request, "reviewer/queue.html", {"form": form}, status=400)
    chosen = _sent(request) if request.method == "POST" else _asked(request, form, user)
    people = list(reviewers()) if may_assign(user) else [user]
    to = given.get("to", "") or (str(user.pk) if people == [user] else "")
    reviewer = next((each for each in people if str(each.pk) == to), None)
    context: dict[str, Any] = {
        "form": form,
        "chosen": chosen,
        "count": len(chosen.seen),
        "people": people,
        "reviewer": reviewer,
        "takes": reviewer == user and not may_assign(user),
        "most": MOST_AT_ONCE,
        "queue_url": _queue_url(request),
        "error": "This is not somebody who reviews. Choose from the list." if to and reviewer is None else "",
    }
    if not chosen.seen or reviewer is None:
        status = 400 if context["error"] or not chosen.seen else 200
        return render(request, "reviewer/assignment.html", context, status=status)
    if request.method == "POST" and "confirm" in request.POST:
        done = assign_many(seen=chosen.seen, reviewer=reviewer, by=user)
        return render(request, "reviewer/assigned_many.html", context | _told(done))
    done = preview_assignment(seen=chosen.seen, reviewer=reviewer, by=user)
    return render(request, "reviewer/assignment.html", context | _told(done))


def _told(done: list[Any]) -> dict[str, Any]:
    """What was refused first: that is what somebody has to read."""
    taken = [each for each in done if not each.refusal]
    now = {each.application.pk: each.application.version for each in taken}
    return {
        "results": sorted(done, key=lambda each: not each.refusal),
        "taken": taken,
        "refused": len(done) - len(taken),
        "again": Chosen(now).written,
    }


def _of_the_queue(request: HttpRequest) -> Any:
    query = request.GET.copy()
    for name in OWN:
        query.pop(name, None)
    return query


def _queue_url(request: HttpRequest) -> str:
    query = _of_the_queue(request)
    return reverse("review:queue") + (f"?{query.urlencode()}" if query else "")


def _asked(request: HttpRequest, form: QueueForm, user: User) -> Chosen:
    """The rows that were ticked, or all of the filter that can be given to somebody, as they are now."""
    if request.GET.get("all"):
        question = form.question
        found = asked_for(question, user=user, today=timezone.localdate()).filter(status__in=choosable(user))
        # What the button did not count, because it would be refused whoever gets it.
        found = found.exclude(pk__in=kept_out_of(user, assigns=may_assign(user)))
        found = question.order.sorted(found, backward=False)
        rows = list(found.values_list("pk", "version")[:MOST_AT_ONCE])
        beyond = max(0, found.count() - MOST_AT_ONCE) if len(rows) == MOST_AT_ONCE else 0
        return Chosen(dict(rows), beyond)
    keys = [_number(text) for text in request.GET.getlist("application")][:MOST_AT_ONCE]
    return Chosen(_versions(keys))


def _versions(keys: list[int]) -> dict[int, int]:
    found = dict(submitted_applications().filter(pk__in=keys).order_by().values_list("pk", "version"))
    return {key: found[key] for key in keys if key in found}


def _sent(request: HttpRequest) -> Chosen:
    """What the page before had, with the versions that it showed."""
    pairs = [text.partition(":") for text in request.POST.get("chosen", "").split()[:MOST_AT_ONCE]]
    seen = {_number(key): _number(version) for key, _, version in pairs}
    existing = set(Application.objects.filter(pk__in=seen).exclude(dcn=None).values_list("pk", flat=True))
    return Chosen({key: version for key, version in seen.items() if key in existing})


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or len(text) > 18:
        raise BadRequest(f"“{text[:30]}” is not an application. Go back to the queue and choose again.")
    return int(text)
