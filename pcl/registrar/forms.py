"""What a registrar gives to have a release loaded."""

from typing import Any

from django import forms
from django.conf import settings

from hcpcs.models.release import QUARTER_MONTHS
from hcpcs.sources.open import is_address
from pcl.uploads import check_received


class PeriodForm(forms.Form):
    """Which release a file is, where its name does not say so."""

    year = forms.IntegerField(
        label="Year",
        required=False,
        min_value=1983,
        max_value=2200,
        help_text="Only where the file's name does not say which release it is, or says it wrongly.",
    )
    quarter = forms.TypedChoiceField(
        label="Quarter",
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", "Annual file, or as the name says"), *((str(n), name) for n, name in QUARTER_MONTHS.items())],
    )
    revision = forms.IntegerField(
        label="Revision",
        required=False,
        min_value=1,
        max_value=9999,
        help_text="The number after _v in CMS's file name; 1 where there is none.",
    )
    is_excerpt = forms.BooleanField(
        label="The file is an excerpt: a code that is missing in it means nothing",
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if not self.errors and given.get("quarter") and not given.get("year"):
            self.add_error("year", "Give the year, too.")
        return given

    @property
    def period(self) -> dict[str, Any]:
        """What was given, as the services take it."""
        given = self.cleaned_data
        return {
            **{name: given[name] for name in ("year", "quarter", "revision")},
            "is_complete": not given["is_excerpt"],
        }


class LoadForm(PeriodForm):
    field_order = ["upload", "address"]

    upload = forms.FileField(
        label="File",
        required=False,
        allow_empty_file=True,
        help_text="CMS's zip as it was downloaded, or the text file (.txt) or workbook (.xlsx, .xls) in it.",
    )
    address = forms.CharField(
        label="Or its https address",
        required=False,
        max_length=1000,
        widget=forms.URLInput(attrs={"placeholder": "https://www.cms.gov/files/zip/…"}),
        help_text="Of the file itself, not of the page that links to it. The server fetches it.",
    )

    def clean_upload(self) -> Any:
        upload = self.cleaned_data["upload"]
        if upload is not None:
            most = settings.RELEASE_MAX_BYTES // 1024 // 1024
            check_received(upload, too_large=f"The file is larger than {most} MB, so it is no release.")
        return upload

    def clean_address(self) -> str:
        address: str = self.cleaned_data["address"]
        if address and not is_address(address):
            raise forms.ValidationError("The address must begin with https://.")
        return address

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if not self.errors and bool(given.get("upload")) == bool(given.get("address")):
            raise forms.ValidationError("Choose a file or give an address, one of the two.")
        return given
