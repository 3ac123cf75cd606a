"""What a manufacturer may know of the determination on its product that a distributor applied for: what asking for a
reconsideration needs, and nothing of what the distributor wrote beyond what the letter says, which is addressed to the
manufacturer."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from pcl.models import Listing
from verification.letters.kind_words import in_words
from verification.models import Application, ApplicationKind, AppliesAs, Determination
from verification.queries.reconsideration import Clock, clock, the_one_reconsideration
from verification.queries.representation import may_act_on, may_ask_for_reconsideration
from verification.workflow.states import Status

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True)
class AnothersDetermination:
    application: Application
    letter_date: date
    clock: Clock
    begun: Application | None
    """The reconsideration that the manufacturer's people began, where the person may open it."""

    @property
    def dcn(self) -> str:
        return self.application.dcn or ""


def anothers_determination(user: "User", listing: Listing, *, today: date) -> AnothersDetermination | None:
    """Of the determination that put `listing` on the list, where a distributor applied and `user` may ask for a
    reconsideration without being able to open it here; None also once its last day has passed."""
    found = _for_the_manufacturer(user, _made_for_distributors().filter(codes__listing=listing), today=today)
    return None if found is None or found.clock.has_run_out else found


def determination_by_letter(user: "User", *, dcn: str, letter_date: date, today: date) -> AnothersDetermination | None:
    """Of the determination whose letter bears both, for the people of the manufacturer that it names.

    Who names both has the letter in hand: a name alone, which anybody may have given an organization, opens nothing.
    """
    dated = Q(letter_date=letter_date) | Q(letters__said__letter_date=in_words(letter_date))
    return _for_the_manufacturer(user, _made_for_distributors().filter(dated, application__dcn=dcn), today=today)


def _made_for_distributors() -> QuerySet[Determination]:
    return Determination.objects.filter(
        published_at__isnull=False,
        application__status=Status.DETERMINED,
        application__kind=ApplicationKind.INITIAL,
        application__applies_as=AppliesAs.DISTRIBUTOR,
    ).select_related("application__organization", "application__made_by")


def _for_the_manufacturer(user: "User", found: QuerySet[Determination], *, today: date) -> AnothersDetermination | None:
    made = found.first()
    if made is None or made.letter_date is None:
        return None
    application, time = made.application, clock(made, today=today)
    if time is None or may_act_on(user, application) or not may_ask_for_reconsideration(user, application).ok:
        return None
    begun = the_one_reconsideration(made)
    return AnothersDetermination(
        application, made.letter_date, time, begun if begun is not None and may_act_on(user, begun) else None
    )
