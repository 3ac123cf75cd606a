"""From a form over its preview to the act: the same three steps for everything that a registrar does.

Nothing is kept between the steps but what the page itself sends along, so that Back, a second window and a lost
connection do no harm.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from pcl.errors import RegisterError
from pcl.models import Renaming
from pcl.queries.change_before_after import before_after
from pcl.registrar.reason_form import ReasonForm
from pcl.services.rehearsal import MOST_SHOWN, Performed, Rehearsal, SeenOtherwiseError, perform, rehearse
from pcl.services.renamings import (
    ask_for_renaming,
    is_for_the_worker,
    listings_concerned,
    renaming_seen_in_short,
)

_RUNS_ON = (
    "{:,} listings change: once you confirm, it runs on by itself, and a page shows when it is done. "
    "All of them change at one moment, or none does. The table shows the first ones."
)
PREVIEW, CONFIRM, EDIT = "preview", "confirm", "edit"
CANNOT_BE_DONE = 422


def step_through(
    request: HttpRequest,
    *,
    form: ReasonForm,
    act: Callable[[], object],
    done: Callable[[Performed], HttpResponse],
    context: dict[str, Any],
    template: str = "registrar/act.html",
    notes: Callable[[], list[str]] = list,
    refused: Callable[[RegisterError], None] | None = None,
    described: Callable[[], Renaming] | None = None,
) -> HttpResponse:
    """The form; on `step=preview` what `act` would change; on `step=confirm` the act, and then `done`.

    `notes` are told in the preview. `refused` may add to form and context what a refusal needs. `described` is for
    changes of names: where very many listings show them, the preview is of the first ones, and the worker does it.
    """

    def form_page(status: int = 200) -> HttpResponse:
        return render(request, template, {**context, "form": form}, status=status)

    if request.method != "POST":
        return form_page()
    step = request.POST.get("step", PREVIEW)
    if step == EDIT:
        return form_page()
    if not form.is_valid():
        return form_page(CANNOT_BE_DONE)
    warning = ""
    big = described() if described else None
    if big and not is_for_the_worker(big):
        big = None
    try:
        if step == CONFIRM:
            seen = request.POST.get("seen", "")
            try:
                return _ask(big, act, seen) if big else done(perform(act, seen=seen))
            except SeenOtherwiseError as error:
                warning = str(error)
        rehearsal = _rehearse_first(big, act) if big else rehearse(act)
        told = notes()
    except RegisterError as error:
        form.add_error(None, str(error))
        if refused:
            refused(error)
        return form_page(CANNOT_BE_DONE)
    shown = {
        "form": form,
        "count": rehearsal.count,
        "changes": [before_after(change) for change in rehearsal.shown],
        "most_shown": MOST_SHOWN,
        "seen": rehearsal.seen,
        "warning": warning,
        "notes": [*told, *([_RUNS_ON.format(rehearsal.count)] if big else [])],
        "reason": form.public_reason,
    }
    return render(request, "registrar/preview.html", {**context, **shown}, status=409 if warning else 200)


def _rehearse_first(big: Renaming, act: Callable[[], object]) -> Rehearsal:
    """Of all the listings, the first ones as they would be."""
    first = rehearse(act, most_listings=MOST_SHOWN)
    return replace(first, count=listings_concerned(big).count(), seen=renaming_seen_in_short(big))


def _ask(big: Renaming, act: Callable[[], object], seen: str) -> HttpResponse:
    # Whatever the act refuses is told now, not by the worker.
    rehearse(act, most_listings=MOST_SHOWN)
    return redirect(ask_for_renaming(renaming=big, seen=seen))


def send_along(form: forms.Form, **hidden: str) -> None:
    """Have a form that came back send other hidden values than it came with; what was typed stays."""
    data = cast("QueryDict", form.data).copy()
    for name, value in hidden.items():
        data[name] = value
    form.data = data


def numbers_of(performed: Performed) -> SafeString:
    """The numbers of the changes made, each a link to where it stands in the history; for a message."""
    first, last = performed.first, performed.last
    if first is None or last is None:
        return format_html("{}", "No listing shows the name, so no listing changed.")
    if first.seq == last.seq:
        return format_html("It is {}.", _number(first.listing_id, first.seq, "change"))
    return format_html(
        "They are {} to {}.",
        _number(first.listing_id, first.seq, "changes"),
        _number(last.listing_id, last.seq),
    )


def _number(listing_id: int, seq: int, word: str = "") -> SafeString:
    address = reverse("registrar:listing", args=[listing_id])
    return format_html('<a href="{}#change-{}">{}</a>', address, seq, f"{word} {seq}".strip())
