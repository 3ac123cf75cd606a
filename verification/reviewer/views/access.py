"""The access review: who may do what, and a record that somebody looked through it."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.exceptions import BadRequest
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Role
from accounts.services.access_reviews import record_access_review, record_export
from pcl.csv_files import csv_headers
from pcl.queries.keyset import Order, Row, page_of
from pcl.queries.parameters import BadParameter
from pcl.queries.row_stream import rows_as_csv
from pcl.text_field import Text
from verification.queries.access_review import (
    COLUMNS,
    MARKS,
    SECOND_FACTORS,
    WHO,
    access_list,
    mark_counts,
    reviews_of_access,
    unseen_since,
)
from verification.reviewer.people import person

ROWS_PER_PAGE = 100
BY_NAME = Order(columns=("name", "id"), key=("name", "id"))
REVIEWS_SHOWN = 5


class AccessForm(forms.Form):
    who = forms.ChoiceField(label="Who", choices=list(WHO.items()), required=False)
    mark = forms.ChoiceField(label="Only those", choices=[("", "All of them"), *MARKS.items()], required=False)


class ReviewedForm(forms.Form):
    note = Text(
        label="What was done about it",
        required=False,
        max_length=2000,
        help_text="For example: two accounts closed. Kept with your name and today’s date, and never changed.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )


def _asked(request: HttpRequest) -> tuple[AccessForm, str, str]:
    form = AccessForm({"who": "contractor", **request.GET.dict()})
    if not form.is_valid():
        raise BadRequest(" ".join(f"{name} cannot be “{request.GET.get(name)}”." for name in form.errors))
    return form, form.cleaned_data["who"] or "contractor", form.cleaned_data["mark"]


@require_http_methods(["GET", "HEAD", "POST"])
def access(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        return _reviewed(request)
    form, who, mark = _asked(request)
    asked = {"who": who, "mark": mark}
    try:
        page = page_of(
            access_list(who=who, mark=mark),
            order=BY_NAME,
            limit=ROWS_PER_PAGE,
            cursor=request.GET.get("cursor", ""),
            question=f"access {who} {mark}",
            rows_of=_rows,
        )
    except BadParameter as error:
        raise BadRequest(str(error)) from error
    counts = mark_counts(who=who)
    context = {
        "form": form,
        "who": WHO[who],
        "mark": MARKS.get(mark, ""),
        "rows": page.rows,
        "count": counts[mark or "all"],
        "counts": [(label, counts[name], f"?{urlencode({'who': who, 'mark': name})}") for name, label in MARKS.items()],
        "next_url": f"?{urlencode({**asked, 'cursor': page.next})}" if page.next else "",
        "previous_url": f"?{urlencode({**asked, 'cursor': page.previous})}" if page.previous else "",
        "csv_query": urlencode(asked),
        "reviews": reviews_of_access()[:REVIEWS_SHOWN],
        "reviewed_form": ReviewedForm(),
        "may_change": person(request).has_role(Role.ADMINISTRATOR),
    }
    return render(request, "reviewer/access.html", context)


def _rows(people: QuerySet[Any]) -> list[Row]:
    long_ago = unseen_since()
    return [
        {
            "id": each.pk,
            "name": each.name,
            "person": each,
            "roles": [Role(role).label for role in each.role_names],
            "roles_since": each.roles_since,
            "organizations": each.organization_names,
            "second_factors": [SECOND_FACTORS[kind] for kind in each.second_factors],
            "api_keys": each.api_key_count,
            "unseen": each.last_seen_at is None or each.last_seen_at < long_ago,
        }
        for each in people
    ]


def _reviewed(request: HttpRequest) -> HttpResponse:
    form = ReviewedForm(request.POST)
    if not form.is_valid():
        raise BadRequest("The note may have 2,000 characters. Shorten it.")
    record_access_review(note=form.cleaned_data["note"], counts=mark_counts(who="contractor"), by=person(request))
    messages.success(request, "It is kept that you reviewed who may do what.")
    return redirect("review:access")


@require_safe
def access_csv(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """The whole list that the page shows for the same address, streamed; that it was taken is in the log."""
    _, who, mark = _asked(request)
    record_export(what="access", asked={"who": who, "mark": mark}, by=person(request))
    name = f"access-{timezone.localdate():%Y-%m-%d}.csv"
    return StreamingHttpResponse(
        rows_as_csv(access_list(who=who, mark=mark).order_by("name", "pk"), COLUMNS),
        headers=csv_headers(name),
    )
