"""Which mails a person gets."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from verification.applicant.forms.mails import MailsForm
from verification.applicant.views.request import UNPROCESSABLE, ApplicantRequest
from verification.models import MailPreference
from verification.services.mail_preferences import choose_mails


def mails(request: ApplicantRequest) -> HttpResponse:
    now = MailPreference.objects.filter(user=request.user).first() or MailPreference()
    form = MailsForm(request.POST if request.method == "POST" else None, now=now)
    if not form.is_valid():
        status = UNPROCESSABLE if form.is_bound else 200
        return render(request, "applicant/mails.html", {"form": form}, status=status)
    choose_mails(
        user=request.user,
        every_application=form.cleaned_data["whose"] == MailsForm.EVERY,
        wanted=form.cleaned_data["wanted"],
    )
    messages.success(request, "Saved. It counts from the next mail on.")
    return redirect("apply:mails")
