"""End dates for all listings of a code or a product group: announced, extended, taken back for all or for some."""

from collections.abc import Collection
from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Q
from django.utils import timezone
from procrastinate.contrib.django import app

from hcpcs.models import Code
from pcl.dates import refuse_implausible_day
from pcl.errors import RegisterError
from pcl.models import ActState, Campaign, CampaignAct, CampaignListing, ListingChange, Publication, RegisterEntry
from pcl.models.campaign import ActKind, CampaignState
from pcl.models.listing_change import ChangeKind
from pcl.queries.campaigns import concerned, in_scope, seen_in_short
from pcl.services.changes import stand_at_the_chain
from pcl.services.listing_dates import change_dates
from pcl.services.many_listings_act import do_once, note_done
from pcl.signals import campaign_act_done

if TYPE_CHECKING:
    from accounts.models import User

AT_ONCE = 2000
CHANGE_KINDS = {
    ActKind.ANNOUNCE: ChangeKind.END_DATED,
    ActKind.EXTEND: ChangeKind.EXTENDED,
    ActKind.RESCIND: ChangeKind.RESCINDED,
}


@transaction.atomic
def prepare_campaign(
    *,
    title: str,
    codes: Collection[Code],
    classification: str,
    last_day: date,
    by: "User",
    campaign: Campaign | None = None,
) -> Campaign:
    """A campaign that says what it is about, or `campaign` said anew. Nothing on the list changes.

    Raises RegisterError when it is about nothing, when `last_day` has passed, or when it was announced meanwhile.
    """
    refuse_implausible_day(last_day)
    if not codes and not classification:
        raise RegisterError("Say which listings it is about: give codes, a product group, or both.")
    if last_day < timezone.localdate():
        raise RegisterError("That last day has passed. An end is announced before it comes; choose today or later.")
    campaign = Campaign(created_by=by) if campaign is None else _prepared(campaign)
    campaign.title, campaign.classification, campaign.last_day = title, classification, last_day
    campaign.save()
    campaign.codes.set(codes)
    return campaign


@transaction.atomic
def discard_campaign(*, campaign: Campaign) -> None:
    """Put away a campaign that was not announced. Raises RegisterError when it was."""
    campaign = _prepared(campaign)
    campaign.state = CampaignState.DISCARDED
    campaign.save(update_fields=["state"])


@transaction.atomic
def leave_out(*, campaign: Campaign, listing_ids: Collection[int]) -> int:
    """These listings keep on when the end is announced; how many of them the campaign is about."""
    campaign = _prepared(campaign)
    ids = in_scope(campaign).filter(listing__in=listing_ids).values_list("listing", flat=True)
    rows = [CampaignListing(campaign=campaign, listing_id=pk, is_left_out=True) for pk in ids]
    CampaignListing.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


@transaction.atomic
def take_in_again(*, campaign: Campaign, listing_ids: Collection[int]) -> int:
    """These listings, left out before, are ended with the others after all; how many there were."""
    campaign = _prepared(campaign)
    return campaign.listings.filter(is_left_out=True, listing__in=listing_ids).delete()[0]


@transaction.atomic
def ask_for_act(
    *,
    campaign: Campaign,
    kind: ActKind,
    seen: str,
    reason: str,
    by: "User",
    last_day: date | None = None,
    publication: Publication | None = None,
    listing_ids: list[int] | None = None,
) -> CampaignAct:
    """Have the worker do what a preview showed (`seen`: see `seen_in_short`).

    Raises RegisterError when the act does not fit the campaign, concerns no listing, or concerns others than were seen.
    """
    campaign = Campaign.objects.select_for_update().get(pk=campaign.pk)
    if campaign.acts.filter(state=ActState.WAITING).exists():
        raise RegisterError("Something is being done to this campaign at the moment. Wait until it is done.")
    refuse_misfit(campaign=campaign, kind=kind, last_day=last_day)
    found = concerned(campaign, kind, listing_ids=listing_ids)
    if not found.exists():
        raise RegisterError("No listing would change. Look at what the campaign is about.")
    if seen_in_short(found) != seen:
        raise RegisterError("The list has changed since you looked. Look at the new preview, then confirm again.")
    act = CampaignAct.objects.create(
        campaign=campaign,
        kind=kind,
        last_day=campaign.last_day if kind == ActKind.ANNOUNCE else last_day,
        listing_ids=listing_ids,
        reason=reason,
        publication=publication,
        seen=seen,
        by=by,
    )
    # By name: the job calls this module.
    app.configure_task("pcl.jobs.do_campaign_act", queue="register").defer(act_id=act.pk)
    return act


