"""Mails to those whose products a campaign of the register touches."""

from typing import TYPE_CHECKING

from pcl.models import CampaignAct, Organization
from pcl.models.campaign import ActKind
from pcl.services.campaigns import organizations_concerned
from verification.models import Representation
from verification.queries.representation import IN_FORCE_NOW, SURVIVOR
from verification.services.tell_people import tell

if TYPE_CHECKING:
    from accounts.models import User

SUBJECTS = {
    ActKind.ANNOUNCE: "Your listings get {last_day} as last day to bill",
    ActKind.EXTEND: "Your listings hold longer, until {last_day}",
    ActKind.RESCIND: "The announced end of your listings is taken back",
}


def tell_concerned(*, act: CampaignAct) -> None:
    """One mail to each person and organization, through the outbox in the caller's transaction."""
    counts = organizations_concerned(act)
    last_day = f"{act.last_day:%B %-d, %Y}" if act.last_day else ""
    organizations = Organization.objects.in_bulk(counts)
    for organization_id, user in _who_acts_for(counts):
        organization = organizations[organization_id]
        tell(
            [user],
            subject=SUBJECTS[ActKind(act.kind)].format(last_day=last_day),
            about="campaign",
            path=organization.get_absolute_url(),
            act=act,
            organization=organization,
            count=counts[organization_id],
        )


def _who_acts_for(organization_ids: dict[int, int]) -> "list[tuple[int, User]]":
    """Who represents one of these organizations now, also under a name that was merged into it."""
    now = Representation.objects.filter(IN_FORCE_NOW, user__is_active=True)
    now = now.annotate(acts_for=SURVIVOR)
    found = now.filter(acts_for__in=organization_ids).select_related("user").order_by("acts_for", "user__email")
    return list(dict.fromkeys((each.acts_for, each.user) for each in found))
