"""What an invitation's link opens. Opening it uses nothing up: programs that look after mail open links, too."""

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from pcl.errors import RegisterError
from verification.applicant.views.request import CONFLICT, ApplicantRequest
from verification.models import Invitation
from verification.queries.invitations import invitation_of, invitations_for, is_for, standing_of
from verification.services.invite import WHY_NOT, accept_invitation

if TYPE_CHECKING:
    from accounts.models import User

GONE = 410


@never_cache
def invitation(request: HttpRequest, secret: str) -> HttpResponse:
    found = invitation_of(secret)
    if not request.user.is_authenticated:
        if request.method == "POST":
            return redirect_to_login(request.get_full_path())
        return _page(request, found)
    user = request.user
    if found.accepted_by_id == user.pk:
        return redirect("apply:home")
    if request.method != "POST":
        return _page(request, found)
    return _accept(request, found, user)


@require_POST
def accept(request: ApplicantRequest, invitation_id: int) -> HttpResponse:
    """From the list on one's own page, where the link is not needed: the address is confirmed."""
    own = [each.pk for each in invitations_for(request.user)]
    accepted = Invitation.objects.filter(accepted_by=request.user).values_list("pk", flat=True)
    found = get_object_or_404(Invitation, pk__in=[*own, *accepted], pk=invitation_id)
    return _accept(request, found, request.user)


def _accept(request: HttpRequest, found: Invitation, user: "User") -> HttpResponse:
    try:
        accept_invitation(invitation=found, by=user)
    except RegisterError as error:
        return _page(request, found, refused=str(error), status=CONFLICT)
    messages.success(request, f"You now act for {found.organization.name}.")
    return redirect("apply:home")


def _page(request: HttpRequest, found: Invitation, *, refused: str = "", status: int = 200) -> HttpResponse:
    standing = standing_of(found)
    signed_in = request.user if request.user.is_authenticated else None
    context = {
        "invitation": found,
        "refused": refused,
        "why_not": WHY_NOT.get(standing, ""),
        "is_mine": signed_in is not None and is_for(signed_in, found),
        "is_contractor": signed_in is not None and bool(signed_in.roles),
    }
    if standing != "waiting" and status == 200:
        status = GONE
    return render(request, "applicant/invitation.html", context, status=status)
