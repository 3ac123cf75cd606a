"""The page on which people make and revoke keys for their programs."""

from typing import cast

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import ApiKey, User
from accounts.queries.api_keys import keys_in_use
from accounts.services.api_keys import KeyRefused, create_api_key, revoke_api_key


class ApiKeyForm(forms.Form):
    name = forms.CharField(
        label="What is the key for?",
        max_length=ApiKey._meta.get_field("name").max_length,  # noqa: SLF001
        help_text="For example: nightly mirror of the list.",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def api_keys(request: HttpRequest) -> HttpResponse:
    """A new key stands in the answer to the form and nowhere else; sent again, the form is refused by its name."""
    user = cast("User", request.user)  # the permission map lets nobody else in
    form = ApiKeyForm(request.POST or None)
    made = None
    if request.method == "POST" and form.is_valid():
        try:
            made = create_api_key(user=user, name=form.cleaned_data["name"])
        except KeyRefused as error:
            form.add_error("name", str(error))
        else:
            form = ApiKeyForm()
    context = {
        "form": form,
        "made": made,
        "keys": keys_in_use(user),
        "units": settings.API_UNITS_PER_MINUTE,
        "units_with_key": settings.API_UNITS_PER_MINUTE_WITH_KEY,
        "site": settings.SITE_URL,
    }
    return render(request, "accounts/api_keys.html", context, status=400 if form.errors else 200)


@require_POST
def revoke(request: HttpRequest, key_id: int) -> HttpResponse:
    if not revoke_api_key(user=cast("User", request.user), key_id=key_id):
        raise Http404("There is no such key of yours in use.")
    messages.success(request, "The key is revoked. Programs that use it are refused within a minute.")
    return redirect("accounts:api_keys")
