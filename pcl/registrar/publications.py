"""Publications are written and revised here; the public reads them at /publications/."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from hcpcs.queries.word_differences import Part, in_one
from pcl.errors import ChangedMeanwhileError, RegisterError
from pcl.models import Publication, PublicationStatus
from pcl.public.markdown import as_html
from pcl.public.paging import shown_page
from pcl.queries import publications as queries
from pcl.queries.publication_filter import PublicationFilter
from pcl.registrar.people import registrar
from pcl.registrar.publication_form import LONGEST_BODY, PublicationForm, RevisionForm, what_it_says
from pcl.services.publications import post_publication, revise_publication

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
    return render(request, "registrar/publications.html", {"form": asked.form, "page": page})


@require_http_methods(["GET", "HEAD", "POST"])
def publication_new(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        today = timezone.localdate().isoformat()
        initial = {"posted": today, "status": PublicationStatus.CURRENT, "description": "Originally Published"}
        return _page(request, PublicationForm(initial=initial))
    if "preview" in request.POST:
        return _preview(request, PublicationForm(initial=request.POST.dict()))
    form = PublicationForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    given = form.cleaned_data
    try:
        made = post_publication(
            said=form.said, slug=given["slug"], description=given["description"], by=registrar(request)
        )
    except RegisterError as error:
        form.add_error(None, str(error))
        return _page(request, form, status=409)
    messages.success(request, "The publication is public now.")
    return redirect(made)


@require_http_methods(["GET", "HEAD", "POST"])
def publication_edit(request: HttpRequest, slug: str) -> HttpResponse:
    there = get_object_or_404(Publication, slug=slug)
    if request.method != "POST":
        return _page(request, RevisionForm(initial=what_it_says(there), publication=there))
    if "preview" in request.POST:
        return _preview(request, RevisionForm(initial=request.POST.dict(), publication=there))
    form = RevisionForm(request.POST, publication=there)
    if not form.is_valid():
        return _page(request, form, status=422)
    given = form.cleaned_data
    try:
        revised = revise_publication(
            publication=there,
            seen_version=given["seen_version"],
            said=form.said,
            changed_on=given["changed_on"],
            description=given["description"],
            by=registrar(request),
        )
    except ChangedMeanwhileError as error:
        return _overtaken(request, there, given["seen_version"], error)
    except RegisterError as error:
        form.add_error(None, str(error))
        return _page(request, form, status=409)
    messages.success(request, "The revision is public now; the text before it stays readable.")
    return redirect(revised)


def _overtaken(request: HttpRequest, there: Publication, seen: int, error: RegisterError) -> HttpResponse:
    """Everything typed, beside what the other one changed; saved again, it replaces theirs knowingly."""
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
    return _page(request, RevisionForm(typed, publication=there), status=409, **context)


def _preview(request: HttpRequest, form: PublicationForm) -> HttpResponse:
    """Nothing is checked and nothing is kept: only what the text would look like."""
    body = request.POST.get("body", "")[:LONGEST_BODY]
    return _page(request, form, preview=as_html(body) if body.strip() else "", is_preview=True)


def _page(request: HttpRequest, form: PublicationForm, *, status: int = 200, **context: Any) -> HttpResponse:
    publication = form.publication
    if publication:
        requirements = publication.requirements.select_related("code").defer("code__search").order_by("code__code")
        context |= {
            "history": list(publication.history.select_related("by")),
            "requirements": list(requirements),
        }
    context |= {"form": form, "publication": publication, "is_unsaved": form.is_bound or "is_preview" in context}
    return render(request, "registrar/publication.html", context, status=status)
