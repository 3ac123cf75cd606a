"""Reconsideration of a determination: until when it may be asked for, by whom, and how the two compare."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Q, QuerySet

from pcl.dates import day_in_words
from verification.models import Application, ApplicationKind, Determination, TransitionLog
from verification.queries.representation import may_ask_for_reconsideration
from verification.workflow.states import Status

if TYPE_CHECKING:
    from accounts.models import User

# Who takes one of these steps has taken part in deciding.
DECIDING_STEPS = ("accept", "recommend", "return", "approve", "determine", "publish_now")

TOOK_PART = "_took_part_in_the_first"
"""On an application: by user, whether one took a deciding step on the first, where that was asked with it."""


def reconsideration_until(determination: Determination) -> date | None:
    """The last day on which a reconsideration may be asked for, inclusive, in US Eastern days; None for a draft."""
    reckoned_from = determination.reconsidered_from
    return reckoned_from + timedelta(days=settings.RECONSIDERATION_DAYS) if reckoned_from else None


def the_one_reconsideration(determination: Determination) -> Application | None:
    """The reconsideration that is drafted, under way or decided; one rejected, withdrawn or discarded is none."""
    return (
        determination.reconsiderations.exclude(status__in=[Status.REJECTED, Status.WITHDRAWN])
        .filter(discarded_at=None)
        .first()
    )


@dataclass(frozen=True)
class Clock:
    until: date
    days_left: int
    """0 on the last day; negative afterwards."""

    @property
    def in_words(self) -> str:
        left = {0: "today is the last day", 1: "1 day left"}.get(self.days_left, f"{self.days_left} days left")
        return f"until {day_in_words(self.until)}" + (f": {left}" if self.days_left >= 0 else "")

    @property
    def has_run_out(self) -> bool:
        return self.days_left < 0


def clock(determination: Determination, *, today: date) -> Clock | None:
    """`today` is the contractor's day, wherever the asker's browser is. None for a determination not made yet."""
    until = reconsideration_until(determination)
    return Clock(until, (until - today).days) if until else None


def why_not_reconsidered(application: Application, *, by: "User", today: date) -> str:
    """Why no reconsideration of the determination on `application` can be begun by `by`, and what to do; else empty."""
    determination = application.draft_determination()
    if application.status != Status.DETERMINED or determination is None:
        return "There is no determination yet that could be reconsidered."
    if application.kind == ApplicationKind.RECONSIDERATION:
        return (
            "This determination was itself made on a reconsideration, which is the last word on it. With something "
            "new, submit a new application."
        )
    if application.kind != ApplicationKind.INITIAL:
        return "Only the determination of a review can be reconsidered. Send the attestation again instead."
    valid_requestor = may_ask_for_reconsideration(by, application)
    if not valid_requestor.ok:
        return valid_requestor.reason
    earlier = the_one_reconsideration(determination)
    if earlier is not None and earlier.status == Status.DETERMINED:
        return (
            f"This determination was reconsidered already, under {earlier.dcn}. That decision is the last word on it. "
            "With something new, submit a new application."
        )
    return too_late(determination, today=today)


def too_late(determination: Determination, *, today: date) -> str:
    """Empty up to and including the last day."""
    time = clock(determination, today=today)
    if time is None or not time.has_run_out:
        return ""
    return (
        f"A reconsideration could be asked for until {day_in_words(time.until)}, {settings.RECONSIDERATION_DAYS} days "
        "after the date of the letter. That day has passed: submit a new application, which cites this one."
    )


def decided_the_first(user: "User", application: Application) -> bool:
    """Whether `user` reviewed, recommended or approved the determination that `application` asks to reconsider."""
    first = application.reconsiders
    if first is None:
        return False
    people = {first.application.reviewer_id, first.recommended_by_id, first.approved_by_id}
    if user.pk in people:
        return True
    asked_already: dict[int, bool] = application.__dict__.get(TOOK_PART, {})
    if user.pk in asked_already:
        return asked_already[user.pk]
    return deciding_steps(user).filter(application=first.application_id).exists()


def reconsiderations_closed_to(user: "User") -> QuerySet[Application]:
    """The reconsiderations on which `user` does nothing, having taken part in deciding the first time."""
    steps = deciding_steps(user)
    took_part = Q(reconsiders__recommended_by=user) | Q(reconsiders__approved_by=user)
    took_part |= Q(reconsiders__application__reviewer=user)
    took_part |= Q(reconsiders__application__in=steps.order_by().values("application"))
    return Application.objects.filter(took_part, reconsiders__isnull=False)


def deciding_steps(user: "User") -> QuerySet[TransitionLog]:
    return TransitionLog.objects.filter(transition__in=DECIDING_STEPS, by=user)
