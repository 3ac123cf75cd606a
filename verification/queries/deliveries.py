"""Which mails and letters have not left, and which of them nobody tries any more."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, QuerySet
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.models import OutgoingMail
from accounts.outbox.jobs import deliver_mail
from verification.letters.jobs import write_letter
from verification.models import Letter

USUALLY_LEAVES_WITHIN = timedelta(minutes=10)


@dataclass(frozen=True)
class Deliveries:
    mails: int
    """That should have left and have not."""
    oldest_mail: datetime | None
    letters: int
    """That should be written and are not."""
    given_up: int
    """Mails and letters of these for which no job is left: tried for days, or refused for good."""


def deliveries() -> Deliveries:
    since = timezone.now() - USUALLY_LEAVES_WITHIN
    late = unsent_mails().filter(created_at__lt=since)
    mails = late.aggregate(count=Count("pk"), oldest=Min("created_at"))
    return Deliveries(
        mails=mails["count"],
        oldest_mail=mails["oldest"],
        letters=unwritten_letters().filter(created_at__lt=since).count(),
        given_up=len(mails_given_up()) + len(letters_given_up()),
    )


def unsent_mails() -> QuerySet[OutgoingMail]:
    return OutgoingMail.objects.filter(delivered_at=None)


def unwritten_letters() -> QuerySet[Letter]:
    return Letter.objects.filter(written_at=None)


def mails_given_up() -> list[int]:
    return _without_a_job(unsent_mails().values_list("pk", flat=True), deliver_mail.name, "mail_id")


def letters_given_up() -> list[int]:
    return _without_a_job(unwritten_letters().values_list("pk", flat=True), write_letter.name, "letter_id")


def _without_a_job(ids: QuerySet, task: str, argument: str) -> list[int]:
    jobs = ProcrastinateJob.objects.filter(task_name=task, status__in=["todo", "doing"])
    at_work = {args[argument] for args in jobs.values_list("args", flat=True)}
    return [each for each in ids.order_by("pk") if each not in at_work]
