"""What publishing determinations would do to the register, on a day to come: done, looked at and taken back."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction

from pcl.errors import RegisterError
from pcl.models import ListingChange
from pcl.services.changes import stand_at_the_chain
from pcl.services.names import only_first_listings
from pcl.services.rehearsal import MOST_SHOWN
from pcl.services.renamings import are_very_many
from verification.models import Application
from verification.services.publish_determination import publish
from verification.services.worker_publishes import listings_renamed
from verification.workflow.perform import foresee


@dataclass(frozen=True)
class Rehearsed:
    application: Application
    failure: str
    """Why it would not be published; empty where it would."""
    changes: list[ListingChange] = field(default_factory=list)
    """What the register would say. They do not exist."""
    count: int = 0
    """How many there would be. Of a name that very many listings show, `changes` has the first only."""


def rehearse_publication(applications: Iterable[Application], *, today: date) -> list[Rehearsed]:
    """Publish each after the other as on `today` (US Eastern), so that two that exclude each other are found, too.

    Nothing is changed. While it lasts nobody else changes the register.
    """
    with transaction.atomic():
        head = stand_at_the_chain().seq
        done = []
        for application in applications:
            rehearsed = _rehearse(application, today=_day(application, today), after=head)
            head += len(rehearsed.changes)
            done.append(rehearsed)
        transaction.set_rollback(True)
    return done


def _day(application: Application, today: date) -> date:
    """The day on which it would be published: one that was missed is published today."""
    return max(today, application.determination.publish_on or today)


def _rehearse(application: Application, *, today: date, after: int) -> Rehearsed:
    verdict = foresee("publish", application, by=None, today=today)
    if not verdict.ok:
        return Rehearsed(application, verdict.reason)
    determination = application.determination
    renamed = listings_renamed(application)
    very_many = are_very_many(renamed)
    count = renamed.count() if very_many else None
    try:
        with transaction.atomic(), only_first_listings(MOST_SHOWN if very_many else None):
            publish(
                determination,
                by=determination.approved_by,
                begins=determination.begins,
                reason=f"Determination on application {application.dcn}.",
            )
    except RegisterError as error:
        return Rehearsed(application, str(error))
    changes = list(ListingChange.objects.filter(seq__gt=after).order_by("seq"))
    return Rehearsed(application, "", changes, count if count is not None else len(changes))
