"""What a manufacturer may know of the determination on its product that a distributor applied for: what asking for a
reconsideration needs, and nothing of what the distributor wrote."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from pcl.models import Listing
from verification.models import AppliesAs, Determination
from verification.queries.reconsideration import Clock, clock
from verification.queries.representation import may_act_on, may_ask_for_reconsideration
from verification.workflow.states import Status

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True)
class AnothersDetermination:
    dcn: str
    letter_date: date
    clock: Clock


def anothers_determination(user: "User", listing: Listing, *, today: date) -> AnothersDetermination | None:
    """Of the determination that put `listing` on the list, where a distributor applied and `user` may ask for a
    reconsideration without being able to open it here; None also once its last day has passed."""
    made = (
        Determination.objects.filter(
            codes__listing=listing,
            published_at__isnull=False,
            application__status=Status.DETERMINED,
            application__applies_as=AppliesAs.DISTRIBUTOR,
        )
        .select_related("application__organization", "application__made_by")
        .first()
    )
    if made is None or made.letter_date is None:
        return None
    application, time = made.application, clock(made, today=today)
    if time is None or time.has_run_out or may_act_on(user, application):
        return None
    if not may_ask_for_reconsideration(user, application).ok:
        return None
    return AnothersDetermination(application.dcn or "", made.letter_date, time)
