"""Publishing what was approved for a day, on that day and by itself."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role, User
from accounts.queries.roles import people_with
from verification.models import Application, Determination
from verification.queries.waiting import due
from verification.services.tell_people import tell
from verification.services.worker_publishes import step_to_take
from verification.workflow.errors import WorkflowError
from verification.workflow.perform import perform

logger = logging.getLogger(__name__)
UNEXPECTED = "It could not be published, for a fault of the system. It is tried again every ten minutes."


@dataclass(frozen=True)
class Published:
    application: Application
    failure: str
    """Why it was not done, and what to do; empty where it was."""
    by_the_worker: bool = False
    """It is being published, and is not yet."""


def publish_due() -> list[Published]:
    """Publish everything whose day has come, each in a transaction of its own: one that fails stops no other.

    What fails is told to the approvers once for each reason, and tried again with the next run.
    """
    now = timezone.localtime()
    if now.hour < settings.PUBLICATION_HOUR:
        return []
    done = []
    for application in due(now.date()):
        failure = _publish(application)
        if failure is not None:
            done.append(Published(application, failure))
    return done


def publish_approved(*, application_id: int) -> None:
    """Publish this one, if its day has come; at whatever hour. A second time, or once it was recalled: nothing."""
    application = due(timezone.localdate()).filter(pk=application_id).first()
    if application is not None:
        _publish(application)


def _publish(application: Application) -> str | None:
    failure = _try("publish", application, by=None)
    if failure:
        _tell_once(application, failure)
    return failure


def publish_together(seen: Iterable[tuple[Application, int]], *, by: User) -> list[Published]:
    """Publish these at once, each in the version that `by` saw and in a transaction of its own."""
    done = []
    for application, version in seen:
        step, given = step_to_take("publish_now", {}, application)
        failure = _try(step, application, by=by, seen_version=version, given=given)
        done.append(Published(application, failure or "", by_the_worker=step != "publish_now"))
    return done


def move_together(seen: Iterable[tuple[Application, int]], *, publish_on: date, by: User) -> list[Published]:
    """Plan these for another day, each in the version that `by` saw; the first days of service stay as they are."""
    return [
        Published(
            application,
            _try("reschedule", application, by=by, seen_version=version, given={"publish_on": publish_on}) or "",
        )
        for application, version in seen
    ]


def _try(
    step: str,
    application: Application,
    *,
    by: User | None,
    seen_version: int | None = None,
    given: dict[str, Any] | None = None,
) -> str | None:
    """Why it could not be done; empty where it was, None where it no longer stands to be done by the system."""
    try:
        perform(
            step,
            application=application,
            by=by,
            seen_version=application.version if seen_version is None else seen_version,
            given=given,
        )
    except WorkflowError as error:
        if by is None and not due(timezone.localdate()).filter(pk=application.pk, version=application.version).exists():
            return None  # recalled, moved or published since the list was read: the next run looks again
        return str(error)
    except Exception:
        # Whatever it is, the others must not wait for it.
        logger.exception("Application %s could not be published", application.dcn)
        return UNEXPECTED
    return ""


def _tell_once(application: Application, failure: str) -> None:
    changed = (
        Determination.objects.filter(application=application, published_at=None)
        .exclude(publishing_failure=failure)
        .update(publishing_failure=failure)
    )
    if not changed:
        return
    tell(
        people_with(Role.APPROVER).order_by("pk"),
        subject=f"Not published on its day: {application.dcn}",
        about="not_published",
        path=reverse("review:application", args=[application.pk]),
        application=application,
        failure=failure,
    )
