"""The list in figures: pictures, each with its table and as CSV."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from hcpcs.models import Code
from pcl.csv_files import csv_headers, csv_lines, faults_as_text
from pcl.public.paging import address
from pcl.public.statistics_charts import (
    MONTHS_AHEAD,
    bars,
    began_lately,
    column_chart,
    course_chart,
    ending_soon,
)
from pcl.queries.keyset import Row
from pcl.queries.listing_columns import COLUMN_NAMES
from pcl.queries.listing_filter import CODE_FORM
from pcl.queries.listing_statistics import (
    MOST_SHOWN,
    Month,
    Scope,
    by_code,
    by_group,
    course,
    meaning_of,
    month_after,
    newest,
    next_ends,
)

YEARS = [("10", "10 years, by quarter"), ("3", "3 years, by month"), ("0", "All years")]
TABLES = ("course", "began", "ending", "codes", "groups", "newest", "ends")


class StatisticsForm(forms.Form):
    """The address's parameters; those of the search mean the same here."""

    code = forms.CharField(
        label="HCPCS code",
        required=False,
        max_length=20,
        validators=[CODE_FORM],
        widget=forms.TextInput(attrs={"class": "register-input--code"}),
    )
    classification = forms.CharField(label="Product group", required=False, max_length=120)
    years = forms.ChoiceField(
        label="Years back",
        required=False,
        choices=YEARS,
        error_messages={"invalid_choice": "“%(value)s” cannot be chosen. Give 3, 10, or 0 for all years."},
    )

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"].strip().upper()
        self.meaning: Code | None = meaning_of(code) if code else None
        if code and self.meaning is None:
            raise forms.ValidationError(f"There is no code {code} in CMS’s files. Correct it, or leave it empty.")
        return code

    @property
    def scope(self) -> Scope:
        return Scope(self.cleaned_data["code"], self.cleaned_data["classification"].strip())

    @property
    def years_back(self) -> int:
        return int(self.cleaned_data["years"] or YEARS[0][0])


@dataclass(frozen=True)
class _Now:
    today: date

    @property
    def month(self) -> date:
        return month_after(self.today, 0)

    @property
    def horizon(self) -> date:
        return month_after(self.today, MONTHS_AHEAD)


@require_safe
def statistics(request: HttpRequest) -> HttpResponse:
    form, now = StatisticsForm(request.GET), _Now(timezone.localdate())
    if not form.is_valid():
        return render(request, "public/statistics.html", {"form": form}, status=400)
    scope = form.scope
    months = course(scope, until=now.horizon)
    groups = by_group(Scope(code=scope.code), month=now.month)
    context = {
        "form": form,
        "scope": scope,
        "code": form.meaning,
        "today": now.today,
        "present": next((month for month in months if month.first == now.month), None),
        "course": course_chart(months, today=now.today, years=form.years_back),
        "began": column_chart(began_lately(months, today=now.today)),
        "ending": column_chart(ending_soon(months, today=now.today)),
        "codes": [] if scope.code else _linked(request, "code", bars(by_code(scope, month=now.month))),
        "groups": [] if scope.classification else _linked(request, "classification", bars(groups)),
        "group_names": [share.name for share in groups if share.name],
        "newest": newest(scope, on=now.today),
        "ends": next_ends(scope, on=now.today),
        "csv": {table: _csv_address(request, table) for table in TABLES},
        "everything_url": address(request, code=None, classification=None),
        "most": MOST_SHOWN,
    }
    return render(request, "public/statistics.html", context)


def code_course(code: str) -> dict[str, object]:
    """What a code's page shows of it (public/code_course.html)."""
    now = _Now(timezone.localdate())
    return {"course": course_chart(course(Scope(code=code), until=now.horizon), today=now.today, years=10)}


def _linked(request: HttpRequest, parameter: str, shown: list[Any]) -> list[tuple[Any, str]]:
    return [(bar, address(request, **{parameter: bar.share.name}) if bar.share.name else "") for bar in shown]


def _csv_address(request: HttpRequest, table: str) -> str:
    query = request.GET.copy()
    query["table"] = table
    return f"{reverse('public:statistics_csv')}?{query.urlencode()}"


class StatisticsCsvForm(StatisticsForm):
    table = forms.ChoiceField(
        choices=[(table, table) for table in TABLES],
        required=False,
        error_messages={"invalid_choice": f"“%(value)s” is no table. Choose one of: {', '.join(TABLES)}."},
    )


@require_safe
def statistics_csv(request: HttpRequest) -> HttpResponse:
    """One table of the page; `table` says which, the course over time where it says nothing."""
    form, now = StatisticsCsvForm(request.GET), _Now(timezone.localdate())
    if not form.is_valid():
        return faults_as_text(form)
    table = form.cleaned_data["table"] or "course"
    return HttpResponse("".join(csv_lines(_table(table, form, now))), headers=csv_headers(f"statistics-{table}.csv"))


def _table(table: str, form: StatisticsForm, now: _Now) -> Iterable[Iterable[Any]]:
    scope = form.scope
    if table in {"newest", "ends"}:
        found: list[Row] = (newest if table == "newest" else next_ends)(scope, on=now.today)
        return [COLUMN_NAMES, *([row[name] for name in COLUMN_NAMES] for row in found)]
    if table == "codes":
        shares = by_code(scope, month=now.month)
        return [("code", "description", "in_force"), *((one.name, one.description, one.in_force) for one in shares)]
    if table == "groups":
        return [("classification", "in_force"), *((one.name, one.in_force) for one in by_group(scope, month=now.month))]
    months: list[Month] = course(scope, until=now.horizon)
    if table == "course":
        chart = course_chart(months, today=now.today, years=form.years_back)
        points = chart.points[::-1] if chart else []
        return [("on", "in_force"), *((point.month.last, point.month.in_force) for point in points)]
    chosen = began_lately if table == "began" else ending_soon
    return [("month", table), *((f"{month:%Y-%m}", count) for month, count in chosen(months, today=now.today))]
