"""What can be asked of the lists that are not listings."""

from datetime import date

from django import forms
from django.http import QueryDict
from django.utils import timezone

from pcl.queries.listing_filter import DayField

CODE_STATUSES = [
    ("current", "In force on that day"),
    ("ended", "Ended before that day"),
    ("future", "Begin after that day"),
    ("all", "All codes"),
]


class DayForm(forms.Form):
    on = DayField(label="Date of service", required=False)


def asked_day(given: QueryDict) -> tuple[DayForm, date]:
    """The form, filled in, and the date of service that a page is about: today where none or a bad one is given."""
    form = DayForm(given)
    on = (form.cleaned_data["on"] if form.is_valid() else None) or timezone.localdate()
    if form.is_valid() and not given.get("on"):
        form = DayForm({"on": on.isoformat()})
    return form, on


class CodeSearchForm(forms.Form):
    q = forms.CharField(label="Code, beginning of a code, or words of the description", required=False, max_length=400)
    status = forms.ChoiceField(label="Codes that are", choices=CODE_STATUSES, required=False)
    on = DayField(label="Date of service", required=False)
