"""What a person can do with an application now, drawn from the workflow table."""

from dataclasses import dataclass

from accounts.models import User
from verification.models import Application
from verification.workflow.attempt import Lack
from verification.workflow.perform import possible
from verification.workflow.table import BY_NAME, Actor, Transition

CONTRACTOR = frozenset({Actor.REVIEWER, Actor.ASSIGNED_REVIEWER, Actor.APPROVER, Actor.ASSIGNER})
# An act that ends the application without a determination is marked as such.
ENDS_IT = frozenset({"reject"})
# Asks once more, though nothing has to be given.
CONFIRMED = frozenset({"publish_now"})
LACKS_NAMED = 5


@dataclass(frozen=True)
class Offer:
    step: Transition
    held_up: str
    """Why it cannot be done yet, in words; empty when it can."""
    lacks: tuple[Lack, ...] = ()
    """The requirements of the checklist that are open, where those are what holds it up."""

    @property
    def lacks_first(self) -> tuple[Lack, ...]:
        return self.lacks[:LACKS_NAMED]

    @property
    def lacks_more(self) -> int:
        """How many more there are than `lacks_first` names."""
        return max(0, len(self.lacks) - LACKS_NAMED)

    @property
    def at_once(self) -> bool:
        """Whether a button does it, with nothing more to be given."""
        return not self.step.given and self.step.name not in CONFIRMED

    @property
    def ends_it(self) -> bool:
        return self.step.name in ENDS_IT


def offers(application: Application, user: User, *, is_in_conflict: bool | None = None) -> list[Offer]:
    """The steps that are this person's, those that a condition holds up included.

    `is_in_conflict`: whether `user` must keep out of it, where that was asked already.
    """
    known = None if is_in_conflict is None else {user.pk: frozenset({application.pk} if is_in_conflict else ())}
    offered = [
        Offer(step, "" if verdict.ok else verdict.reason, () if verdict.ok else verdict.lacks)
        for step, verdict in possible(application, user, conflicts=known)
        if step.actor in CONTRACTOR
    ]
    # What goes on with the review comes first, what ends it last.
    return sorted(offered, key=lambda offer: offer.ends_it)


def contractor_step(name: str) -> Transition | None:
    """The step of that name, unless it is the applicant's or the system's."""
    step = BY_NAME.get(name)
    return step if step is not None and step.actor in CONTRACTOR else None


def offer_of(step: Transition, application: Application, user: User) -> Offer:
    """`step` as it is offered to `user`; when it is not, the reason says why."""
    for offer in offers(application, user):
        if offer.step is step:
            return offer
    if application.status not in step.sources:
        return Offer(step, f"This application is “{application.get_status_display()}” now.")
    return Offer(step, f"Only {step.actor.value} can do this.")
