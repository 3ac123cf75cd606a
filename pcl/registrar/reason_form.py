"""What every act asks for besides its own fields: why, and what orders it."""

from typing import Any

from django import forms

from pcl.models import Publication
from pcl.queries.listing_filter import CODE_FORM, DayField
from pcl.registrar.fields import Text

LONGEST_REASON = 2000
LONGEST_NAME = 300
LONGEST_SOURCE = 300
_LAST = ("publication", "reason")


class PublicationField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.title} ({obj.posted:%B %-d, %Y})"


class ReasonForm(forms.Form):
    """The fields of one act; `publication` and `reason` stand last."""

    publication = PublicationField(
        label="Publication that orders it",
        queryset=Publication.objects.defer("body"),
        required=False,
        empty_label="None",
        help_text="It is cited in the reason.",
    )
    reason = Text(
        label="Reason",
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=(
            "Everybody can read it, for ever, in the listing’s history. Say what happened and who orders it. "
            "No names of people, and nothing of patients."
        ),
        error_messages={"required": "Say what happened and who orders it: the history shows it for ever."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields([*(name for name in self.fields if name not in _LAST), *_LAST])

    @property
    def public_reason(self) -> str:
        """Of a valid form: the reason as the change keeps it, with the publication."""
        given, publication = self.cleaned_data["reason"], self.cleaned_data["publication"]
        if publication is None:
            return str(given)
        return f"{given} (Publication: “{publication.title}”, posted {publication.posted:%B %-d, %Y}.)"


def day_field(label: str, **kwargs: Any) -> DayField:
    return DayField(label=label, widget=forms.DateInput(attrs={"type": "date"}), **kwargs)


def name_field(label: str, **kwargs: Any) -> Text:
    return Text(label=label, max_length=LONGEST_NAME, **kwargs)


def code_field(label: str, **kwargs: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=20,
        validators=[CODE_FORM],
        widget=forms.TextInput(attrs={"class": "register-input--code", "autocomplete": "off"}),
        **kwargs,
    )


def source_field() -> Text:
    return Text(
        label="Document that says so",
        max_length=LONGEST_SOURCE,
        help_text="Shown beside the former name, such as: Attestation of May 2, 2026.",
    )
