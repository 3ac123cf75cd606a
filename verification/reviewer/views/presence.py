"""Who else has the application open: asked by its pages every few seconds."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from verification.reviewer.people import open_application, person
from verification.services.presence import be_present

PAGES = frozenset({"dossier", "checklist", "determination", "messages", "step"})
NOTHING_NEW = 204


@require_POST
def presence(request: HttpRequest, application_id: int) -> HttpResponse:
    """`page` is one of PAGES, `is_typing` not empty where something is not saved, `shown` what the page says already.

    204 where that is still so, so that nothing is read out twice.
    """
    page = request.POST.get("page", "")
    others = be_present(
        application=open_application(application_id),
        user=person(request),
        page=page if page in PAGES else "dossier",
        is_typing=bool(request.POST.get("is_typing")),
    )
    said = " ".join(f"{other.user_id}{'+' if other.is_typing else '-'}" for other in others)
    if said == request.POST.get("shown", ""):
        return HttpResponse(status=NOTHING_NEW)
    return render(request, "reviewer/parts/others.html", {"others": others, "shown": said})
