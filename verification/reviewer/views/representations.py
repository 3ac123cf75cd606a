"""People who say that they act for an organization that the register knows: the registrar's word."""

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from pcl.errors import RegisterError
from verification.models import Representation
from verification.queries.representation import unconfirmed
from verification.reviewer.people import person
from verification.services.represent import confirm_representation, found_separately, refuse_representation


@require_safe
def representations(request: HttpRequest) -> HttpResponse:
    return render(request, "reviewer/representations.html", {"waiting": unconfirmed()})


@require_POST
def answer_representation(request: HttpRequest, representation_id: int) -> HttpResponse:
    """`answer` is confirm, refuse or separate: a look-alike, but an organization of its own."""
    asked = get_object_or_404(Representation.objects.select_related("user", "organization"), pk=representation_id)
    answer = request.POST.get("answer")
    if answer not in {"confirm", "refuse", "separate"}:
        raise BadRequest("answer is confirm, refuse or separate.")
    try:
        if answer == "confirm":
            confirm_representation(representation=asked, by=person(request))
            messages.success(request, f"{asked.user} may now act for {asked.organization}.")
        elif answer == "separate":
            found_separately(representation=asked, by=person(request))
            messages.success(request, f"{asked.user} may now act for {asked.asked_name}, an organization of its own.")
        else:
            refuse_representation(representation=asked, by=person(request))
            messages.success(request, f"{asked.user} may not act for {asked.organization}.")
    except RegisterError as error:
        messages.error(request, str(error))
    return redirect("review:representations")
