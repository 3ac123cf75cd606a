"""What a job defers is deferred with what it has written: in its transaction, as in a request.

As procrastinate has it, a worker's jobs defer over a connection of the worker's own, at once. A mail that a job sends
would then be due before its row is there for another worker to see, and due for ever if the job were rolled back.
"""

from typing import Any

from procrastinate import App
from procrastinate.connector import BaseAsyncConnector, BaseConnector
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.contrib.django.utils import connector_params
from procrastinate.psycopg_connector import PsycopgConnector


class JobConnector(DjangoConnector):
    def get_worker_connector(self) -> BaseAsyncConnector:
        return WorkerConnector(deferring=self, kwargs=connector_params(self.alias))


class WorkerConnector(PsycopgConnector):
    """The worker itself fetches and ends jobs over its own pool; all that the jobs' threads ask goes by `deferring`."""

    def __init__(self, *, deferring: DjangoConnector, **pool: Any) -> None:
        super().__init__(**pool)
        self.deferring = deferring

    def get_sync_connector(self) -> BaseConnector:
        return self.deferring


def defer_in_transactions(app: App) -> None:
    """PROCRASTINATE_ON_APP_READY."""
    app.connector = app.job_manager.connector = JobConnector()
