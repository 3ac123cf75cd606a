"""One application on one page: what was submitted, what was found, what was said, and what can be done now."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.models import Role, User
from pcl.public.progress import progress_part
from verification.models import (
    Application,
    ApplicationKind,
    Remark,
    Visibility,
)
from verification.queries.checklist import rows
from verification.queries.differences import compare
from verification.queries.dossier import dossier_of
from verification.queries.drafted import drafted
from verification.queries.named_parties import other_organizations
from verification.reviewer.forms import RemarkForm
from verification.reviewer.light import light_of
from verification.reviewer.offers import offers
from verification.reviewer.people import open_application, person
from verification.reviewer.submitted_sections import submitted_sections
from verification.reviewer.views.queue import next_to_do
from verification.reviewer.walk import dossier_address, walk_of
from verification.reviewer.wording import STATE_TAGS, age_in_words
from verification.services import review
from verification.services.messages import seen_by
from verification.services.worker_publishes import is_being_published
from verification.viewer.shown import ShownDocument, shown_document
from verification.workflow.states import OPEN_FOR_REVIEW, Status


@require_safe
def application(request: HttpRequest, application_id: int) -> HttpResponse:
    return _page(request, application_id, RemarkForm())


@require_safe
def publishing_progress(request: HttpRequest, application_id: int) -> HttpResponse:
    """The part of the page that changes while the worker publishes; when it is done, the whole page is asked for."""
    page_url = reverse("review:application", args=[application_id])
    is_over = not is_being_published(open_application(application_id))
    return progress_part(request, "reviewer/parts/publishing.html", page_url=page_url, is_over=is_over)


@require_POST
def remark(request: HttpRequest, application_id: int) -> HttpResponse:
    user = person(request)
    form = RemarkForm(request.POST)
    if not form.is_valid():
        return _page(request, application_id, form, status=400)
    review.remark(
        application=open_application(application_id),
        text=form.cleaned_data["text"],
        visibility=Visibility.INTERNAL,
        by=user,
    )
    response = redirect(dossier_address(request, application_id))
    response["Location"] += "#remarks"
    return response


def _page(request: HttpRequest, application_id: int, form: RemarkForm, *, status: int = 200) -> HttpResponse:
    user = person(request)
    found = dossier_of(application_id, reader=user)
    submissions = list(found.submissions.all())
    checklist = rows(found)
    open_count = sum(row.is_open for row in checklist)
    documents = _documents(found)
    thread = [each for each in found.remarks.all() if not each.is_internal]
    context: dict[str, Any] = {
        "application": found,
        "tag": STATE_TAGS[found.status],
        "age": age_in_words(found),
        "light": light_of(found, today=timezone.localdate()),
        "offers": offers(found, user, is_in_conflict=found.is_in_conflict),  # type: ignore[attr-defined]  # annotated
        "sections": submitted_sections(found, submissions[-1] if submissions else None),
        "submissions": submissions,
        "changed": compare(*submissions[-2:]) if len(submissions) > 1 else None,
        "documents": documents,
        "shown": _shown_first(documents),
        "checklist": checklist,
        "open_count": open_count,
        "open_caption": f"{open_count} of {len(checklist)} requirements still open",
        "thread": thread,
        "unread": {each.pk for each in _unread(found, thread)},
        "is_open": found.status in OPEN_FOR_REVIEW,
        "is_being_published": is_being_published(found),
        "remarks": [each for each in found.remarks.all() if each.is_internal],
        "other_organizations": other_organizations(found),
        "last_sent": submissions[-1].at if submissions else found.submitted_at,
        "has_more_around": _has_more_around(found),
        "form": form,
        "may_remark": user.has_role(Role.REVIEWER, Role.APPROVER),
        "may_work": found.status == Status.IN_REVIEW and found.reviewer_id == user.pk,
        **_walk(request, found, user),
    }
    _now_read(found, user, thread)
    return render(request, "reviewer/application.html", context | _determination(found, user), status=status)


def _unread(found: Application, thread: list[Remark]) -> list[Remark]:
    read_up_to: int = found.read_up_to  # type: ignore[attr-defined]  # annotated
    return [each for each in thread if each.from_applicant and each.pk > read_up_to]


def _now_read(found: Application, user: User, thread: list[Remark]) -> None:
    """What was on the page was seen. Nothing is written where nothing is new."""
    if _unread(found, thread) or (found.message_waits_since and found.reviewer_id == user.pk):
        seen_by(application=found, user=user, up_to=thread[-1].pk)


def _walk(request: HttpRequest, found: Application, user: User) -> dict[str, Any]:
    """The next one of the queue from which it was opened, or else what the person would turn to next."""
    walk = walk_of(request)
    kept_out: list[int] = found.kept_out  # type: ignore[attr-defined]  # annotated
    if walk is None:
        return {"next": next_to_do(user, after=found, kept_out=kept_out), "trail": ""}
    following, left = walk.next_and_left(found, kept_out=kept_out)
    return {
        "walk": walk,
        "trail": walk.trail,
        "following": following,
        "following_url": walk.address_of(following) if following else "",
        "left": left,
    }


def _has_more_around(found: Application) -> bool:
    """Whether there is something on the page of who made it, what it follows, and what follows it."""
    return bool(
        found.made_by_id
        or found.reconsiders_id
        or found.previous_dcn
        or found.kind == ApplicationKind.MODEL_ADDITION
        or found.reconsidered_by_id  # type: ignore[attr-defined]  # annotated
    )


def _determination(found: Application, user: User) -> dict[str, Any]:
    determination = found.draft_determination()
    if determination is None:
        return {"determination": None}
    return {
        "determination": determination,
        "drafted": drafted(determination),
        "may_preview": user.has_role(Role.REVIEWER, Role.APPROVER) and determination.published_at is None,
    }


def _documents(found: Application) -> list[dict[str, Any]]:
    """In the order in which the product group asks for them."""
    order = [kind.key for kind in found.group.documents]
    attached = [document for document in found.documents.all() if document.removed_at is None]
    ranked = sorted(attached, key=lambda d: (order.index(d.kind) if d.kind in order else len(order), d.pk))
    return [{"document": document, "label": found.group.document_label(document.kind)} for document in ranked]


def _shown_first(documents: list[dict[str, Any]]) -> ShownDocument | None:
    """The first document that may be opened, or else the first, which says why not; None where there is none."""
    shown = [shown_document(each["document"]) for each in documents]
    return next((each for each in shown if not each.withheld), next(iter(shown), None))
