"""Who works for the contractor and as what: an administrator grants, revokes, invites and closes accounts."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import ContractorInvitation, Role, User
from accounts.services.invitations import invite, withdraw_invitation
from accounts.services.roles import RoleRefused, deactivate, grant_role, reactivate, revoke_role
from verification.queries.access_review import second_factors_of
from verification.queries.contractor_people import (
    contractor_people,
    history_of,
    open_invitations,
    open_reviews_of,
    people_found,
    represented_by,
)
from verification.reviewer.forms.people import GrantForm, InviteForm, ReasonForm
from verification.reviewer.people import person as person_of
from verification.workflow.table import BY_NAME

MOST_REVIEWS_SHOWN = 50


@require_safe
def people(request: HttpRequest) -> HttpResponse:
    words = request.GET.get("q", "")
    context = {
        "people": list(contractor_people()),
        "invitations": list(open_invitations()),
        "now": timezone.now(),
        "words": words.strip(),
        "found": people_found(words),
        "may_change": person_of(request).has_role(Role.ADMINISTRATOR),
    }
    return render(request, "reviewer/people.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def person(request: HttpRequest, user_id: int) -> HttpResponse:
    """The person's page; `act` is grant, revoke, deactivate or reactivate, each with its reason."""
    shown = get_object_or_404(User, pk=user_id)
    if request.method == "POST":
        return _act(request, shown)
    return _page(request, shown)


def _act(request: HttpRequest, shown: User) -> HttpResponse:
    by, act = person_of(request), request.POST.get("act", "")
    if act not in {"grant", "revoke", "deactivate", "reactivate"}:
        raise BadRequest("act is grant, revoke, deactivate or reactivate.")
    held = set(shown.roles)
    form: Any = GrantForm(request.POST, held=held) if act == "grant" else ReasonForm(request.POST)
    role = request.POST.get("role", "")
    if act == "revoke" and role not in Role.values:
        raise BadRequest("role is not the name of a role.")
    if not form.is_valid():
        return _page(request, shown, act=act, form=form, role=role, status=400)
    reason = form.cleaned_data["reason"]
    verbs: dict[str, Callable[[], object]] = {
        "grant": lambda: grant_role(user=shown, role=form.cleaned_data["role"], reason=reason, by=by),
        "revoke": lambda: revoke_role(user=shown, role=Role(role), reason=reason, by=by),
        "deactivate": lambda: deactivate(user=shown, reason=reason, by=by),
        "reactivate": lambda: reactivate(user=shown, reason=reason, by=by),
    }
    try:
        verbs[act]()
    except RoleRefused as error:
        form.add_error(None, str(error))
        return _page(request, shown, act=act, form=form, role=role, status=400)
    messages.success(request, _done(act, shown, role))
    return redirect("review:person", shown.pk)


def _done(act: str, shown: User, role: str) -> str:
    label = Role(role).label.lower() if role else ""
    return {
        "grant": f"{shown} has the role of {label} now, and was told by mail.",
        "revoke": f"{shown} has the role of {label} no longer, and was told by mail.",
        "deactivate": f"The account of {shown} is closed, and its roles have ended.",
        "reactivate": f"{shown} can sign in again. Roles are granted anew.",
    }[act]


def _page(
    request: HttpRequest,
    shown: User,
    *,
    act: str = "",
    form: forms.Form | None = None,
    role: str = "",
    status: int = 200,
) -> HttpResponse:
    shown = User.objects.get(pk=shown.pk)
    held = list(shown.role_assignments.filter(revoked_at=None).select_related("granted_by").order_by("granted_at"))
    reviews = list(open_reviews_of(shown)[: MOST_REVIEWS_SHOWN + 1])

    def of(name: str, of_role: str = "") -> forms.Form:
        if form is not None and act == name and role == (of_role or role):
            return form
        number = f"id_{name}_{of_role}_%s"
        if name == "grant":
            return GrantForm(held={each.role for each in held}, auto_id=number)
        return ReasonForm(auto_id=number)

    by = person_of(request)
    context = {
        "shown": shown,
        "held": [(each, of("revoke", each.role), act == "revoke" and role == each.role) for each in held],
        "grant": of("grant"),
        "close": of("deactivate"),
        "reopen": of("reactivate"),
        "tried": act,
        "failed": form,
        "reviews": reviews[:MOST_REVIEWS_SHOWN],
        "can_be_reassigned": BY_NAME["reassign"].sources,
        "more_reviews": len(reviews) > MOST_REVIEWS_SHOWN,
        "represented": represented_by(shown),
        "second_factors": second_factors_of(shown),
        "events": history_of(shown),
        "may_change": by.has_role(Role.ADMINISTRATOR),
        "is_oneself": by.pk == shown.pk,
    }
    return render(request, "reviewer/person.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def person_invite(request: HttpRequest) -> HttpResponse:
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            made = invite(
                email=said["email"],
                name=said["name"],
                roles=said["roles"],
                reason=said["reason"],
                by=person_of(request),
            )
        except RoleRefused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"{made.email} was invited. The link in the mail serves once.")
            return redirect("review:people")
    return render(request, "reviewer/person_invite.html", {"form": form}, status=400 if form.errors else 200)


@require_POST
def person_invitation_withdraw(request: HttpRequest, invitation_id: int) -> HttpResponse:
    found = get_object_or_404(ContractorInvitation, pk=invitation_id)
    try:
        withdraw_invitation(invitation=found, by=person_of(request))
    except RoleRefused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"The invitation to {found.email} no longer serves.")
    return redirect("review:people")
