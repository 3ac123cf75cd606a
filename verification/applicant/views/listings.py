"""My listings: what stands on the list of the person's organizations, and what to do when something changed."""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from pcl.csv_files import csv_headers, faults_as_text
from pcl.models import Organization
from pcl.public.paging import address, shown_page
from pcl.queries.keyset import Row
from pcl.queries.listing_export import listings_as_csv
from pcl.queries.listing_filter import ListingFilter
from pcl.queries.listing_shown import shown_listings
from pcl.text import number_in
from verification.applicant.forms.change import ChangeForm
from verification.applicant.views.request import UNPROCESSABLE, ApplicantRequest
from verification.kinds import Need, what_a_change_needs
from verification.models import Application, ApplicationKind
from verification.queries.anothers_determination import anothers_determination
from verification.queries.applicants_side import side_of
from verification.queries.applications import applications_of
from verification.queries.organizations import Behalf, on_whose_behalf
from verification.queries.own_listings import last_changes, own_listing, own_listings
from verification.queries.representation import organizations_of
from verification.services.begin_after import begin_listing_update, begin_model_addition, begin_name_change
from verification.services.begin_for_listing import begin_for_listing, choose_listing

FIELDS = ("code", "product", "model_number", "status", "sort")


def listings(request: ApplicantRequest) -> HttpResponse:
    """With `for`, the listing is chosen for the reason of that draft: its organization's alone are shown."""
    behalves, draft = on_whose_behalf(request.user), _draft(request)
    whose = draft.organization if draft else _whose(request, behalves)
    asked = _asked(request, whose)
    context: dict[str, Any] = {
        "form": asked.form,
        "fields": [asked.form[name] for name in FIELDS],
        "behalves": list({each.organization.pk: each for each in reversed(behalves)}.values())[::-1],
        "represents": any(each.made_by for each in behalves),
        "whose": whose,
        "notice_days": settings.CHANGE_NOTICE_DAYS,
        "chosen_for": draft,
    }
    if not asked.is_valid():
        return render(request, "applicant/listings.html", context, status=UNPROCESSABLE)
    page = shown_page(request, asked.qs, order=asked.order, rows_of=_rows(asked))
    named = [name for name in ("q", "whose", *FIELDS) if request.GET.get(name, "").strip()]
    context |= {
        "page": page,
        "on": asked.day,
        "is_narrowed": bool(named),
        "csv_query": address(request, **{"for": None}).partition("?")[2],
    }
    return render(request, "applicant/listings.html", context, status=400 if page.error else 200)


def listings_csv(request: ApplicantRequest) -> HttpResponseBase:
    """All that the page finds, never cut."""
    asked = _asked(request, _whose(request, on_whose_behalf(request.user)))
    if not asked.is_valid():
        return faults_as_text(asked.form)
    pieces = listings_as_csv(asked.qs, order=asked.order, on=asked.day, site=settings.SITE_URL)
    return StreamingHttpResponse(
        pieces if request.method != "HEAD" else iter(()),
        headers={**csv_headers("my-listings.csv"), "Cache-Control": "private, no-store"},
    )


def change(request: ApplicantRequest, listing_id: int) -> HttpResponse:
    """My listing changed: what do I have to do? One question, an answer with its reason, the right form begun."""
    own = own_listing(request.user, listing_id)
    asked = request.GET if "change" in request.GET else None
    form = ChangeForm(asked)
    context: dict[str, Any] = {
        "own": own,
        "form": form,
        "notice_days": settings.CHANGE_NOTICE_DAYS,
        "anothers": anothers_determination(request.user, own.listing, today=timezone.localdate()),
    }
    if form.is_bound and form.is_valid():
        chosen = form.cleaned_data["change"]
        need = what_a_change_needs(change=chosen, codes=own.codes, coded_on=own.coded_on)
        context |= {
            "need": need,
            "why_not": side_of(request.user, own.organization, kind=_kind_of(need)).why_not,
            "change": chosen,
            "change_in_words": dict(form.fields["change"].choices)[chosen],  # type: ignore[attr-defined]
        }
    status = UNPROCESSABLE if form.is_bound and not form.is_valid() else 200
    return render(request, "applicant/change.html", context, status=status)


