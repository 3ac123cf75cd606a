"""Publications are written and revised here; the public reads them at /publications/."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hcpcs.queries.word_differences import Part, in_one
from pcl.errors import ChangedMeanwhileError, RegisterError
from pcl.models import Publication, PublicationDraft, PublicationStatus
from pcl.public.markdown import as_html
from pcl.public.paging import shown_page
from pcl.queries import publications as queries
from pcl.queries.publication_drafts import MOST_SHOWN, drafts, drafts_of
from pcl.queries.publication_filter import PublicationFilter
from pcl.registrar.people import registrar
from pcl.registrar.publication_form import LONGEST_BODY, PublicationForm, RevisionForm, what_it_says
from pcl.services.publication_drafts import DraftChangedError, DraftGoneError, delete_draft, publish_draft, save_draft
from pcl.services.publications import post_publication, revise_publication
from pcl.text import number_in

# Word by word, longer texts take too long to compare while somebody waits.
LONGEST_COMPARED = 30_000


@require_safe
def publications(request: HttpRequest) -> HttpResponse:
    asked = PublicationFilter(request.GET, queries.publications())
    if not asked.is_valid():
        return render(request, "registrar/publications.html", {"form": asked.form}, status=400)
    page = shown_page(
        request, asked.qs, order=queries.NEWEST_FIRST, rows_of=lambda some: queries.publication_rows(some, site="")
    )
    written = drafts()[:MOST_SHOWN]
    return render(request, "registrar/publications.html", {"form": asked.form, "page": page, "drafts": written})


@require_http_methods(["GET", "HEAD", "POST"])
def publication_new(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate().isoformat()
    initial = {"posted": today, "status": PublicationStatus.CURRENT, "description": "Originally Published"}
    return _write(request, Written(), initial)


@require_http_methods(["GET", "HEAD", "POST"])
def publication_edit(request: HttpRequest, slug: str) -> HttpResponse:
    there = get_object_or_404(Publication, slug=slug)
    return _write(request, Written(there), what_it_says(there))


@require_http_methods(["GET", "HEAD", "POST"])
def publication_draft(request: HttpRequest, draft_id: int) -> HttpResponse:
    draft = drafts().filter(pk=draft_id).first()
    if draft is None:
        return _gone(request)
    return _write(request, Written(draft.publication, draft), draft.said)


@require_POST
def publication_draft_delete(request: HttpRequest, draft_id: int) -> HttpResponse:
    draft = get_object_or_404(drafts(), pk=draft_id)
    try:
        delete_draft(draft=draft, seen_version=_seen_draft(request))
    except DraftChangedError:
        messages.error(
            request, "Somebody else has saved it since you opened it, so it is still here. Look at it first."
        )
        return redirect(draft)
    except DraftGoneError:
        return redirect("registrar:publications")
    messages.success(request, f"The draft “{draft}” is deleted.")
    return redirect("registrar:publications")


@dataclass(frozen=True)
class Written:
    """What a form is about: a new publication, a revision, or the draft of one of them."""

    publication: Publication | None = None
    draft: PublicationDraft | None = None

    def form(self, *args: Any, **kwargs: Any) -> PublicationForm:
        kind = RevisionForm if self.publication else PublicationForm
        return kind(*args, publication=self.publication, **kwargs)


def _write(request: HttpRequest, about: Written, initial: dict[str, Any]) -> HttpResponse:
    if request.method != "POST":
        return _page(request, about, about.form(initial=initial))
    if "preview" in request.POST:
        return _preview(request, about)
    try:
        return _save(request, about) if "save" in request.POST else _publish(request, about)
    except DraftGoneError:
        return _gone(request)
    except DraftChangedError as error:
        return _draft_overtaken(request, about, error)


def _publish(request: HttpRequest, about: Written) -> HttpResponse:
    form = about.form(request.POST)
    if not form.is_valid():
        return _page(request, about, form, status=422)
    try:
        made = _published(request, about, form)
    except ChangedMeanwhileError as error:
        return _overtaken(request, about, form.cleaned_data["seen_version"], error)
    except (DraftGoneError, DraftChangedError):
        raise
    except RegisterError as error:
        form.add_error(None, str(error))
        return _page(request, about, form, status=409)
    if about.publication:
        messages.success(request, "The revision is public now; the text before it stays readable.")
    else:
        messages.success(request, "The publication is public now.")
    return redirect(made)


def _published(request: HttpRequest, about: Written, form: PublicationForm) -> Publication:
    given = form.cleaned_data

    def publish() -> Publication:
        if about.publication is None:
            return post_publication(
                said=form.said, slug=given["slug"], description=given["description"], by=registrar(request)
            )
        return revise_publication(
            publication=about.publication,
            seen_version=given["seen_version"],
            said=form.said,
            changed_on=given["changed_on"],
            description=given["description"],
            by=registrar(request),
        )

    if about.draft is None:
        return publish()
    return publish_draft(draft=about.draft, seen_version=_seen_draft(request), publish=publish)


def _save(request: HttpRequest, about: Written) -> HttpResponse:
    """Whatever is typed so far: nothing of it is checked before it is published."""
    form = about.form(initial=request.POST.dict())
    try:
        kept = save_draft(
            said={name: request.POST.get(name, "") for name in form.fields},
            publication=about.publication,
            draft=about.draft,
            seen_version=_seen_draft(request),
            by=registrar(request),
        )
    except (DraftGoneError, DraftChangedError):
        raise
    except RegisterError as error:
        return _page(request, about, form, status=422, refusal=str(error), is_typed=True)
    messages.success(request, "The draft is saved. Only registrars can see it.")
    return redirect(kept)


def _seen_draft(request: HttpRequest) -> int:
    return number_in(request.POST.get("seen_draft", "")) or 0


def _gone(request: HttpRequest) -> HttpResponse:
    """The draft is no more. What was typed for it is not lost: it can be saved anew."""
    there = Publication.objects.filter(slug=request.POST.get("revises", "").replace("\x00", "")).first()
    if request.method != "POST":
        raise Http404
    about = Written(there)
    form = about.form(initial=request.POST.dict())
    address = (
        reverse("registrar:publication_edit", args=[there.slug]) if there else reverse("registrar:publication_new")
    )
    return _page(request, about, form, status=409, refusal=str(DraftGoneError()), is_typed=True, address=address)


def _draft_overtaken(request: HttpRequest, about: Written, error: RegisterError) -> HttpResponse:
    """Everything typed, below what the other one saved; saved again, it replaces theirs knowingly."""
    now = drafts().filter(pk=about.draft.pk if about.draft else 0).first()
    if now is None:
        return _gone(request)
    context = {"refusal": str(error), "their_draft": now, "seen_draft": now.version, "is_typed": True}
    return _page(request, about, about.form(initial=request.POST.dict()), status=409, **context)


def _overtaken(request: HttpRequest, about: Written, seen: int, error: RegisterError) -> HttpResponse:
    """Everything typed, beside what the other one changed; saved again, it replaces theirs knowingly."""
    there = about.publication
    assert there is not None  # noqa: S101 - only a revision can come too late
    there.refresh_from_db()
    typed = request.POST.copy()
    typed["seen_version"] = str(there.version)
    before = queries.version_of(there, seen)
    theirs: list[Part] = []
    if before and max(len(before.body), len(there.body)) <= LONGEST_COMPARED:
        theirs = in_one(before.body, there.body)
    rows = there.history.filter(version__gt=seen).select_related("by")
    context = {
        "refusal": str(error),
        "theirs": theirs,
        "their_rows": list(rows),
        "now": what_it_says(there) | {"status": there.get_status_display()},
    }
    return _page(request, about, about.form(typed), status=409, **context)


def _preview(request: HttpRequest, about: Written) -> HttpResponse:
    """Nothing is checked and nothing is kept: only what the text would look like."""
    body = request.POST.get("body", "")[:LONGEST_BODY]
    form = about.form(initial=request.POST.dict())
    shown = as_html(body) if body.strip() else ""
    return _page(request, about, form, preview=shown, is_preview=True, is_typed=True)


def _page(
    request: HttpRequest, about: Written, form: PublicationForm, *, status: int = 200, **context: Any
) -> HttpResponse:
    publication = about.publication
    if publication:
        requirements = publication.requirements.select_related("code").defer("code__search").order_by("code__code")
        context |= {
            "history": list(publication.history.select_related("by")),
            "requirements": list(requirements),
            "drafts": [each for each in drafts_of(publication) if about.draft is None or each.pk != about.draft.pk],
        }
    # A page that comes back with what was typed is of the draft that the person saw.
    seen = request.POST.get("seen_draft") or (about.draft.version if about.draft else "")
    context = {"seen_draft": seen} | context
    context |= {"form": form, "publication": publication, "draft": about.draft}
    context["is_unsaved"] = form.is_bound or "is_typed" in context
    return render(request, "registrar/publication.html", context, status=status)
