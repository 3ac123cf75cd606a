"""What is deferred while a worker is at work: with the transaction it is deferred in, wherever that is."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.outbox.jobs import deliver_mail
from tests.jobs import run_jobs

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def as_a_job() -> Iterator[Callable[[Callable[[], object]], Any]]:
    """Answers a task that does what it is given."""
    named: list[str] = []

    def made(do: Callable[[], object]) -> Any:
        task = app.task(name=f"{__name__}.{len(named)}")(do)
        named.append(task.name)
        return task

    yield made
    for name in named:
        del app.tasks[name]


def deferred() -> list[dict[str, Any]]:
    return list(ProcrastinateJob.objects.filter(task_name=deliver_mail.name).values_list("args", flat=True))


class Undone(Exception):
    pass


def test_a_job_that_is_rolled_back_leaves_no_other_job(as_a_job: Callable[..., Any]) -> None:
    seen: list[int] = []

    def defers_and_fails() -> None:
        with transaction.atomic():
            deliver_mail.defer(mail_id=1)
            seen.append(len(deferred()))
            raise Undone

    as_a_job(defers_and_fails).defer()
    run_jobs()

    assert seen == [1]
    assert deferred() == []


def test_a_request_defers_in_its_transaction_beside_a_worker_of_the_same_process(as_a_job: Callable[..., Any]) -> None:
    at_work, go_home = threading.Event(), threading.Event()

    def works() -> None:
        at_work.set()
        go_home.wait(timeout=30)

    as_a_job(works).defer()
    worker = threading.Thread(target=run_jobs)
    worker.start()
    try:
        assert at_work.wait(timeout=30)
        with transaction.atomic():
            deliver_mail.defer(mail_id=1)
            transaction.set_rollback(True)
        assert deferred() == []
    finally:
        go_home.set()
        worker.join()
