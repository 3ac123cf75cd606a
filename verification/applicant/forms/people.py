"""Inviting a colleague, and authorizing a representative."""

from typing import Any

from django import forms
from django.utils import timezone

from verification.models import Capacity
from verification.models.application import ApplicationKind
from verification.services.authorize import Terms


class InviteForm(forms.Form):
    email = forms.EmailField(
        label="E-mail address",
        help_text="The link in the mail works for this address only.",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Give the e-mail address of the person whom you invite."},
    )
    as_administrator = forms.BooleanField(
        label="Make this person an administrator",
        help_text="Administrators invite and confirm others, and authorize representatives.",
        required=False,
    )


class AuthorizationForm(forms.Form):
    name = forms.CharField(label="Organization", max_length=300)
    capacity = forms.ChoiceField(
        label="What is allowed?", choices=(), widget=forms.RadioSelect, initial=Capacity.REPRESENTATIVE
    )
    begins = forms.DateField(
        label="First day", widget=forms.DateInput(format="%Y-%m-%d"), error_messages={"required": "Give the first day."}
    )
    until = forms.DateField(
        label="Last day (optional)",
        help_text="That day included, US Eastern time. Left empty, it holds until somebody ends it.",
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d"),
    )
    kinds = forms.MultipleChoiceField(
        label="For which applications? (optional)",
        help_text="None chosen: for all of them.",
        choices=ApplicationKind.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    document = forms.FileField(
        # Whether it is empty, or there was no room for it, is for the service to say.
        allow_empty_file=True,
        label="The manufacturer's letter of authorization (optional)",
        help_text="PDF, JPEG or PNG.",
        required=False,
    )

    def __init__(self, data: Any = None, files: Any = None, *, is_given: bool) -> None:
        """`is_given`: by the manufacturer; otherwise it is asked for by the representative."""
        super().__init__(data, files, initial={"begins": timezone.localdate()})
        name, capacity = self.fields["name"], self.fields["capacity"]
        if is_given:
            name.label = "Whom do you authorize?"
            name.help_text = "The organization's name, as its people gave it here."
            name.error_messages["required"] = "Name the organization that you authorize."
            said = (
                "It applies in our name, and sees what it applied for",
                "It sells our product under a name of its own",
            )
        else:
            name.label = "For whom do you want to apply?"
            name.help_text = "The manufacturer's name. Where nobody of it has an account, attach its letter below."
            name.error_messages["required"] = "Name the manufacturer."
            said = ("We apply in the manufacturer's name", "We sell the manufacturer's product under a name of our own")
        capacity.choices = [  # type: ignore[attr-defined]
            (Capacity.REPRESENTATIVE, f"{said[0]} (designated representative)"),
            (Capacity.DISTRIBUTOR, f"{said[1]} (distributor)"),
        ]

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        begins, until = said.get("begins"), said.get("until")
        if begins and until and until < begins:
            self.add_error("until", "The last day is before the first. Give a last day on or after it, or none.")
        return said

    def terms(self) -> Terms:
        said = self.cleaned_data
        return Terms(
            begins=said["begins"],
            until=said["until"],
            capacity=Capacity(said["capacity"]),
            kinds=tuple(said["kinds"]),
            document=said["document"],
        )
