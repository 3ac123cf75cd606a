"""Determinations that are approved and wait: by day, with what stands in the way, moved and published."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Role
from verification.models import Application
from verification.queries.waiting import Day, days, foreseen_conflicts, of_day
from verification.queries.waiting import waiting as all_waiting
from verification.reviewer.people import person
from verification.services.publish_waiting import move_together, publish_together
from verification.services.rehearse_publication import rehearse_publication

ROWS_SHOWN = 300
# An application's number and its version, each within what the database counts to.
SEEN = re.compile(r"([0-9]{1,9})-([0-9]{1,9})")


@dataclass(frozen=True)
class Row:
    application: Application
    conflicts: list[str]
    is_own: bool
    """Whether the person recommended it, so that another one has to release it."""

    @property
    def field(self) -> str:
        """Names what was seen of it: which application, in which version."""
        return f"{self.application.pk}-{self.application.version}"


class MoveForm(forms.Form):
    publish_on = forms.DateField(label="Move the marked ones to", widget=forms.DateInput(attrs={"type": "date"}))


@require_safe
def waiting(request: HttpRequest) -> HttpResponse:
    return _page(request, MoveForm())


@require_POST
def move(request: HttpRequest) -> HttpResponse:
    """Another day for all that were marked, each in the version that was seen."""
    form = MoveForm(request.POST)
    seen = _seen(request)
    if not form.is_valid() or not seen:
        if not seen:
            form.add_error(None, "Mark the determinations that are to be moved.")
        return _page(request, form, marked={application.pk for application, _ in seen}, status=400)
    done = move_together(seen, publish_on=form.cleaned_data["publish_on"], by=person(request))
    _tell(request, done, did="moved")
    return redirect("review:waiting")


@require_http_methods(["GET", "HEAD", "POST"])
def day(request: HttpRequest, day: date) -> HttpResponse:
    """What publishing everything of that day does, tried and taken back; and doing it at once."""
    user = person(request)
    if request.method == "POST":
        if not user.has_role(Role.APPROVER):
            raise PermissionDenied
        seen = _seen(request)
        if not seen:
            messages.error(request, "Nothing was marked, so nothing was published.")
            return redirect("review:waiting_day", day)
        _tell(request, publish_together(seen, by=user), did="published")
        return redirect("review:waiting_day", day) if of_day(day).exists() else redirect("review:waiting")
    applications = list(of_day(day))
    if not applications:
        raise Http404
    rehearsed = rehearse_publication(applications, today=timezone.localdate())
    rows = [
        (Row(each.application, [each.failure] if each.failure else [], _is_own(each.application, user)), each)
        for each in rehearsed
    ]
    return render(
        request,
        "reviewer/waiting_day.html",
        {
            "day": day,
            "today": timezone.localdate(),
            "rows": rows,
            "listing_count": sum(each.count for each in rehearsed),
            "failing": sum(bool(each.failure) for each in rehearsed),
            "may_publish": user.has_role(Role.APPROVER),
        },
    )


def _page(
    request: HttpRequest, form: MoveForm, *, marked: set[int] | frozenset[int] = frozenset(), status: int = 200
) -> HttpResponse:
    user = person(request)
    applications = list(all_waiting()[:ROWS_SHOWN])
    conflicts = foreseen_conflicts(applications)
    rows: dict[date, list[Row]] = {}
    for application in applications:
        publish_on = application.determination.publish_on
        assert publish_on is not None  # noqa: S101  # what waits has a day
        rows.setdefault(publish_on, []).append(
            Row(application, conflicts.get(application.pk, []), _is_own(application, user))
        )
    by_day: list[tuple[Day, list[Row]]] = [(each, rows.get(each.day, [])) for each in days()]
    return render(
        request,
        "reviewer/waiting.html",
        {
            "days": by_day,
            "count": sum(each.count for each, _ in by_day),
            "rows_shown": ROWS_SHOWN,
            "today": timezone.localdate(),
            "form": form,
            "marked": marked,
            "may_move": user.has_role(Role.APPROVER),
            "may_open_day": user.has_role(Role.REVIEWER, Role.APPROVER),
        },
        status=status,
    )


def _is_own(application: Application, user: Any) -> bool:
    return application.determination.recommended_by_id == user.pk


def _seen(request: HttpRequest) -> list[tuple[Application, int]]:
    """The applications that were marked, each with the version that the page showed."""
    versions = {}
    for each in request.POST.getlist("seen"):
        read = SEEN.fullmatch(each)
        if read is None:
            raise BadRequest("seen is the number of an application and its version, like 12-3.")
        versions[int(read[1])] = int(read[2])
    found = Application.objects.in_bulk(versions)
    return [(found[pk], version) for pk, version in versions.items() if pk in found]


def _tell(request: HttpRequest, done: list[Any], *, did: str) -> None:
    by_the_worker = [each.application.dcn for each in done if not each.failure and each.by_the_worker]
    if by_the_worker:
        messages.success(
            request,
            f"Being published by itself, since very many listings change: {', '.join(by_the_worker)}. "
            "The application’s page says when it is done.",
        )
    count = sum(not each.failure for each in done) - len(by_the_worker)
    if count:
        messages.success(request, f"{count} determination{'' if count == 1 else 's'} {did}.")
    for each in done:
        if each.failure:
            messages.error(request, f"{each.application.dcn} was not {did}. {each.failure}")
