"""Before an application: my organizations, my applications, starting another one."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render

from pcl.errors import RegisterError
from verification.applicant.forms.start import OrganizationForm, StartForm
from verification.applicant.overview import overview
from verification.applicant.views.request import UNPROCESSABLE, ApplicantRequest
from verification.product_groups import groups_of
from verification.queries.representation import organizations_of, waiting_for_confirmation
from verification.services.drafts import begin_application
from verification.services.represent import name_organization

LONGEST_CODE = 20


def home(request: ApplicantRequest) -> HttpResponse:
    organizations = list(organizations_of(request.user).order_by("name", "id"))
    waiting = list(waiting_for_confirmation(request.user))
    if not organizations and not waiting:
        return redirect("apply:organization")
    after = request.GET.get("closed_after", "")
    context = {
        "organizations": organizations,
        "unconfirmed": waiting,
        "overview": overview(request.user, closed_after=int(after) if after.isdecimal() else None),
    }
    return render(request, "applicant/home.html", context)


def organization(request: ApplicantRequest) -> HttpResponse:
    form = OrganizationForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        status = UNPROCESSABLE if form.is_bound else 200
        return render(request, "applicant/organization.html", {"form": form}, status=status)
    try:
        representation = name_organization(user=request.user, name=form.cleaned_data["name"])
    except RegisterError as error:
        messages.info(request, str(error))
        return redirect("apply:home")
    if representation.confirmed_at:
        messages.success(request, f"{representation.organization.name}: you can now start an application.")
    else:
        messages.warning(request, f"Your request to act for {representation.organization.name} waits for confirmation.")
    return redirect("apply:home")


def start(request: ApplicantRequest) -> HttpResponse:
    code = request.GET.get("code", "").strip().upper()
    found = groups_of(code)
    form = StartForm(
        request.POST if request.method == "POST" else None, by=request.user, suggested=found[0] if found else None
    )
    if not form.own:
        return redirect("apply:home")
    if not form.is_valid():
        status = UNPROCESSABLE if form.is_bound else 200
        context = {"form": form, "code": code[:LONGEST_CODE], "found": found}
        return render(request, "applicant/start.html", context, status=status)
    application = begin_application(
        organization=form.chosen_organization, product_group=form.cleaned_data["product_group"], by=request.user
    )
    return HttpResponseRedirect(application.get_absolute_url())
