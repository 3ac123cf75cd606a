"""One application on one page: what was submitted, what was found, what happened, and what can be done now."""

from typing import Any

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.models import Role, User
from verification.models import Application, CodeEvidence, Document, Finding, Letter, Remark, Visibility
from verification.queries.checklist import rows
from verification.queries.named_parties import other_organizations
from verification.queries.queue import submitted_applications
from verification.queries.submitted import what_was_said
from verification.reviewer.forms import RemarkForm
from verification.reviewer.offers import offers
from verification.reviewer.people import open_application, person
from verification.reviewer.similar_listings import similar_listings
from verification.reviewer.timeline import timeline
from verification.reviewer.views.queue import next_to_do
from verification.reviewer.wording import STATE_TAGS, age_in_words, is_overdue
from verification.services import review
from verification.services.documents import asked_at
from verification.workflow.states import Status


@require_safe
def application(request: HttpRequest, application_id: int) -> HttpResponse:
    return _page(request, application_id, RemarkForm())


@require_POST
def remark(request: HttpRequest, application_id: int) -> HttpResponse:
    user = person(request)
    form = RemarkForm(request.POST)
    if not form.is_valid():
        return _page(request, application_id, form, status=400)
    said = form.cleaned_data
    review.remark(
        application=open_application(application_id),
        text=said["text"],
        visibility=Visibility(said["visibility"]),
        by=user,
    )
    response = redirect("review:application", application_id)
    response["Location"] += "#remarks"
    return response


def _page(request: HttpRequest, application_id: int, form: RemarkForm, *, status: int = 200) -> HttpResponse:
    user = person(request)
    applications = submitted_applications().prefetch_related(
        "models",
        "requested_codes__code",
        Prefetch("code_evidence", CodeEvidence.objects.select_related("document")),
        Prefetch("findings", Finding.objects.select_related("by")),
        Prefetch("documents", Document.objects.filter(removed_at=None).select_related("uploaded_by")),
        Prefetch("remarks", Remark.objects.select_related("by")),
    )
    found = get_object_or_404(applications, pk=application_id)
    checklist = rows(found)
    open_count = sum(row.is_open for row in checklist)
    context: dict[str, Any] = {
        "application": found,
        "tag": STATE_TAGS[found.status],
        "age": age_in_words(found),
        "is_overdue": is_overdue(found, today=timezone.localdate()),
        "offers": offers(found, user),
        "sections": what_was_said(found),
        "documents": _documents(found),
        "checklist": checklist,
        "open_count": open_count,
        "open_caption": f"{open_count} of {len(checklist)} requirements still open",
        "events": timeline(found),
        "similar": similar_listings(found),
        "other_organizations": other_organizations(found),
        "asked_at": asked_at(found),
        "form": form,
        "may_remark": user.has_role(Role.REVIEWER, Role.APPROVER),
        "may_work": found.status == Status.IN_REVIEW and found.reviewer_id == user.pk,
        "next": next_to_do(user, after=found),
    }
    return render(request, "reviewer/application.html", context | _determination(found, user), status=status)


def _determination(found: Application, user: User) -> dict[str, Any]:
    determination = found.draft_determination()
    if determination is None:
        return {"determination": None}
    return {
        "determination": determination,
        "assigned": determination.codes.select_related("model", "code"),
        "letter": Letter.objects.filter(determination=determination).order_by("-pk").first(),
        "may_preview": user.has_role(Role.REVIEWER, Role.APPROVER) and determination.approved_at is None,
    }


def _documents(found: Application) -> list[dict[str, Any]]:
    """In the order in which the product group asks for them."""
    order = [kind.key for kind in found.group.documents]
    ranked = sorted(found.documents.all(), key=lambda d: (order.index(d.kind) if d.kind in order else len(order), d.pk))
    return [{"document": document, "label": found.group.document_label(document.kind)} for document in ranked]
