"""Samples: the list of all, and what is done with those of one application."""

from typing import Any, cast
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.models import Role
from pcl.queries.keyset import Order, Row, page_of
from pcl.queries.parameters import BadParameter
from verification.models import Application, Condition, Sample
from verification.queries import samples as asked
from verification.queries.samples_csv import samples_as_csv
from verification.reviewer.forms.sample import (
    FORMS,
    ActForm,
    DiscardForm,
    ExpectForm,
    MoveForm,
    NotNeededForm,
    ReceiveForm,
    ReturnForm,
)
from verification.reviewer.people import open_application, person
from verification.reviewer.wording import STATE_TAGS
from verification.services import samples as services
from verification.workflow.errors import WorkflowError
from verification.workflow.states import OPEN_FOR_REVIEW

ROWS_PER_PAGE = 100
LONGEST_FILTER = 200
VIEWS = {"expected": "Expected", "here": "Here", "discard": "To be discarded", "all": "All"}


@require_safe
def samples(request: HttpRequest) -> HttpResponseBase:
    """`which`, `q` (DCN or beginning of the product), `place`; `format=csv` gives all of them as a file."""
    which = request.GET.get("which") or "expected"
    words, place = (request.GET.get(name, "").strip()[:LONGEST_FILTER] for name in ("q", "place"))
    if not asked.is_which(which):
        raise BadRequest(f"which is one of {', '.join(VIEWS)}.")
    if "\x00" in words + place:
        raise BadRequest("q and place are words.")
    today = timezone.localdate()
    found = asked.samples(cast("asked.Which", which), today=today, words=words, place=place)
    if request.GET.get("format") == "csv":
        response = StreamingHttpResponse(samples_as_csv(found), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="samples-{which}-{today.isoformat()}.csv"'
        return response
    first = "keep_until" if which == "discard" else "expected_at"
    try:
        page = page_of(
            found,
            order=Order(columns=(first, "id"), key=("first", "id")),
            limit=ROWS_PER_PAGE,
            cursor=request.GET.get("cursor", ""),
            question=f"samples {which} {words} {place}",
            rows_of=lambda rows: _rows(rows, first, today),
        )
    except BadParameter as error:
        raise BadRequest(str(error)) from error
    said = {"which": which, **{name: text for name, text in (("q", words), ("place", place)) if text}}
    return render(
        request,
        "reviewer/samples.html",
        {
            "views": [
                {"label": label, "here": each == which, "address": f"?{urlencode(said | {'which': each})}"}
                for each, label in VIEWS.items()
            ],
            "which": which,
            "label": VIEWS[which],
            "q": words,
            "place": place,
            "rows": page.rows,
            "csv_url": f"?{urlencode(said | {'format': 'csv'})}",
            "next_url": f"?{urlencode(said | {'cursor': page.next})}" if page.next else "",
            "previous_url": f"?{urlencode(said | {'cursor': page.previous})}" if page.previous else "",
        },
    )


def _rows(found: QuerySet[Any], first: str, today: Any) -> list[Row]:
    return [
        {
            "id": sample.pk,
            "first": getattr(sample, first).isoformat(),
            "sample": sample,
            "application": sample.used_again_for or sample.application,
            "may_go": sample.keep_until is not None and today > sample.keep_until and not sample.gone_on,
        }
        for sample in found
    ]


@require_safe
def samples_of(request: HttpRequest, application_id: int) -> HttpResponse:
    return _page(request, open_application(application_id))


@require_POST
def expect(request: HttpRequest, application_id: int) -> HttpResponse:
    found = open_application(application_id)
    form = ExpectForm(request.POST)
    if not form.is_valid():
        return _page(request, found, expect_form=form, status=400)
    try:
        services.ask_for_sample(application=found, what=form.cleaned_data["what"], by=person(request))
    except WorkflowError as error:
        return _page(request, found, expect_form=form, refusal=str(error), status=409)
    messages.success(request, "The sample is expected. The applicant sees it on the page of the application.")
    return redirect("review:samples_of", application_id)


@require_POST
def sample(request: HttpRequest, application_id: int, sample_id: int) -> HttpResponse:
    """`act` names what was done."""
    found = open_application(application_id)
    known = get_object_or_404(asked.samples_of(found), pk=sample_id)
    act = request.POST.get("act", "")
    if act not in FORMS:
        raise BadRequest(f"act is one of {', '.join(FORMS)}.")
    form = FORMS[act](request.POST, prefix=_prefix(known))
    if not form.is_valid():
        return _page(request, found, bound=(sample_id, form), status=400)
    try:
        _do(known, form, request)
    except WorkflowError as error:
        return _page(request, found, bound=(sample_id, form), refusal=str(error), status=409)
    messages.success(request, "Written down.")
    return redirect("review:samples_of", application_id)


def _do(known: Sample, form: ActForm, request: HttpRequest) -> None:
    said, by = form.cleaned_data, person(request)
    seen: int = said["seen_version"]
    if isinstance(form, ReceiveForm):
        services.receive_sample(
            sample=known,
            received_on=said["received_on"],
            count=said["count"],
            condition=Condition(said["condition"]),
            label_is_right=said["label_is_right"] == "yes",
            place=said["place"],
            by=by,
            seen_version=seen,
        )
    elif isinstance(form, MoveForm):
        services.move_sample(sample=known, place=said["place"], by=by, seen_version=seen)
    elif isinstance(form, DiscardForm | ReturnForm | NotNeededForm):
        services.end_sample(sample=known, gone=form.gone, by=by, seen_version=seen)


def _prefix(known: Sample) -> str:
    return f"sample-{known.pk}"


def _page(
    request: HttpRequest,
    found: Application,
    *,
    expect_form: ExpectForm | None = None,
    bound: tuple[int, ActForm] | None = None,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    today = timezone.localdate()
    every = list(asked.samples_of(found).prefetch_related("events__by"))
    context = {
        "application": found,
        "tag": STATE_TAGS[found.status],
        "samples": [
            {
                "sample": each,
                "forms": _forms(each, today, bound),
                "holds": each.keep_until is not None and today <= each.keep_until,
                "events": each.events.all(),
            }
            for each in every
        ],
        "expect_form": expect_form or ExpectForm(),
        "may_act": person(request).has_role(Role.REVIEWER, Role.APPROVER),
        "is_open": found.status in OPEN_FOR_REVIEW,
        "refusal": refusal,
    }
    return render(request, "reviewer/samples_of.html", context, status=status)


def _forms(each: Sample, today: Any, bound: tuple[int, ActForm] | None) -> list[ActForm]:
    """What can be done with it now; what was refused stands there as it was typed."""
    kinds: list[type[ActForm]] = []
    if each.state == "expected":
        kinds = [ReceiveForm, NotNeededForm]
    elif each.state == "received":
        may_go = each.keep_until is not None and today > each.keep_until
        kinds = [MoveForm, *([DiscardForm] if may_go else []), ReturnForm]
    forms: list[ActForm] = []
    for kind in kinds:
        if bound and bound[0] == each.pk and isinstance(bound[1], kind):
            typed = dict(bound[1].data.items())
            typed[bound[1].add_prefix("seen_version")] = str(each.version)
            form = kind(typed, prefix=_prefix(each))
        else:
            form = kind(prefix=_prefix(each), initial={"seen_version": each.version, "place": each.place})
        forms.append(form)
    return forms
