"""Where the worker looks for this app's jobs."""

from procrastinate.contrib.django import app

from verification.letters.jobs import write_letter
from verification.services.authorization_clock import tell_of_expired_authorizations
from verification.services.clocks import expire_overdue


@app.periodic(cron="15 6 * * *")
@app.task(queue="clocks", queueing_lock="close_overdue_applications")
def close_overdue_applications(timestamp: int) -> None:
    """Once a day: reject what was not answered by the day on which the answer was due."""
    expire_overdue()


@app.periodic(cron="25 6 * * *")
@app.task(queue="clocks", queueing_lock="tell_of_authorizations_that_ran_out")
def tell_of_authorizations_that_ran_out(timestamp: int) -> None:
    """Once a day: tell both sides. The access itself ends with the day, job or no job."""
    tell_of_expired_authorizations()


__all__ = ["close_overdue_applications", "tell_of_authorizations_that_ran_out", "write_letter"]
