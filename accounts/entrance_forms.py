"""The forms of the entrance, from django-allauth, in our words."""

from typing import Any

from allauth.account import forms as entrance
from django import forms

from accounts.adapter import CONFIRMED_ADDRESS


class _SaysEMailAddress(forms.Form):
    """The person's address has one name on every page, and no field has a second one inside while it is empty."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in {"login", "email"} & self.fields.keys():
            self.fields[name].label = "E-mail address"
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)


class LoginForm(_SaysEMailAddress, entrance.LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.request is not None and CONFIRMED_ADDRESS in self.request.session:
            self.fields["login"].initial = self.request.session[CONFIRMED_ADDRESS]


class SignupForm(_SaysEMailAddress, entrance.SignupForm):
    pass


class ResetPasswordForm(_SaysEMailAddress, entrance.ResetPasswordForm):
    pass


class AddEmailForm(_SaysEMailAddress, entrance.AddEmailForm):
    pass
