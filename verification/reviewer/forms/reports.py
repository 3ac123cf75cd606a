"""Of what the reports tell: the address's parameters."""

from datetime import date, timedelta

from django import forms
from django.utils import timezone

from pcl.dates import FIRST_DAY, LAST_DAY
from verification.models import ApplicationKind
from verification.product_groups.loader import groups
from verification.queries.reports import Scope

NOT_A_DATE = {"invalid": "“%(value)s” is not a date. Give YYYY-MM-DD."}
MONTHS = 12


class ReportsForm(forms.Form):
    first = forms.DateField(label="From", required=False, error_messages=NOT_A_DATE)
    last = forms.DateField(label="To", required=False, error_messages=NOT_A_DATE)
    group = forms.ChoiceField(label="Product group", required=False)
    kind = forms.ChoiceField(label="Kind", required=False, choices=[("", "All kinds"), *ApplicationKind.choices])

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["group"].choices = [  # type: ignore[attr-defined]
            ("", "All product groups"),
            *((group.slug, group.title) for group in groups()),
        ]

    def clean_first(self) -> date:
        return _plausible(self.cleaned_data["first"] or default_period()[0])

    def clean_last(self) -> date:
        return _plausible(self.cleaned_data["last"] or default_period()[1])

    def clean(self) -> None:
        first, last = self.cleaned_data.get("first"), self.cleaned_data.get("last")
        if first and last and last < first:
            self.add_error("last", "This day is before the first one. Give the same day or a later one.")

    @property
    def scope(self) -> Scope:
        said = self.cleaned_data
        return Scope(said["first"], said["last"], said["group"], said["kind"])


def _plausible(day: date) -> date:
    if not FIRST_DAY <= day <= LAST_DAY:
        raise forms.ValidationError(f"{day.isoformat()} cannot be meant. Give a day from {FIRST_DAY} to {LAST_DAY}.")
    return day


def default_period() -> tuple[date, date]:
    """The present month and the eleven before it, until today."""
    today = timezone.localdate()
    return _months_before(today.replace(day=1), MONTHS - 1), today


def shortcuts() -> list[tuple[str, date, date]]:
    """Usual periods: what they are called, first and last day."""
    month = timezone.localdate().replace(day=1)
    quarter = _months_before(month, (month.month - 1) % 3)
    year = month.replace(month=1)
    return [
        ("This month", month, _day_before(_months_before(month, -1))),
        ("Last month", _months_before(month, 1), _day_before(month)),
        ("This quarter", quarter, _day_before(_months_before(quarter, -3))),
        ("Last quarter", _months_before(quarter, 3), _day_before(quarter)),
        ("This year", year, year.replace(month=12, day=31)),
        ("Last year", year.replace(year=year.year - 1), _day_before(year)),
    ]


def _months_before(first_of_month: date, months: int) -> date:
    number = first_of_month.year * 12 + first_of_month.month - 1 - months
    return date(number // 12, number % 12 + 1, 1)


def _day_before(day: date) -> date:
    return day - timedelta(days=1)
