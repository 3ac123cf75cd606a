"""The people of an organization: who acts for it, who is invited, who asks to."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts.models import User
from pcl.errors import RegisterError
from pcl.models import Organization
from verification.applicant.forms.people import InviteForm
from verification.applicant.views.request import CONFLICT, UNPROCESSABLE, ApplicantRequest, chosen, do_and_say
from verification.models import Invitation, Representation
from verification.queries.invitations import pending_invitations, standing_of
from verification.queries.organizations import history_of, members_of, own_organization, requests_to
from verification.queries.representation import administrators_of, family_of, people_of
from verification.services.invite import invite as send_invitation
from verification.services.invite import invite_again, take_back_invitation
from verification.services.people import end_access, make_administrator, make_ordinary
from verification.services.represent import confirm_representation, refuse_representation

ACTS = {"administrator": make_administrator, "ordinary": make_ordinary, "end": end_access}


def people(request: ApplicantRequest, slug: str) -> HttpResponse:
    organization = own_organization(request.user, slug)
    if organization.slug != slug:
        return redirect("apply:people", organization.slug)
    return _page(request, organization, InviteForm())


def invite(request: ApplicantRequest, slug: str) -> HttpResponse:
    organization = own_organization(request.user, slug)
    if request.method != "POST":
        return redirect("apply:people", organization.slug)
    form = InviteForm(request.POST)
    if not form.is_valid():
        return _page(request, organization, form, status=UNPROCESSABLE)
    said = form.cleaned_data
    try:
        send_invitation(
            organization=organization, email=said["email"], as_administrator=said["as_administrator"], by=request.user
        )
    except RegisterError as error:
        form.add_error("email", str(error))
        return _page(request, organization, form, status=UNPROCESSABLE)
    messages.success(request, f"{said['email']} is invited. The mail with the link is on its way.")
    return redirect("apply:people", organization.slug)


def _page(
    request: ApplicantRequest, organization: Organization, form: InviteForm, *, status: int = 200
) -> HttpResponse:
    members = members_of(organization)
    me = next((member for member in members if member.user == request.user), None)
    administers = me is not None and me.is_administrator
    context = {
        "organization": organization,
        "members": members,
        "administers": administers,
        "form": form,
        **(_for_administrators(organization) if administers else {}),
    }
    return render(request, "applicant/people.html", context, status=status)


def _for_administrators(organization: Organization) -> dict[str, object]:
    return {
        "asked": requests_to(organization),
        "invitations": [(each, standing_of(each)) for each in pending_invitations(organization)],
        "history": history_of(organization),
    }


def person(request: ApplicantRequest, slug: str, user_id: int, act: str) -> HttpResponse:
    """Asks first. `act` is administrator, ordinary or end; ending one's own access is leaving."""
    organization = own_organization(request.user, slug)
    perform = ACTS.get(act)
    concerned: User = get_object_or_404(people_of(family_of(organization)), pk=user_id)
    is_oneself = concerned == request.user
    if perform is None or not (request.user in administrators_of(organization) or (is_oneself and act == "end")):
        raise Http404
    context = {"organization": organization, "person": concerned, "act": act, "is_oneself": is_oneself}
    if request.method != "POST":
        return render(request, "applicant/person.html", context)
    try:
        perform(organization=organization, person=concerned, by=request.user)
    except RegisterError as error:
        return render(request, "applicant/person.html", {**context, "refused": str(error)}, status=CONFLICT)
    messages.success(request, _done(act, concerned, organization, is_oneself=is_oneself))
    if act == "end" and is_oneself:
        return redirect("apply:home")
    return redirect("apply:people", organization.slug)


def _done(act: str, concerned: User, organization: Organization, *, is_oneself: bool) -> str:
    if act == "end":
        return f"{'You do' if is_oneself else f'{concerned} does'} not act for {organization} any more."
    who = "You" if is_oneself else str(concerned)
    verb = "administer" if is_oneself else "administers"
    return f"{who} now {verb} {organization}." if act == "administrator" else f"{who} no longer {verb} {organization}."


@require_POST
def answer_request(request: ApplicantRequest, slug: str, representation_id: int) -> HttpResponse:
    """`answer` is confirm or refuse."""
    organization = own_organization(request.user, slug)
    asked = get_object_or_404(_asked_of(organization), pk=representation_id)
    answer = chosen(request, "answer", {"confirm": confirm_representation, "refuse": refuse_representation})
    may = "may now" if answer is confirm_representation else "may not"
    do_and_say(
        request,
        lambda: answer(representation=asked, by=request.user),
        f"{asked.user} {may} act for {organization}.",
    )
    return redirect("apply:people", organization.slug)


def _asked_of(organization: Organization) -> QuerySet[Representation]:
    """Answered ones, too: of two administrators at once, the second is told that it was answered."""
    return Representation.objects.filter(organization__in=family_of(organization)).select_related("user")


@require_POST
def pending(request: ApplicantRequest, slug: str, invitation_id: int) -> HttpResponse:
    """`act` is take_back or send_again."""
    organization = own_organization(request.user, slug)
    invitation = get_object_or_404(Invitation, organization__in=family_of(organization), pk=invitation_id)
    act = chosen(request, "act", {"take_back": take_back_invitation, "send_again": invite_again})
    done = "was sent again; the link before opens nothing any more" if act is invite_again else "was taken back"
    do_and_say(
        request,
        lambda: act(invitation=invitation, by=request.user),
        f"The invitation of {invitation.email} {done}.",
    )
    return redirect("apply:people", organization.slug)
