"""Code crosswalks: begin one, choose for each listing, look at what it would do, apply it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pcl.errors import RegisterError
from pcl.models import Crosswalk, CrosswalkState, CrosswalkTarget
from pcl.public.paging import shown_page
from pcl.public.progress import progress_part
from pcl.queries.change_before_after import before_after
from pcl.queries.crosswalk_page import (
    crosswalk_rows,
    listings_of_crosswalk,
    listings_that_begin_later,
    moves_by_codes,
    narrowed,
    open_counts,
    progress_of,
)
from pcl.queries.crosswalk_page import (
    crosswalks as all_crosswalks,
)
from pcl.queries.keyset import Row
from pcl.queries.listing_filter import ORDERS
from pcl.registrar.acting import CANNOT_BE_DONE
from pcl.registrar.crosswalk_forms import NewCrosswalkForm, boxes, choices_in, shown_in, targets_in
from pcl.registrar.people import registrar
from pcl.services.apply_crosswalk import (
    MOST_AT_ONCE,
    STAGES,
    confirm_crosswalk,
    rehearse_crosswalk,
)
from pcl.services.crosswalks import begin_crosswalk, choose_for_all, discard_crosswalk, save_choices

MOST_LISTED = 100
TAGS: dict[str, str] = {
    CrosswalkState.CHOOSING: "waiting",
    CrosswalkState.APPLYING: "info",
    CrosswalkState.APPLIED: "good",
    CrosswalkState.DISCARDED: "past",
}


@require_safe
def crosswalks(request: HttpRequest) -> HttpResponse:
    found = list(all_crosswalks().prefetch_related("targets__code")[:MOST_LISTED])
    counts = open_counts(found)
    rows = [(each, TAGS[each.state], counts.get(each.pk, 0)) for each in found]
    return render(request, "registrar/crosswalks.html", {"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
def new_crosswalk(request: HttpRequest) -> HttpResponse:
    form = NewCrosswalkForm(request.POST or None)
    if form.is_valid():
        given = form.cleaned_data
        try:
            made = begin_crosswalk(
                from_code=given["from_code"],
                to_codes=given["to_codes"],
                begins=given["begins"],
                reason=form.public_reason,
                by=registrar(request),
            )
        except RegisterError as error:
            form.add_error(None, str(error))
        else:
            return redirect("registrar:crosswalk", made.pk)
    status = CANNOT_BE_DONE if request.method == "POST" else 200
    return render(request, "registrar/crosswalk_new.html", {"form": form}, status=status)


@require_safe
def crosswalk(request: HttpRequest, crosswalk_id: int) -> HttpResponse:
    return _page(request, _found(crosswalk_id))


@require_POST
def choose(request: HttpRequest, crosswalk_id: int) -> HttpResponse:
    """The rows of the page; or, with `for_all`, one choice for all listings that the filter finds. htmx: one row."""
    found = _found(crosswalk_id)
    if "for_all" in request.POST:
        return _choose_for_all(request, found)
    posted = choices_in(request.POST)
    try:
        refused = save_choices(crosswalk=found, choices=posted, by=registrar(request))
    except RegisterError as error:
        messages.error(request, str(error))
        return _whole_page(request, found)
    if request.headers.get("HX-Request"):
        return _row_state(request, found, list(posted), refused)
    if refused:
        return _page(request, found, refused=refused)
    messages.success(request, "The choices are saved.")
    return redirect(_address(request, found))


def _whole_page(request: HttpRequest, found: Crosswalk) -> HttpResponse:
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Refresh": "true"})
    return redirect("registrar:crosswalk", found.pk)


def _choose_for_all(request: HttpRequest, found: Crosswalk) -> HttpResponse:
    _, show, q = shown_in(request.GET, usual=_usual(found))
    listings = narrowed(listings_of_crosswalk(found), found, show=show, q=q).values_list("pk", flat=True)
    values = request.POST.getlist("all")
    try:
        count = choose_for_all(
            crosswalk=found,
            listings=list(listings),
            targets=targets_in(values),
            ends="ends" in values,
            by=registrar(request),
        )
    except RegisterError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"Chosen for {count:,} listing{'' if count == 1 else 's'}.")
    return redirect(_address(request, found))


@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: HttpRequest, crosswalk_id: int) -> HttpResponse:
    """What it would do, and the button that does it."""
    found = _found(crosswalk_id)
    refusal = ""
    if request.method == "POST":
        seen = request.POST.get("seen_choices", "")
        try:
            seen_choices = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else 0
            confirm_crosswalk(crosswalk=found, seen_choices=seen_choices, by=registrar(request))
        except RegisterError as error:
            refusal = str(error)
            found = _found(crosswalk_id)
        else:
            return redirect("registrar:crosswalk", found.pk)
    if found.state != CrosswalkState.CHOOSING:
        if refusal:
            messages.error(request, refusal)
        return redirect("registrar:crosswalk", found.pk)
    return _preview(request, found, refusal)


def _preview(request: HttpRequest, found: Crosswalk, refusal: str) -> HttpResponse:
    context: dict[str, Any] = {"crosswalk": found, "title": "What it would do", "refusal": refusal}
    try:
        rehearsal = rehearse_crosswalk(crosswalk=found)
    except RegisterError as error:
        context["refusal"] = refusal or str(error)
    else:
        how_far = progress_of(found)
        context |= {
            "changes": [before_after(change) for change in rehearsal.shown],
            "moves": moves_by_codes(found),
            "progress": how_far,
            "by_job": how_far.total >= MOST_AT_ONCE,
        }
    status = CANNOT_BE_DONE if request.method == "POST" else 200
    return render(request, "registrar/crosswalk_apply.html", context, status=status)


@require_POST
def discard(request: HttpRequest, crosswalk_id: int) -> HttpResponse:
    found = _found(crosswalk_id)
    try:
        discard_crosswalk(crosswalk=found)
    except RegisterError as error:
        messages.error(request, str(error))
        return redirect("registrar:crosswalk", found.pk)
    messages.success(request, f"The crosswalk of {found} is discarded. No listing was changed.")
    return redirect("registrar:crosswalks")


@require_safe
def progress(request: HttpRequest, crosswalk_id: int) -> HttpResponse:
    """The part of the page that changes while the job is at work; when it is done, the whole page is asked for."""
    found = _found(crosswalk_id)
    return progress_part(
        request,
        "registrar/crosswalk_progress.html",
        page_url=reverse("registrar:crosswalk", args=[found.pk]),
        is_over=found.state != CrosswalkState.APPLYING,
        crosswalk=found,
        stages=STAGES,
    )


def _page(request: HttpRequest, found: Crosswalk, *, refused: dict[int, str] | None = None) -> HttpResponse:
    form, show, q = shown_in(request.GET, usual=_usual(found))
    targets = _targets(found)
    page = shown_page(
        request,
        narrowed(listings_of_crosswalk(found), found, show=show, q=q),
        order=ORDERS["manufacturer"],
        rows_of=crosswalk_rows(found),
    )
    for row in page.rows:
        _add_boxes(row, targets, refused or {}, request)
    is_bad = bool(refused) or not form.is_valid()
    context = {
        "crosswalk": found,
        "tag": TAGS[found.state],
        "targets": targets,
        "progress": progress_of(found),
        "later": listings_that_begin_later(found) if found.state == CrosswalkState.CHOOSING else 0,
        "form": form,
        "show": show,
        "page": page,
        "all_boxes": boxes("all", targets, []),
        "refused": refused,
        "query": request.GET.urlencode(),
        "stages": STAGES,
        "applied": _applied(found) if found.state == CrosswalkState.APPLIED else "",
    }
    return render(request, "registrar/crosswalk.html", context, status=CANNOT_BE_DONE if is_bad else 200)


def _add_boxes(row: Row, targets: list[CrosswalkTarget], refused: dict[int, str], request: HttpRequest) -> None:
    """As chosen; where the choice was refused, as it was typed, but of what the listing is by now."""
    row["refusal"] = refused.get(row["id"], "")
    ticked = request.POST.getlist(f"listing-{row['id']}") if row["refusal"] else row["chosen"].split(",")
    row["chosen_before"] = _in_codes(row["chosen_before"], targets)
    row["boxes"] = boxes(str(row["id"]), targets, ticked)


def _in_codes(chosen: str, targets: list[CrosswalkTarget]) -> str:
    names = {str(target.pk): target.code.code for target in targets}
    return ", ".join(names[each] for each in chosen.split(",") if each in names) or "that it just ends"


def _row_state(request: HttpRequest, found: Crosswalk, posted: list[int], refused: dict[int, str]) -> HttpResponse:
    entries = listings_of_crosswalk(found).filter(pk__in=posted[:1])
    row = next(iter(crosswalk_rows(found)(entries)), None)
    if row is None:
        return HttpResponse(format_html('<span class="usa-error-message">{}</span>', " ".join(refused.values())))
    row["refusal"] = refused.get(row["id"], "")
    context = {"row": row, "crosswalk": found, "progress": progress_of(found), "is_saved": not row["refusal"]}
    return render(request, "registrar/crosswalk_row_state.html", context)


def _usual(found: Crosswalk) -> str:
    return "undecided" if found.state == CrosswalkState.CHOOSING else "all"


def _targets(found: Crosswalk) -> list[CrosswalkTarget]:
    return list(found.targets.select_related("code").defer("code__search"))


def _found(crosswalk_id: int) -> Crosswalk:
    return get_object_or_404(all_crosswalks().select_related("confirmed_by"), pk=crosswalk_id)


def _address(request: HttpRequest, found: Crosswalk) -> str:
    query = request.GET.urlencode()
    address = reverse("registrar:crosswalk", args=[found.pk])
    return f"{address}?{query}" if query else address


def _applied(found: Crosswalk) -> str:
    if found.first_seq is None:
        return "It is applied. No listing changed."
    changes = reverse("public:changes")
    return format_html('It is applied: <a href="{}">changes {} to {}</a>.', changes, found.first_seq, found.last_seq)
