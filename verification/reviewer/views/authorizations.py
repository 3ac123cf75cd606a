"""Representatives of manufacturers of whom nobody has an account: the registrar's word, on a document."""

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from pcl.errors import RegisterError
from verification.models import Authorization
from verification.queries.authorizations import (
    confirmed_by_the_contractor,
    days_in_words,
    for_the_contractor,
    kinds_in_words,
)
from verification.reviewer.people import person
from verification.services.authorize import confirm_authorization, end_authorization, refuse_authorization
from verification.viewer.answers import send_authorization_letter

ANSWERS = {"confirm": confirm_authorization, "refuse": refuse_authorization, "revoke": end_authorization}
SAID = {"confirm": "may now apply", "refuse": "may not apply", "revoke": "does not apply any more"}


@require_safe
def authorizations(request: HttpRequest) -> HttpResponse:
    context = {
        "waiting": [(each, days_in_words(each), kinds_in_words(each)) for each in for_the_contractor()],
        "confirmed": [(each, days_in_words(each), kinds_in_words(each)) for each in confirmed_by_the_contractor()],
    }
    return render(request, "reviewer/authorizations.html", context)


@require_POST
def answer_authorization(request: HttpRequest, authorization_id: int) -> HttpResponse:
    """`answer` is confirm, refuse or revoke."""
    rows = Authorization.objects.select_related("manufacturer", "representative")
    asked = get_object_or_404(rows, pk=authorization_id)
    answer = request.POST.get("answer", "")
    if answer not in ANSWERS:
        raise BadRequest("answer is confirm, refuse or revoke.")
    try:
        ANSWERS[answer](authorization=asked, by=person(request))
    except RegisterError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"{asked.representative} {SAID[answer]} for {asked.principal_name}.")
    return redirect("review:authorizations")


@require_safe
def document(request: HttpRequest, authorization_id: int) -> HttpResponseBase:
    found = get_object_or_404(Authorization.objects.exclude(file=""), pk=authorization_id)
    return send_authorization_letter(request, found, as_attachment=False)
