"""The page that asks the contractor's people for a second factor, and the one on which a lost one is taken off."""

from typing import cast

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import SecondFactorReset, User
from accounts.queries.second_factor import has_second_factor, newest_resets, people_and_factors
from accounts.services.second_factor import ResetRefused, reset_second_factor


class ResetForm(forms.Form):
    reason = forms.CharField(
        label="Why, and how do you know that it is this person who asks?",
        max_length=SecondFactorReset._meta.get_field("reason").max_length,  # noqa: SLF001
        help_text="Kept with your name. For example: lost telephone, called back at the number on file.",
    )


@require_safe
def required(request: HttpRequest) -> HttpResponse:
    """Leads on to `next` once there is a second factor."""
    user = cast("User", request.user)  # the permission map lets nobody else in
    if has_second_factor(user):
        wanted = request.GET.get("next", "")
        is_ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
        return redirect(wanted if is_ours and wanted else "accounts:home")
    context = {"is_required": settings.REQUIRE_SECOND_FACTOR and bool(user.roles)}
    return render(request, "accounts/second_factor.html", context)


@require_safe
def people(request: HttpRequest) -> HttpResponse:
    asked = " ".join(request.GET.get("q", "").replace("\0", "").split())
    context = {"q": asked, "people": people_and_factors(asked), "resets": newest_resets()}
    return render(request, "accounts/second_factors.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def reset(request: HttpRequest, user_id: int) -> HttpResponse:
    """Asks first, and for the reason."""
    concerned = get_object_or_404(User, pk=user_id)
    form = ResetForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            reset_second_factor(user=concerned, by=cast("User", request.user), reason=form.cleaned_data["reason"])
        except ResetRefused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"The second factor of {concerned} was taken off. A mail says so.")
            return redirect("accounts:second_factors")
    context = {"person": concerned, "form": form}
    return render(request, "accounts/second_factor_reset.html", context, status=400 if form.errors else 200)
