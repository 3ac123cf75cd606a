"""What a registrar gives to have an existing list imported."""

from typing import Any

from django import forms
from django.conf import settings

from pcl.dates import refuse_implausible_day
from pcl.errors import RegisterError
from pcl.queries.listing_filter import DayField
from pcl.registrar.fields import Text
from pcl.uploads import check_received


class ListForm(forms.Form):
    upload = forms.FileField(
        label="File",
        allow_empty_file=True,
        help_text="CSV, or an Excel workbook (.xlsx) of which the first sheet is read.",
    )
    source = Text(
        label="Source",
        max_length=300,
        help_text="Which list it is and where it comes from. Public: it stands with each listing that it makes.",
    )
    reason = Text(
        label="Reason",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Why it is taken over. Public, in each listing's history.",
    )
    first_day = DayField(
        label="First day for rows without one",
        required=False,
        help_text="The first date of service of rows that state no begin. Without it, such rows are not listed.",
    )

    def clean_upload(self) -> Any:
        upload = self.cleaned_data["upload"]
        most = settings.LIST_MAX_BYTES // 1024 // 1024
        check_received(upload, too_large=f"The file is larger than {most} MB. Split it, or save it as CSV.")
        return upload

    def clean_first_day(self) -> Any:
        day = self.cleaned_data["first_day"]
        if day is not None:
            try:
                refuse_implausible_day(day)
            except RegisterError as error:
                raise forms.ValidationError(str(error)) from error
        return day
