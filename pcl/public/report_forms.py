"""What somebody tells who reports a discrepancy."""

import uuid
from typing import Any
from urllib.parse import urlsplit

from django import forms

from pcl.models import DiscrepancyKind, RegisterEntry
from pcl.models.discrepancy_report import NAMING
from pcl.patient_numbers import patient_number_in
from pcl.public.forms import NOT_AN_ADDRESS
from pcl.queries.discrepancies import is_known_code
from pcl.queries.listing_filter import CODE_FORM
from pcl.text import clean_text

SHORTEST, LONGEST = 10, 4000
PAGE_IS_NOT_WHOLE = "A part of the page was lost. Copy what you wrote, open the page again and send it from there."


class ReportForm(forms.Form):
    """The part that every report has. `website` is a trap: people do not see it, programs fill it in."""

    kinds: tuple[DiscrepancyKind, ...] = ()

    kind = forms.ChoiceField(
        label="What is wrong?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what is wrong.", "invalid_choice": "Choose one of these."},
    )
    text = forms.CharField(
        label="Describe it",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="What does the list say, what should it say, and how do you know? Write nothing about patients.",
        error_messages={"required": "Describe what is wrong."},
    )
    evidence_url = forms.CharField(
        label="Link to evidence",
        required=False,
        max_length=500,
        widget=forms.URLInput,
        help_text="If there is one: the manufacturer’s page, a label, a letter. It begins with https://.",
    )
    email = forms.EmailField(
        label="E-mail address for the answer",
        required=False,
        max_length=254,
        help_text="Only if you want an answer. It is used for nothing else, and never shown to the public.",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"invalid": NOT_AN_ADDRESS},
    )
    submission = forms.UUIDField(
        label="This page",
        widget=forms.HiddenInput,
        initial=uuid.uuid4,
        error_messages={"required": PAGE_IS_NOT_WHOLE, "invalid": PAGE_IS_NOT_WHOLE},
    )
    website = forms.CharField(
        label="Leave this empty",
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(kind.value, kind.label) for kind in self.kinds]  # type: ignore[attr-defined]

    def clean_text(self) -> str:
        text = clean_text(self.cleaned_data["text"]).strip()
        if len(text) < SHORTEST:
            raise forms.ValidationError("Describe it in a sentence, so that somebody else can check it.")
        return text

    def clean_evidence_url(self) -> str:
        address = clean_text(self.cleaned_data["evidence_url"])
        try:
            parts = urlsplit(address)
            is_web = parts.scheme in {"http", "https"} and "." in (parts.hostname or "")
        except ValueError:
            is_web = False
        if address and (not is_web or not address.isprintable() or " " in address):
            raise forms.ValidationError(
                "This is not the address of a web page. Copy it from your browser; it begins with https://."
            )
        return address

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise forms.ValidationError("The field “Leave this empty” was filled in. Empty it and send again.")
        return ""

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        for name, value in list(given.items()):
            if isinstance(value, str) and (number := patient_number_in(value)):
                self.add_error(
                    name,
                    f"This looks as if it held {number}. Take it out: nothing about a patient may be sent here, and "
                    "nothing of what you typed has been kept.",
                )
        return given


class ListingReportForm(ReportForm):
    """About a listing that is there."""

    kinds = tuple(kind for kind in DiscrepancyKind if kind != DiscrepancyKind.MISSING)
    named = forms.CharField(
        label="The right or other name, or model number",
        required=False,
        max_length=300,
        help_text="As it stands on the product, its package or its advertising.",
    )
    field_order = ["kind", "named", "text", "evidence_url", "email"]

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        given["named"] = clean_text(given.get("named", "")).strip()
        if given.get("kind") in NAMING and not given["named"] and "named" not in self.errors:
            self.add_error("named", "Give the name or model number that the product is marketed under.")
        return given


class MissingReportForm(ReportForm):
    """About something that is not on the list, or about the list as a whole."""

    kinds = (DiscrepancyKind.MISSING, DiscrepancyKind.OTHER)
    product = forms.CharField(
        label="Product",
        max_length=120,
        help_text="Its name, or what your report is about.",
        error_messages={"required": "Name the product, or what your report is about."},
    )
    manufacturer = forms.CharField(label="Manufacturer or distributor", required=False, max_length=110)
    model_number = forms.CharField(label="Model number", required=False, max_length=60)
    code = forms.CharField(
        label="HCPCS code",
        required=False,
        max_length=10,
        validators=[CODE_FORM],
        help_text="Under which it should stand, if you know.",
        widget=forms.TextInput(attrs={"class": "register-input--code"}),
    )
    field_order = ["kind", "product", "manufacturer", "model_number", "code", "text", "evidence_url", "email"]

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"].strip().upper()
        if code and not is_known_code(code):
            raise forms.ValidationError(f"There is no code {code} in CMS’s files. Correct it, or leave it empty.")
        return code

    @property
    def about(self) -> str:
        said = (self.cleaned_data[name] for name in ("product", "model_number", "manufacturer"))
        return " · ".join(text for each in said if (text := clean_text(each).strip()))


def shown_entry(listing_id: int) -> RegisterEntry | None:
    return RegisterEntry.objects.select_related("listing__code").defer("search").filter(pk=listing_id).first()