def refuse_misfit(*, campaign: Campaign, kind: str, last_day: date | None) -> None:
    """Raise RegisterError when the act is not one for the campaign as it stands."""
    today = timezone.localdate()
    if kind == ActKind.ANNOUNCE:
        if campaign.state != CampaignState.PREPARED:
            raise RegisterError("Its end has been announced already.")
        if campaign.last_day < today:
            raise RegisterError("Its last day has passed. Change it to today or later before you announce it.")
        return
    if campaign.state != CampaignState.ANNOUNCED:
        raise RegisterError("Nothing was announced, so there is nothing to extend or to take back.")
    if campaign.last_day < today:
        raise RegisterError(
            f"The listings ended on {campaign.last_day:%B %-d, %Y}. Reinstate the ones that are to be billed again."
        )
    if kind == ActKind.EXTEND and (last_day is None or last_day <= campaign.last_day):
        raise RegisterError(f"The listings hold until {campaign.last_day:%B %-d, %Y} already. Choose a later day.")


def do_act(*, act_id: int) -> None:
    """What the worker does, once."""
    do_once(CampaignAct, act_id=act_id, do=_do)


def _do(act: CampaignAct) -> None:
    campaign = act.campaign
    # From here on nobody else changes the register.
    stand_at_the_chain()
    refuse_misfit(campaign=campaign, kind=act.kind, last_day=act.last_day)
    found = concerned(campaign, act.kind, listing_ids=act.listing_ids)
    if seen_in_short(found) != act.seen:
        raise RegisterError("The list changed between your confirmation and the work. Look at the new preview.")
    rows = dict(found.order_by("listing").values_list("listing", "effective"))
    last_day = act.last_day
    end = date.fromordinal(last_day.toordinal() + 1) if last_day else None
    changes = change_dates(
        effective={pk: DateRange(effective.lower, end) for pk, effective in rows.items()},
        kind=CHANGE_KINDS[ActKind(act.kind)],
        reason=_with_source(act),
        by=act.by,
    )
    _note(act, changes)
    campaign_act_done.send(sender=CampaignAct, act=act)


def _note(act: CampaignAct, changes: list[ListingChange]) -> None:
    campaign = act.campaign
    if act.kind == ActKind.ANNOUNCE:
        ended = [CampaignListing(campaign=campaign, listing_id=change.listing_id) for change in changes]
        CampaignListing.objects.bulk_create(ended, batch_size=AT_ONCE)
        campaign.state = CampaignState.ANNOUNCED
    if act.kind == ActKind.EXTEND and act.listing_ids is None and act.last_day is not None:
        campaign.last_day = act.last_day
    campaign.save(update_fields=["state", "last_day"])
    note_done(act, first_seq=changes[0].seq, last_seq=changes[-1].seq)


def _with_source(act: CampaignAct) -> str:
    return f"{act.reason} ({act.publication.title})" if act.publication else act.reason


def organizations_concerned(act: CampaignAct) -> dict[int, int]:
    """How many listings of each organization the act changed, as manufacturer or distributor."""
    seqs = ListingChange.objects.filter(seq__gte=act.first_seq, seq__lte=act.last_seq).values("listing")
    counts: dict[int, int] = {}
    parties = RegisterEntry.objects.filter(Q(listing__in=seqs)).values_list(
        "manufacturer_organization", "distributor_organization"
    )
    for pair in parties:
        for organization in {pk for pk in pair if pk is not None}:
            counts[organization] = counts.get(organization, 0) + 1
    return counts


def _prepared(campaign: Campaign) -> Campaign:
    campaign = Campaign.objects.select_for_update().get(pk=campaign.pk)
    if campaign.state != CampaignState.PREPARED:
        raise RegisterError("This campaign is no longer being prepared. Look at what became of it.")
    if campaign.acts.filter(state=ActState.WAITING).exists():
        raise RegisterError("It is being announced at this moment. Wait until that is done.")
    return campaign
