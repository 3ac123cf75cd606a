"""A change of a name that very many listings show: nobody waits for it; the worker publishes it, at once and once.

It is approved for today and waits like any other that is approved; but it waits for the worker, not for its hour.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from procrastinate.contrib.django import app

from pcl.models import Listing
from pcl.services.organizations import listings_naming
from pcl.services.renamings import are_very_many
from verification.models import Application, ApplicationKind, Outcome
from verification.queries.name_change import name_change
from verification.workflow.states import Status

if TYPE_CHECKING:
    from django.db.models import QuerySet

# By name, since the jobs know the services.
JOB = "verification.jobs.publish_approved"
# What publishes in the request, and the step that leaves it to the worker instead.
INSTEAD = {"determine": "approve", "publish_now": "reschedule"}


def listings_renamed(application: Application) -> "QuerySet[Listing]":
    """Every listing that shows the name that changes, as accepted; none for another kind of application."""
    determination = application.draft_determination()
    accepted = determination is not None and determination.outcome == Outcome.ACCEPTED
    if application.kind != ApplicationKind.NAME_CHANGE or not accepted:
        return Listing.objects.none()
    return listings_naming(name_change(application).organization)


def worker_publishes(application: Application) -> bool:
    return are_very_many(listings_renamed(application))


def step_to_take(name: str, given: Mapping[str, Any], application: Application) -> tuple[str, dict[str, Any]]:
    """The step and what is given with it; for what the worker publishes, the one that leaves it to the worker.

    The letter is then dated on the day on which it goes out, which is today.
    """
    if name not in INSTEAD or not worker_publishes(application):
        return name, dict(given)
    return INSTEAD[name], {"publish_on": timezone.localdate()}


def is_being_published(application: Application) -> bool:
    """Whether it is the worker's turn: its day has come, and nobody was told yet why it cannot be done."""
    determination = application.draft_determination()
    return (
        application.status == Status.APPROVED
        and determination is not None
        and determination.publish_on is not None
        and determination.publish_on <= timezone.localdate()
        and not determination.publishing_failure
        and worker_publishes(application)
    )


def leave_to_the_worker(application: Application) -> None:
    """In the transaction that approves it."""
    app.configure_task(JOB, queue="register").defer(application_id=application.pk)
