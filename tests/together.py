"""Several people at the same moment, each in a connection of their own."""

import threading
from collections.abc import Callable

from django.db import connection

from pcl.errors import RegisterError
from verification.workflow.errors import WorkflowError


def together(*acts: Callable[[], object]) -> list[Exception | None]:
    """Start all of them at once; why each was refused, None where it was not. Needs a test with real transactions."""
    begin = threading.Barrier(len(acts), timeout=30)
    refusals: list[Exception | None] = [AssertionError("It did not end.")] * len(acts)

    def run(number: int, act: Callable[[], object]) -> None:
        try:
            connection.ensure_connection()
            begin.wait()
            act()
            refusals[number] = None
        except (RegisterError, WorkflowError) as refusal:
            refusals[number] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return refusals
