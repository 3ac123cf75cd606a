"""The page that an invitation's link opens: choose a password, once."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.adapter import CONFIRMED_ADDRESS
from accounts.forms import SignupForm
from accounts.models import User
from accounts.services.invitations import accept_invitation, find_invitation, why_it_no_longer_serves
from accounts.services.roles import RoleRefused


class AcceptForm(SignupForm):
    password = forms.CharField(
        label="Password",
        strip=False,
        help_text=" ".join(password_validators_help_texts()),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label="The same password again",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    field_order = ["name", "password", "again"]

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if "password" in given:
            try:
                validate_password(given["password"], User(email=self.email, name=given.get("name", "")))
            except ValidationError as error:
                self.add_error("password", error)
        if given.get("password") and given.get("again") and given["password"] != given["again"]:
            self.add_error("again", "This is not the same password. Type it again.")
        return given


@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """Raises Http404 for a link that was never given out."""
    found = find_invitation(secret)
    if found is None:
        raise Http404("There is no such invitation. Open the link from the mail again, in one piece.")
    if refused := why_it_no_longer_serves(found):
        return _over(request, refused)
    form = AcceptForm(request.POST or None, email=found.email, initial={"name": found.name})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            user = accept_invitation(invitation=found, name=said["name"], password=said["password"])
        except RoleRefused as error:
            return _over(request, str(error))
        request.session[CONFIRMED_ADDRESS] = user.email
        messages.success(request, "Your account is ready. Sign in with your address and the password you chose.")
        return redirect("account_login")
    response = render(
        request,
        "accounts/invitation.html",
        {"form": form, "invitation": found},
        status=400 if form.errors else 200,
    )
    return _secret(response)


def _over(request: HttpRequest, reason: str) -> HttpResponse:
    return _secret(render(request, "accounts/invitation_over.html", {"reason": reason}, status=410))


def _secret(response: HttpResponse) -> HttpResponse:
    # The address holds the secret. That no other site is told it is the site's own policy (same-origin); a stricter one
    # would have browsers send the form without saying from where, and it would be refused.
    response["Cache-Control"] = "private, no-store"
    return response
