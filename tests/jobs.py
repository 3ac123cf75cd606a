"""Does what was deferred, with the worker that does it in production."""

import threading

from procrastinate.contrib.django import app
from procrastinate.periodic import PeriodicRegistry


def run_jobs() -> None:
    """Work until no job is left. For tests with transaction=True: the worker looks at the database from outside.

    In a thread, because a browser test's own thread has an event loop already.
    """
    failed: list[BaseException] = []

    def work() -> None:
        try:
            with app.replace_connector(app.connector.get_worker_connector()) as working:  # type: ignore[attr-defined]
                # Whether a test runs over the full minute must not decide which periodic jobs it meets.
                periodic, working.periodic_registry = working.periodic_registry, PeriodicRegistry()
                try:
                    working.run_worker(wait=False, listen_notify=False, install_signal_handlers=False)
                finally:
                    working.periodic_registry = periodic
        except BaseException as error:  # noqa: BLE001  # told to the test below
            failed.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    if failed:
        raise failed[0]
