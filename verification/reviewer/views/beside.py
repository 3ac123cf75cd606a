"""What a dossier shows beside the application itself: each a page of its own, which the dossier draws in."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from pcl.models import Organization
from pcl.queries.change_words import in_words
from pcl.queries.organization_names import find_organization
from verification.models import Application, ApplicationKind
from verification.queries.cited import cited
from verification.queries.differences import compare
from verification.queries.first_documents import documents_of_the_first
from verification.queries.listed_by_others import listed_by_others
from verification.queries.queue import submitted_applications
from verification.queries.representative_note import representative_note
from verification.queries.same_product import listing_history, other_applications
from verification.queries.similar import Similar, similar_listings
from verification.queries.submissions import newest_submission
from verification.reviewer.people import open_application
from verification.reviewer.timeline import timeline
from verification.reviewer.wording import STATE_TAGS
from verification.workflow.states import Status

MOST_HISTORIES = 8


@require_safe
def related(request: HttpRequest, application_id: int) -> HttpResponse:
    """Similar products, other applications for the same one, and what happened to the listings that match."""
    applications = submitted_applications().prefetch_related("models", "requested_codes")
    found = get_object_or_404(applications, pk=application_id)
    similar = similar_listings(found, maker=_maker(found))
    others = other_applications(found)
    return render(
        request,
        "reviewer/related.html",
        {
            "application": found,
            "similar": similar,
            "others": [(other, STATE_TAGS[other.application.status]) for other in others],
            "histories": _histories(found, similar),
        },
    )


def _maker(found: Application) -> Organization | None:
    own = found.organization
    is_own = " ".join(found.manufacturer_name.split()).casefold() == own.name.casefold()
    return own if is_own else find_organization(found.manufacturer_name)


def _histories(found: Application, similar: Similar) -> list[dict[str, object]]:
    """Of the listings that may be the same product, and of those that came of this application."""
    determination = found.draft_determination()
    own = [assigned.listing_id for assigned in determination.codes.all()] if determination else []
    alike = [entry.pk for entry in (*similar.by_model_number, *similar.by_name)]
    listings = list(dict.fromkeys(pk for pk in (*own, *alike) if pk is not None))[:MOST_HISTORIES]
    history = listing_history(set(listings))
    return [
        {"listing_id": pk, "is_own": pk in own, "newest": history[pk][0], "changes": [in_words(c) for c in history[pk]]}
        for pk in listings
        if pk in history
    ]


@require_safe
def around(request: HttpRequest, application_id: int) -> HttpResponse:
    """Who made it for whom, what it follows, and what follows it."""
    applications = submitted_applications().select_related("reconsiders__application").prefetch_related("models")
    found = get_object_or_404(applications, pk=application_id)
    made = found.draft_determination()
    is_addition = found.kind == ApplicationKind.MODEL_ADDITION
    context: dict[str, Any] = {
        "representative": representative_note(found),
        "first_documents": documents_of_the_first(found),
        "cited": cited(found),
        "listed_by_others": listed_by_others(found) if is_addition else [],
        "reconsidered_by": (
            made.reconsiderations.exclude(status=Status.DRAFT).order_by("-pk").first() if made is not None else None
        ),
    }
    is_empty = not any((found.reconsiders_id, found.previous_dcn, *context.values()))
    return render(request, "reviewer/around.html", {"application": found, "is_empty": is_empty, **context})


@require_safe
def history(request: HttpRequest, application_id: int) -> HttpResponse:
    """Who did what and when."""
    found = open_application(application_id)
    return render(request, "reviewer/history.html", {"application": found, "events": timeline(found)})


@require_safe
def since_earlier(request: HttpRequest, application_id: int) -> HttpResponse:
    """What it says differently from the earlier application that it cites. 404 where it cites none."""
    found = open_application(application_id)
    if not found.previous_dcn:
        raise Http404
    earlier = cited(found)
    now, then = newest_submission(found), newest_submission(earlier) if earlier else None
    return render(
        request,
        "reviewer/since_earlier.html",
        {
            "application": found,
            "earlier": earlier,
            "then": then,
            "comparison": compare(then, now) if then and now else None,
        },
    )
