"""Roles granted, revoked and offered by invitation. Each act says why."""

from typing import Any

from django import forms

from accounts.forms import SignupForm
from accounts.models import Role
from pcl.text_field import Text

WHY = "Stays in the log with your name. The person is told what changed, not why."


def _reason() -> forms.CharField:
    return Text(
        label="Why",
        max_length=1000,
        help_text=WHY,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Say why: it stays in the log."},
    )


class ReasonForm(forms.Form):
    reason = _reason()


class GrantForm(forms.Form):
    """Offers the roles that the person does not hold."""

    role = forms.ChoiceField(label="Role")
    reason = _reason()

    def __init__(self, *args: Any, held: set[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(role.value, role.label) for role in Role if role.value not in held]
        self.fields["role"].choices = [("", "Choose a role"), *choices]  # type: ignore[attr-defined]

    def clean_role(self) -> Role:
        return Role(self.cleaned_data["role"])


class InviteForm(SignupForm):
    email = forms.EmailField(label="E-mail address", max_length=254)
    roles = forms.MultipleChoiceField(
        label="Roles",
        choices=Role.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one role."},
    )
    reason = _reason()
    field_order = ["name", "email", "roles", "reason"]

    def clean_roles(self) -> list[Role]:
        return [Role(role) for role in self.cleaned_data["roles"]]
