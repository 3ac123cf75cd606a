"""What a registrar enters by hand of a requirement."""

from typing import Any

from django import forms

from pcl.models import Publication, Requirement
from pcl.queries.listing_filter import CODE_FORM, DayField
from pcl.queries.product_groups import LONGEST_GROUP, group_names, group_of
from pcl.registrar.fields import Text
from pcl.services.requirements import RequirementSaid


class PublicationChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.title} ({obj.posted.isoformat()})"


class RequirementForm(forms.Form):
    code = forms.CharField(
        label="HCPCS code",
        max_length=5,
        validators=[CODE_FORM],
        widget=forms.TextInput(attrs={"class": "register-input--code"}),
    )
    group = Text(
        label="Product group",
        max_length=LONGEST_GROUP,
        help_text="In words, such as Knee Orthoses; spelled as in the list.",
    )
    begins = DayField(
        label="First date of service",
        required=False,
        help_text="Empty only where no source names one. It then counts for every date of service, and pages say so.",
    )
    ends = DayField(label="Last date of service", required=False, help_text="The last day that counts; empty: no end.")
    publication = PublicationChoice(
        label="Publication that orders it",
        required=False,
        queryset=Publication.objects.all(),
        to_field_name="slug",
        empty_label="None in this register",
    )
    policy_article = Text(label="Policy article", required=False, max_length=200)
    lcd = Text(label="LCD", required=False, max_length=200)
    exception_text = Text(
        label="Exception",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Products that need not be listed, as a sentence; shown with the requirement everywhere.",
    )
    fallback_code = Text(
        label="Code for a product that is not listed", required=False, max_length=60, help_text="Such as A9270."
    )
    source = Text(label="Source", max_length=300, help_text="The document or list that you read; public.")
    snapshot_date = DayField(
        label="The source said so on",
        required=False,
        help_text="Needed where the first date of service is not known.",
    )
    reason = Text(
        label="Reason",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Why it is entered or changed now; kept, not public.",
    )

    def clean_code(self) -> str:
        return str(self.cleaned_data["code"]).strip().upper()

    @property
    def said(self) -> RequirementSaid:
        """Of a valid form."""
        given = dict(self.cleaned_data)
        for name in ("reason", "seen_version"):
            given.pop(name, None)
        return RequirementSaid(product_group=group_of(given.pop("group")), **given)


class RequirementRevisionForm(RequirementForm):
    seen_version = forms.IntegerField(widget=forms.HiddenInput)


def what_it_says(requirement: Requirement) -> dict[str, Any]:
    """The revision form's beginning."""
    first, last, day = requirement.in_force_from, requirement.in_force_to, requirement.snapshot_date
    return {
        "code": requirement.code.code,
        "group": group_names().get(requirement.product_group, requirement.product_group),
        "begins": first.isoformat() if first else "",
        "ends": last.isoformat() if last else "",
        "publication": requirement.publication.slug if requirement.publication else "",
        "policy_article": requirement.policy_article,
        "lcd": requirement.lcd,
        "exception_text": requirement.exception_text,
        "fallback_code": requirement.fallback_code,
        "source": requirement.source,
        "snapshot_date": day.isoformat() if day else "",
        "seen_version": requirement.version,
    }
