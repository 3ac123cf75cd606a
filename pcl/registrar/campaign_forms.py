"""What a registrar says of a campaign and of what is done in it."""

from typing import Any

from django import forms
from django.utils import timezone

from hcpcs.models import Code
from pcl.models import Campaign, Publication, RegisterEntry
from pcl.models.campaign import ActKind
from pcl.queries.listing_filter import DayField
from pcl.queries.named_codes import codes_named
from pcl.registrar.fields import Text
from pcl.registrar.requirement_form import PublicationChoice


class CampaignForm(forms.Form):
    title = Text(label="What it is called", max_length=200, help_text="For registrars, such as “K0009 ends in 2026”.")
    codes = Text(
        label="HCPCS codes",
        required=False,
        max_length=2000,
        help_text="One or several, such as K0009 K0108. All listings under them are meant.",
    )
    classification = forms.CharField(label="Or product group", required=False, max_length=120, widget=forms.Select)
    last_day = DayField(label="Last day to bill", help_text="The last date of service, which still counts.")

    def __init__(self, data: Any = None, *, campaign: Campaign | None = None) -> None:
        initial = None
        self.linked: list[Code] = list(campaign.codes.defer("search").order_by("code")) if campaign else []
        if campaign:
            initial = {
                "title": campaign.title,
                "codes": " ".join(code.code for code in self.linked),
                "classification": campaign.classification,
                "last_day": campaign.last_day,
            }
        super().__init__(data, initial=initial)
        groups = RegisterEntry.objects.exclude(classification="").order_by("classification")
        choices = [(group, group) for group in groups.values_list("classification", flat=True).distinct()]
        self.fields["classification"].widget.choices = [("", "Any product group"), *choices]

    def clean_codes(self) -> list[Code]:
        found, unknown = codes_named(self.cleaned_data["codes"], on=timezone.localdate(), linked=self.linked)
        if unknown:
            raise forms.ValidationError(f"Not in the catalogue: {', '.join(unknown[:10])}. Mend or remove it.")
        return found


class ActForm(forms.Form):
    """The reason for an act, and the day where there is one; `seen` is what the preview showed."""

    last_day = DayField(label="New last day to bill", help_text="Later than the one announced; it still counts.")
    publication = PublicationChoice(
        label="Publication that orders it",
        required=False,
        queryset=Publication.objects.all(),
        to_field_name="slug",
        empty_label="None in this register",
    )
    reason = Text(
        label="Reason",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Public: it stands with each change, and in the mails to those who are concerned.",
    )
    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, kind: str, seen: str) -> None:
        super().__init__(data, initial={"seen": seen})
        if kind != ActKind.EXTEND:
            del self.fields["last_day"]
