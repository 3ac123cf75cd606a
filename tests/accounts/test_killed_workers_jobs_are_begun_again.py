"""Jobs of a worker that was killed are done by another one; nothing stands in the way of that."""

import pytest
from django.core.mail import send_mail
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.jobs import begin_stalled_jobs_again
from accounts.models import OutgoingMail
from tests.jobs import run_jobs

pytestmark = pytest.mark.django_db(transaction=True)


def killed(task: str) -> None:
    """As the database has it after a kill: the job is being done, by a worker that is no more."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing' WHERE task_name = %s", [task])
        assert cursor.rowcount


def status_of(job_id: int) -> str:
    return ProcrastinateJob.objects.values_list("status", flat=True).get(pk=job_id)


def test_a_mail_whose_worker_was_killed_leaves() -> None:
    send_mail("Letter ready", "Open.", None, ["maker@firm.example"])
    killed("accounts.outbox.jobs.deliver_mail")
    run_jobs()
    assert OutgoingMail.objects.get().delivered_at is None
    begin_stalled_jobs_again.defer(timestamp=0)
    run_jobs()
    assert OutgoingMail.objects.get().delivered_at is not None


def test_periodic_jobs_killed_while_the_next_one_waits_keep_nothing_from_being_rescued() -> None:
    """Seen with benchmarks/killed_workers.py: two jobs of which one may wait at a time stopped every rescue after."""
    first = begin_stalled_jobs_again.defer(timestamp=0)
    killed("accounts.jobs.begin_stalled_jobs_again")
    second = begin_stalled_jobs_again.defer(timestamp=60)
    killed("accounts.jobs.begin_stalled_jobs_again")
    send_mail("Letter ready", "Open.", None, ["maker@firm.example"])
    killed("accounts.outbox.jobs.deliver_mail")

    begin_stalled_jobs_again.defer(timestamp=120)
    run_jobs()

    assert OutgoingMail.objects.get().delivered_at is not None
    assert sorted([status_of(first), status_of(second)]) == ["failed", "succeeded"]
    assert not ProcrastinateJob.objects.filter(status__in=["todo", "doing"]).exists()
