"""Where the worker looks for this app's jobs."""

from procrastinate.contrib.django import app

from verification.letters.jobs import write_letter
from verification.services.clocks import expire_overdue
from verification.services.publish_waiting import publish_due


@app.periodic(cron="15 6 * * *")
@app.task(queue="clocks", queueing_lock="close_overdue_applications")
def close_overdue_applications(timestamp: int) -> None:
    """Once a day: reject what was not answered by the day on which the answer was due."""
    expire_overdue()


@app.periodic(cron="*/10 * * * *")
@app.task(queue="clocks", queueing_lock="publish_what_is_due")
def publish_what_is_due(timestamp: int) -> None:
    """Every ten minutes: publish the determinations whose day has come; what failed is tried again."""
    publish_due()


__all__ = ["close_overdue_applications", "publish_what_is_due", "write_letter"]
