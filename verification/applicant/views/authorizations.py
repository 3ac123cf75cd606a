"""Authorizations of an organization: who may apply for it, and for whom it may apply."""

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from pcl.errors import RegisterError
from pcl.models import Organization
from verification.applicant.forms.people import AuthorizationForm
from verification.applicant.views.request import CONFLICT, UNPROCESSABLE, ApplicantRequest, chosen, do_and_say
from verification.models import Authorization
from verification.queries.authorizations import (
    days_in_words,
    given_by,
    kinds_in_words,
    received_by,
    state_of,
    whose_word,
)
from verification.queries.organizations import own_organization
from verification.queries.representation import administrators_of, family_of
from verification.services.authorize import (
    ask_for_authorization,
    confirm_authorization,
    end_authorization,
    give_authorization,
    refuse_authorization,
)
from verification.services.tell_authorization import under_way
from verification.viewer.answers import send_authorization_letter

STATE_TAGS = {"waiting": "waiting", "begins later": "info", "in force": "good", "ran out": "past", "ended": "past"}


def authorizations(request: ApplicantRequest, slug: str) -> HttpResponse:
    organization = own_organization(request.user, slug)
    if organization.slug != slug:
        return redirect("apply:authorizations", organization.slug)
    context = {
        "organization": organization,
        "administers": request.user in administrators_of(organization),
        "given": [_line(each) for each in given_by(organization)],
        "received": [_line(each) for each in received_by(organization)],
    }
    return render(request, "applicant/authorizations.html", context)


def _line(authorization: Authorization) -> dict[str, object]:
    state = state_of(authorization)
    return {
        "authorization": authorization,
        "state": state,
        "tag": STATE_TAGS[state],
        "days": days_in_words(authorization),
        "kinds": kinds_in_words(authorization),
        "whose_word": whose_word(authorization),
    }


def authorize(request: ApplicantRequest, slug: str, way: str) -> HttpResponse:
    """`way` is give, by the manufacturer, or ask, by the representative."""
    organization = own_organization(request.user, slug)
    if way not in {"give", "ask"} or request.user not in administrators_of(organization):
        raise Http404
    is_given = way == "give"
    form = AuthorizationForm(
        request.POST if request.method == "POST" else None, request.FILES or None, is_given=is_given
    )
    context = {"organization": organization, "form": form, "is_given": is_given}
    if form.is_valid():
        name, terms = form.cleaned_data["name"], form.terms()
        try:
            if is_given:
                give_authorization(manufacturer=organization, name=name, terms=terms, by=request.user)
            else:
                ask_for_authorization(representative=organization, name=name, terms=terms, by=request.user)
        except RegisterError as error:
            form.add_error(None, str(error))
        else:
            said = f"{name} is authorized." if is_given else f"{name} was asked. You get a mail with the answer."
            messages.success(request, said)
            return redirect("apply:authorizations", organization.slug)
    return render(request, "applicant/authorize.html", context, status=UNPROCESSABLE if form.is_bound else 200)


@require_POST
def answer_authorization(request: ApplicantRequest, slug: str, authorization_id: int) -> HttpResponse:
    """`answer` is confirm or refuse."""
    organization = own_organization(request.user, slug)
    asked = get_object_or_404(
        Authorization.objects.filter(manufacturer__in=family_of(organization)), pk=authorization_id
    )
    answer = chosen(request, "answer", {"confirm": confirm_authorization, "refuse": refuse_authorization})
    may = "may now" if answer is confirm_authorization else "may not"
    do_and_say(
        request,
        lambda: answer(authorization=asked, by=request.user),
        f"{asked.representative} {may} apply for {organization}.",
    )
    return redirect("apply:authorizations", organization.slug)


def end(request: ApplicantRequest, slug: str, authorization_id: int) -> HttpResponse:
    """Asks first. Either side may end it."""
    organization = own_organization(request.user, slug)
    found = get_object_or_404(_between(organization), pk=authorization_id)
    if request.user not in administrators_of(organization):
        raise Http404
    context = {"organization": organization, "authorization": found, "under_way": under_way(found)}
    context["is_given"] = found.manufacturer_id in family_of(organization)
    if request.method != "POST":
        return render(request, "applicant/authorization_end.html", context)
    try:
        end_authorization(authorization=found, by=request.user)
    except RegisterError as error:
        return render(request, "applicant/authorization_end.html", {**context, "refused": str(error)}, status=CONFLICT)
    messages.success(request, f"{found.representative} does not apply for {found.principal_name} any more.")
    return redirect("apply:authorizations", organization.slug)


def document(request: ApplicantRequest, slug: str, authorization_id: int) -> HttpResponseBase:
    organization = own_organization(request.user, slug)
    found = get_object_or_404(_between(organization).exclude(file=""), pk=authorization_id)
    return send_authorization_letter(request, found, as_attachment=True)


def _between(organization: Organization) -> QuerySet[Authorization]:
    """Those in which it is one of the two."""
    members = family_of(organization)
    both = Authorization.objects.filter(Q(manufacturer__in=members) | Q(representative__in=members))
    return both.select_related("manufacturer", "representative")
