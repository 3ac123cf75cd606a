"""How long reviews take and how many there are, for everybody: without a sign-in, and without any single applicant."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from pcl.csv_files import csv_headers, csv_lines
from pcl.public.chart import Column, SlotScale, Tick, ValueScale
from verification.models import ApplicationKind
from verification.product_groups.titles import group_title
from verification.queries.review_figures import MEASURES, Quarter, review_figures
from verification.queries.usual_time import UsualTime, usual_times

ALL = "All product groups"


class ReviewTimesForm(forms.Form):
    group = forms.ChoiceField(
        label="Product group",
        required=False,
        error_messages={"invalid_choice": "There is no product group “%(value)s”. Choose one of the list."},
    )

    def __init__(self, *args: Any, slugs: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["group"].choices = [(slug, _title(slug)) for slug in slugs]  # type: ignore[attr-defined]


@require_safe
def review_times(request: HttpRequest) -> HttpResponse:
    figures = review_figures()
    form = ReviewTimesForm(request.GET, slugs=figures)
    if not form.is_valid():
        return render(request, "process/review_times.html", {"form": form}, status=400)
    group = form.cleaned_data["group"]
    quarters = figures[group]
    context = {
        "form": form,
        "group": group,
        "title": _title(group),
        "usual": [_usual_row(*each) for each in _in_order(usual_times()) if group in ("", each[0][0])],
        "quarters": quarters[::-1],
        "chart": _chart(quarters),
        "is_empty": not any(count for quarter in quarters for count in quarter.counts.values()),
        "least": settings.FIGURES_LEAST,
        "usual_least": settings.USUAL_TIME_LEAST,
    }
    return render(request, "process/review_times.html", context)


def _title(slug: str) -> str:
    return group_title(slug) if slug else ALL


def _in_order(usual: dict[tuple[str, str], UsualTime]) -> list[tuple[tuple[str, str], UsualTime]]:
    """Kinds as they are chosen from, of each all product groups together first."""
    kinds = list(ApplicationKind.values)
    return sorted(usual.items(), key=lambda each: (kinds.index(each[0][1]), each[0][0] != "", _title(each[0][0])))


def _usual_row(asked: tuple[str, str], usual: UsualTime) -> dict[str, Any]:
    slug, kind = asked
    return {"group": _title(slug), "kind": ApplicationKind(kind).label, "usual": usual}


def _chart(quarters: list[Quarter]) -> dict[str, list[Column] | list[Tick]] | None:
    """What was received; a number that is not told has no column."""
    values = [float(quarter.counts["received"] or 0) for quarter in quarters]
    if not any(values):
        return None
    scale, slots = ValueScale(values, finest=1.0, from_zero=True), SlotScale(len(values))
    return {
        "columns": [slots.column(index, value, scale) for index, value in enumerate(values) if value],
        "y_ticks": [Tick(f"{tick:,.0f}", scale.y(tick)) for tick in scale.ticks],
        "x_ticks": slots.labels([f"{quarter.first:%b %Y}" for quarter in quarters]),
    }


@require_safe
def figures_csv(request: HttpRequest) -> HttpResponse:
    """Every product group and quarter; an empty cell is a number that is not told."""
    rows = [
        (quarter.first.isoformat(), slug, _title(slug), *(quarter.counts[measure] for measure in MEASURES))
        for slug, quarters in review_figures().items()
        for quarter in quarters
    ]
    return _csv("review-figures.csv", ("quarter_begins", "product_group", "title", *MEASURES), rows)


@require_safe
def usual_csv(request: HttpRequest) -> HttpResponse:
    rows = [
        (slug, _title(slug), kind, usual.half_days, usual.most_days, usual.count, usual.since.isoformat())
        for (slug, kind), usual in _in_order(usual_times())
    ]
    head = ("product_group", "title", "kind", "half_days", "nine_of_ten_days", "count", "since")
    return _csv("usual-review-times.csv", head, rows)


def _csv(name: str, head: tuple[str, ...], rows: Iterable[Iterable[Any]]) -> HttpResponse:
    return HttpResponse("".join(csv_lines([head, *rows])), headers=csv_headers(name))


@require_safe
def figures_json(request: HttpRequest) -> JsonResponse:
    """Both together, for programs. null: fewer than `least`, or left out so that those cannot be reckoned."""
    answer = {
        "least": settings.FIGURES_LEAST,
        "usual_times": [
            {
                "product_group": slug,
                "kind": kind,
                "half_days": usual.half_days,
                "nine_of_ten_days": usual.most_days,
                "count": usual.count,
                "since": usual.since.isoformat(),
            }
            for (slug, kind), usual in _in_order(usual_times())
        ],
        "quarters": [
            {"product_group": slug, "begins": quarter.first.isoformat(), **quarter.counts}
            for slug, quarters in review_figures().items()
            for quarter in quarters
        ],
    }
    return JsonResponse(answer, headers={"Access-Control-Allow-Origin": "*"})
