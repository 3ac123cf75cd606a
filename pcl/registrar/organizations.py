"""Manufacturers and distributors: found, made, renamed and merged."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods, require_safe

from pcl.errors import RegisterError
from pcl.models import Organization, Renaming, RenamingKind
from pcl.public.paging import shown_page
from pcl.queries.organization_names import find_organization
from pcl.queries.organizations import BY_NAME
from pcl.queries.organizations_console import (
    ConsoleOrganization,
    console_organization,
    console_rows,
    find_organizations,
)
from pcl.queries.renamings import renamings_of
from pcl.registrar.acting import CANNOT_BE_DONE, numbers_of, send_along, step_through
from pcl.registrar.organization_forms import (
    MergeForm,
    NewOrganizationForm,
    OrganizationActForm,
    RenameOrganizationForm,
)
from pcl.registrar.people import registrar
from pcl.registrar.renamings import with_tags
from pcl.services.publish_product import LooksAlikeError, organization_of_name
from pcl.services.rehearsal import Performed
from pcl.services.renamings import make_renaming
from pcl.text import clean_text

LONGEST_QUESTION = 200


@require_safe
def organizations(request: HttpRequest) -> HttpResponse:
    q = _asked(request)
    page = shown_page(request, find_organizations(q), order=BY_NAME, rows_of=console_rows)
    return render(request, "registrar/organizations.html", {"page": page, "q": q}, status=400 if page.error else 200)


@require_safe
def organization(request: HttpRequest, slug: str) -> HttpResponse:
    page = _found(slug)
    context = {"page": page, "renamings": with_tags(renamings_of(page.organization))}
    return render(request, "registrar/organization.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new_organization(request: HttpRequest) -> HttpResponse:
    form = NewOrganizationForm(request.POST or None)
    if form.is_valid():
        name = form.cleaned_data["name"]
        try:
            with transaction.atomic():
                known = find_organization(name)
                made = known or organization_of_name(name, may_look_alike=form.cleaned_data["may_look_alike"])
        except RegisterError as error:
            form.look_alike = isinstance(error, LooksAlikeError)
            form.add_error("name", str(error))
        else:
            if known:
                messages.info(request, f"The register knows “{name}” already: here it is.")
            else:
                messages.success(request, f"“{made.name}” is made.")
            return redirect("registrar:organization", made.slug)
    status = CANNOT_BE_DONE if request.method == "POST" else 200
    return render(request, "registrar/organization_new.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def rename(request: HttpRequest, slug: str) -> HttpResponse:
    page = _found(slug)
    found = page.organization
    form = RenameOrganizationForm(request.POST or None, initial={"seen_name": found.name, "name": found.name})
    context = _context(page) | {
        "title": "Rename the organization",
        "lead": "It calls itself otherwise since a day. The former name stays findable, with its dates. All listings "
        "that name it change.",
    }

    def act() -> None:
        _refuse_renamed(found, form)
        make_renaming(described())

    def described() -> Renaming:
        given = form.cleaned_data
        return Renaming(
            kind=RenamingKind.ORGANIZATION,
            organization=found,
            called=found.name,
            name=given["name"],
            since=given["since"],
            source=given["source"],
            reason=form.public_reason,
            by=registrar(request),
        )

    def done(performed: Performed) -> HttpResponse:
        return _said(request, f"It is called “{form.cleaned_data['name']}” now.", performed, slug)

    return step_through(
        request,
        form=form,
        act=act,
        done=done,
        context=context,
        notes=lambda: _how_many(page),
        refused=lambda _: _see_again(found, form),
        described=described,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: HttpRequest, slug: str) -> HttpResponse:
    """Without `into`, the search for the other one."""
    page = _found(slug)
    found = page.organization
    into = Organization.objects.filter(slug=request.GET.get("into", "").replace("\x00", "")).first()
    if into is None:
        return _choose(request, page)
    form = MergeForm(request.POST or None, merged=found, initial={"seen_name": found.name})
    context = _context(page) | {
        "title": f"Merge it into {into.name}",
        "lead": f"Everything of {found.name} is shown under {into.name}, and found under both names. Its page stays "
        "and says where it went. This cannot be taken back.",
        "ends_it": True,
    }

    def act() -> None:
        _refuse_renamed(found, form)
        make_renaming(described())

    def described() -> Renaming:
        given = form.cleaned_data
        return Renaming(
            kind=RenamingKind.MERGER,
            organization=found,
            into=into,
            called=found.name,
            since=given["since"],
            source=given["source"],
            reason=form.public_reason,
            by=registrar(request),
        )

    def done(performed: Performed) -> HttpResponse:
        return _said(request, f"“{found.name}” is merged into “{into.name}”.", performed, into.slug)

    def notes() -> list[str]:
        names = [found.name, *(name.name for name in page.names)]
        return [
            *_how_many(page),
            f"“{into.name}” gets these former names: {', '.join(f'“{name}”' for name in names)}.",
            "This cannot be taken back.",
        ]

    return step_through(
        request,
        form=form,
        act=act,
        done=done,
        context=context,
        notes=notes,
        refused=lambda _: _see_again(found, form),
        described=described,
    )


def _choose(request: HttpRequest, page: ConsoleOrganization) -> HttpResponse:
    q = _asked(request)
    context: dict[str, Any] = {"page": page, "q": q, "organization": page.organization}
    if q:
        others = find_organizations(q).exclude(pk=page.organization.pk).filter(merged_into=None)

        def rows(found: QuerySet[Organization]) -> Any:
            return console_rows(found)

        context["found"] = shown_page(request, others, order=BY_NAME, rows_of=rows)
    return render(request, "registrar/organization_merge.html", context)


def _asked(request: HttpRequest) -> str:
    return clean_text(request.GET.get("q", "")[:LONGEST_QUESTION]).strip()


def _found(slug: str) -> ConsoleOrganization:
    page = console_organization(slug)
    if page is None:
        raise Http404
    return page


def _context(page: ConsoleOrganization) -> dict[str, Any]:
    return {"organization": page.organization, "eyebrow": page.organization.name}


def _how_many(page: ConsoleOrganization) -> list[str]:
    return [f"Listings that name it, as manufacturer or distributor: {page.listings:,}."]


def _refuse_renamed(found: Organization, form: OrganizationActForm) -> None:
    name = Organization.objects.values_list("name", flat=True).get(pk=found.pk)
    if name != form.cleaned_data["seen_name"]:
        raise RegisterError(
            f"Somebody else has renamed this organization since you opened the page: it is called “{name}” now. "
            "Look at it, then decide again."
        )


def _see_again(found: Organization, form: OrganizationActForm) -> None:
    """The next try is of the organization as it is called now; what was typed stays."""
    send_along(form, seen_name=found.name)


def _said(request: HttpRequest, what: str, performed: Performed, slug: str) -> HttpResponse:
    messages.success(request, format_html("{} {}", what, numbers_of(performed)))
    return redirect("registrar:organization", slug)
