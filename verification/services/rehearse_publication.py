"""What publishing determinations would do to the register, on a day to come: done, looked at and taken back."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction

from pcl.errors import RegisterError
from pcl.models import ListingChange
from pcl.services.changes import stand_at_the_chain
from verification.models import Application
from verification.services.publish_determination import publish
from verification.workflow.perform import foresee


@dataclass(frozen=True)
class Rehearsed:
    application: Application
    failure: str
    """Why it would not be published; empty where it would."""
    changes: list[ListingChange] = field(default_factory=list)
    """What the register would say. They do not exist."""


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
    try:
        with transaction.atomic():
            publish(
                determination,
                by=determination.approved_by,
                begins=determination.begins,
                reason=f"Determination on application {application.dcn}.",
            )
    except RegisterError as error:
        return Rehearsed(application, str(error))
    return Rehearsed(application, "", list(ListingChange.objects.filter(seq__gt=after).order_by("seq")))
