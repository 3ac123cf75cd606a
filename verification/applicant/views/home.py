"""Before an application: my organizations, my applications, starting another one."""

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render

from pcl.errors import RegisterError
from pcl.text import number_in
from verification.applicant.forms.start import OrganizationForm, StartForm
from verification.applicant.overview import overview
from verification.applicant.views.request import UNPROCESSABLE, ApplicantRequest
from verification.product_groups import groups_of
from verification.queries.invitations import invitations_for
from verification.queries.organizations import Behalf, ended_access, on_whose_behalf, what_waits_for_administrator
from verification.queries.representation import administered_by, waiting_for_confirmation
from verification.services.drafts import begin_application
from verification.services.represent import name_organization

LONGEST_CODE = 20

if TYPE_CHECKING:
    from accounts.models import User


def home(request: ApplicantRequest) -> HttpResponse:
    behalves = on_whose_behalf(request.user)
    waiting = list(waiting_for_confirmation(request.user))
    invitations = invitations_for(request.user)
    ended = ended_access(request.user)
    if not (behalves or waiting or invitations or ended):
        return redirect("apply:organization")
    after = request.GET.get("closed_after", "")
    chosen = next((each for each in behalves if each.key == request.GET.get("for")), None)
    context = {
        "organizations": _own(request.user, behalves),
        "represented": [each for each in behalves if each.made_by],
        "behalves": behalves,
        "chosen": chosen,
        "invitations": invitations,
        "ended": ended if not behalves else [],
        "unconfirmed": waiting,
        "overview": overview(request.user, closed_after=number_in(after), on_behalf=chosen),
    }
    return render(request, "applicant/home.html", context)


def _own(user: "User", behalves: list[Behalf]) -> list[dict[str, object]]:
    """The organizations of which one is, with what waits there for an administrator."""
    administered = set(administered_by(user).values_list("pk", flat=True))
    asked = what_waits_for_administrator(user) if administered else {}
    return [
        {
            "organization": each.organization,
            "administers": each.organization.pk in administered,
            "asked": asked.get(each.organization.pk, 0),
        }
        for each in behalves
        if each.made_by is None
    ]


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
        organization=form.chosen.organization,
        made_by=form.chosen.made_by,
        applies_as=form.chosen_part,
        product_group=form.cleaned_data["product_group"],
        by=request.user,
    )
    return HttpResponseRedirect(application.get_absolute_url())
