import re
from typing import Any

from django import forms

from accounts.models import User


class SignupForm(forms.Form):
    """What sign-up asks beside address and password."""

    name = forms.CharField(label="Full name", max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    field_order = ["name", "email", "password1", "password2"]

    def clean_name(self) -> str:
        """The name goes into mails, so it must not carry an address or markup there."""
        name: str = self.cleaned_data["name"]
        if re.search(r"[<>/\\@]|https?:", name) or not name.isprintable():
            raise forms.ValidationError("Give your name in letters, without an address or signs like < and /.")
        return name

    def signup(self, request: Any, user: User) -> None:
        user.name = self.cleaned_data["name"]
        user.save(update_fields=["name"])
