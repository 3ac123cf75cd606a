"""What can be asked of the lists that are not listings."""

from django import forms

from pcl.queries.listing_filter import DayField

CODE_STATUSES = [
    ("current", "In force on that day"),
    ("ended", "Ended before that day"),
    ("future", "Begin after that day"),
    ("all", "All codes"),
]


class DayForm(forms.Form):
    on = DayField(label="Date of service", required=False)


class CodeSearchForm(forms.Form):
    q = forms.CharField(
        label="Code, beginning of a code, or words of the description", required=False, max_length=400
    )
    status = forms.ChoiceField(label="Codes that are", choices=CODE_STATUSES, required=False)
    on = DayField(label="Date of service", required=False)
