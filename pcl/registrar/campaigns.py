"""End dates for all listings of a code or a product group: prepared, looked at, announced, extended, taken back."""

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pcl.errors import RegisterError
from pcl.models import ActKind, ActState, Campaign, CampaignState
from pcl.public.paging import shown_page
from pcl.public.progress import progress_part
from pcl.queries.campaigns import by_code, concerned, in_scope, seen_in_short, untouched
from pcl.queries.listing_filter import ORDERS
from pcl.queries.listing_shown import shown_listings
from pcl.registrar.campaign_forms import ActForm, CampaignForm
from pcl.registrar.people import registrar
from pcl.services.campaigns import ask_for_act, discard_campaign, leave_out, prepare_campaign, take_in_again

TAGS: dict[str, str] = {
    CampaignState.PREPARED: "waiting",
    CampaignState.ANNOUNCED: "good",
    CampaignState.DISCARDED: "past",
    ActState.WAITING: "info",
    ActState.DONE: "good",
    ActState.FAILED: "bad",
}
MOST_CAMPAIGNS = 200


@require_safe
def campaigns(request: HttpRequest) -> HttpResponse:
    ended = Count("listings", filter=Q(listings__is_left_out=False))
    found = Campaign.objects.prefetch_related("codes").annotate(ended=ended)[:MOST_CAMPAIGNS]
    shown = [(each, TAGS[each.state]) for each in found]
    return render(request, "registrar/campaigns.html", {"campaigns": shown})


@require_http_methods(["GET", "HEAD", "POST"])
def campaign_new(request: HttpRequest) -> HttpResponse:
    return _form(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
def campaign_edit(request: HttpRequest, campaign_id: int) -> HttpResponse:
    return _form(request, _campaign(campaign_id))


def _form(request: HttpRequest, campaign: Campaign | None) -> HttpResponse:
    form = CampaignForm(request.POST or None, campaign=campaign)
    if request.method == "POST" and form.is_valid():
        try:
            kept = prepare_campaign(**form.cleaned_data, campaign=campaign, by=registrar(request))
        except RegisterError as error:
            form.add_error(None, str(error))
        else:
            return redirect(kept)
    context = {"form": form, "campaign": campaign}
    return render(request, "registrar/campaign_form.html", context, status=422 if form.errors else 200)


@require_safe
def campaign(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """What it is about, what was done, and the listings: those to be ended, or those that it ended."""
    shown = _campaign(campaign_id)
    acts = list(shown.acts.select_related("by", "publication"))
    kind = ActKind.ANNOUNCE if shown.state == CampaignState.PREPARED else ActKind.RESCIND
    found = concerned(shown, kind)
    page = shown_page(request, found, order=ORDERS["code"], rows_of=shown_listings(on=timezone.localdate()))
    left_out = in_scope(shown).filter(listing__in=shown.listings.filter(is_left_out=True).values("listing"))
    context = {
        "campaign": shown,
        "tag": TAGS[shown.state],
        "codes": shown.codes.order_by("code").defer("search"),
        "acts": [(act, TAGS[act.state]) for act in acts],
        "is_at_work": any(act.state == ActState.WAITING for act in acts),
        "is_over": shown.last_day < timezone.localdate(),
        "by_code": by_code(found),
        "untouched": untouched(shown, kind),
        "left_out": shown_listings(on=timezone.localdate())(left_out.order_by(*ORDERS["code"].columns)[:50]),
        "page": page,
    }
    return render(request, "registrar/campaign.html", context, status=400 if page.error else 200)


@require_safe
def campaign_progress(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """The part that changes while the worker is at it; when it is done, the whole page is asked for."""
    shown = _campaign(campaign_id)
    is_over = not shown.acts.filter(state=ActState.WAITING).exists()
    return progress_part(request, "registrar/act_progress.html", page_url=shown.get_absolute_url(), is_over=is_over)


@require_POST
def campaign_choose(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """Leave listings out, or take them in again."""
    shown = _campaign(campaign_id)
    try:
        if request.POST.get("choice") == "take_in":
            count = take_in_again(campaign=shown, listing_ids=_chosen(request))
            said = "taken in again"
        else:
            count = leave_out(campaign=shown, listing_ids=_chosen(request))
            said = "left out: they will hold on"
    except RegisterError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"{count} {'listing is' if count == 1 else 'listings are'} {said}.")
    return redirect(shown)


@require_http_methods(["GET", "HEAD", "POST"])
def campaign_act(request: HttpRequest, campaign_id: int, kind: str) -> HttpResponse:
    """The preview of an act on all listings that it concerns, or on the chosen ones; confirmed, the worker does it."""
    if kind not in ActKind.values:
        raise Http404(f"There is no act {kind}.")
    shown = _campaign(campaign_id)
    chosen = _chosen(request) or None if kind == ActKind.RESCIND else None
    found = concerned(shown, kind, listing_ids=chosen)
    seen = seen_in_short(found)
    is_confirmed = request.method == "POST" and "reason" in request.POST
    form = ActForm(request.POST if is_confirmed else None, kind=kind, seen=seen)
    if is_confirmed and form.is_valid():
        try:
            ask_for_act(
                campaign=shown, kind=ActKind(kind), listing_ids=chosen, by=registrar(request), **form.cleaned_data
            )
        except RegisterError as error:
            form.add_error(None, str(error))
            # What is confirmed next is what stands below now.
            form.data = request.POST.copy()
            form.data["seen"] = seen
        else:
            return redirect(shown)
    context = {
        "campaign": shown,
        "kind": kind,
        "what": ActKind(kind).label,
        "form": form,
        "chosen": chosen or [],
        "count": found.count(),
        "by_code": by_code(found),
        "untouched": untouched(shown, kind),
        "rows": shown_listings(on=timezone.localdate())(found.order_by(*ORDERS["code"].columns)[:50]),
    }
    return render(request, "registrar/campaign_act.html", context, status=422 if form.errors else 200)


@require_POST
def campaign_discard(request: HttpRequest, campaign_id: int) -> HttpResponse:
    shown = _campaign(campaign_id)
    try:
        discard_campaign(campaign=shown)
    except RegisterError as error:
        messages.error(request, str(error))
    return redirect("registrar:campaigns")


def _campaign(campaign_id: int) -> Campaign:
    return get_object_or_404(Campaign.objects.select_related("created_by"), pk=campaign_id)


def _chosen(request: HttpRequest) -> list[int]:
    given = request.POST.getlist("listing") if request.method == "POST" else request.GET.getlist("listing")
    return sorted({int(number) for number in given if number.isascii() and number.isdigit() and len(number) < 19})