def begin(request: ApplicantRequest, listing_id: int) -> HttpResponse:
    """Begin what the change needs: reckoned again here, whatever the page offered."""
    own = own_listing(request.user, listing_id)
    form = ChangeForm(request.POST)
    if request.method != "POST" or not form.is_valid():
        return redirect("apply:change", listing_id)
    need = what_a_change_needs(change=form.cleaned_data["change"], codes=own.codes, coded_on=own.coded_on)
    about: dict[str, Any] = {"listing": own.listing, "organization": own.organization, "by": request.user}
    if not side_of(request.user, own.organization, kind=_kind_of(need)).may:
        # The page says why: the authorization extends to other kinds only.
        return redirect(
            f"{reverse('apply:change', args=[listing_id])}?{urlencode({'change': form.cleaned_data['change']})}"
        )
    if need.kind == "model_addition":
        return redirect(begin_model_addition(**about))
    if need.kind == "name_change":
        return redirect(begin_name_change(organization=own.organization, by=request.user))
    if need.kind == "listing_update":
        return redirect(begin_listing_update(**about))
    return redirect(begin_for_listing(**about, change=form.cleaned_data["change"]))


def choose(request: ApplicantRequest, listing_id: int) -> HttpResponse:
    """Name the listing in the reason of a draft; of somebody else's draft or listing there is nothing here."""
    own = own_listing(request.user, listing_id)
    draft = _draft(request)
    if request.method != "POST" or draft is None:
        return redirect("apply:listings")
    if not own_listings(request.user, of=draft.organization).filter(pk=listing_id).exists():
        raise Http404
    choose_listing(application=draft, listing=own.listing)
    return redirect("apply:section", draft.pk, "reason")


def _kind_of(need: Need) -> ApplicationKind:
    return ApplicationKind.INITIAL if need.is_a_new_application else ApplicationKind(need.kind)


def _whose(request: HttpRequest, behalves: list[Behalf]) -> Organization | None:
    """The one whose listings are asked for, of those for which the person acts; None: all of them."""
    asked = request.GET.get("whose", "")
    return next((each.organization for each in behalves if each.organization.slug == asked), None)


def _asked(request: HttpRequest, whose: Organization | None) -> ListingFilter:
    assert request.user.is_authenticated  # noqa: S101  # the permission map lets nobody else in
    said = request.GET.copy()
    # Of an earlier day there is the public page; here that parameter would leave the own ones behind.
    for name in ("as_published", "for", "whose"):
        said.pop(name, None)
    if not said.get("status"):
        said["status"] = "all"
    return ListingFilter(said, own_listings(request.user, of=whose))


def _draft(request: ApplicantRequest) -> Application | None:
    asked = number_in(request.GET.get("for", "") or request.POST.get("for", ""))
    if asked is None:
        return None
    return applications_of(request.user).filter(pk=asked, status="draft", discarded_at=None).first()


def _rows(asked: ListingFilter) -> Any:
    shown = shown_listings(on=asked.day)

    def rows(entries: QuerySet[Any]) -> list[Row]:
        found = shown(entries)
        changes = last_changes([row["id"] for row in found])
        return [row | {"last_change": changes.get(row["id"])} for row in found]

    return rows


def name_change(request: ApplicantRequest) -> HttpResponse:
    """An attestation that an organization's name changed: for which one, then its draft."""
    own = list(organizations_of(request.user).filter(merged_into=None).order_by("name", "pk"))
    chosen = next((each for each in own if str(each.pk) == request.POST.get("organization")), None)
    if request.method == "POST" and chosen is not None:
        return redirect(begin_name_change(organization=chosen, by=request.user))
    context = {"organizations": own, "today": timezone.localdate(), "unchosen": request.method == "POST"}
    return render(
        request, "applicant/name_change.html", context, status=UNPROCESSABLE if request.method == "POST" else 200
    )
