"""Where the worker looks for this app's jobs."""

from procrastinate.contrib.django import app

from hcpcs.attempts import A_FEW_TIMES
from verification.letters.jobs import write_letter
from verification.services import publish_waiting
from verification.services.authorization_clock import remind_of_authorizations, tell_of_expired_authorizations
from verification.services.clocks import expire_overdue
from verification.services.publish_waiting import publish_due
from verification.services.remind_of_changes import remind_of_changes
from verification.services.reminders import remind_of_answers
from verification.services.scan import ask_again, scan_document


@app.periodic(cron="15 6 * * *")
@app.task(queue="clocks", queueing_lock="close_overdue_applications")
def close_overdue_applications(timestamp: int) -> None:
    """Once a day: reject what was not answered by the day on which the answer was due."""
    expire_overdue()


@app.periodic(cron="0 7 * * *")
@app.task(queue="clocks", queueing_lock="remind_of_days_that_come")
def remind_of_days_that_come(timestamp: int) -> None:
    """Once a day."""
    remind_of_answers()


@app.periodic(cron="10 7 * * *")
@app.task(queue="clocks", queueing_lock="remind_of_authorizations_that_end")
def remind_of_authorizations_that_end(timestamp: int) -> None:
    """Once a day."""
    remind_of_authorizations()


@app.periodic(cron="30 7 * * *")
@app.task(queue="clocks", queueing_lock="remind_of_changes_once_a_year")
def remind_of_changes_once_a_year(timestamp: int) -> None:
    """Once a day: the organizations whose day of the year it is."""
    remind_of_changes()


@app.periodic(cron="*/10 * * * *")
@app.task(queue="scans", queueing_lock="scan_what_waits")
def scan_what_waits(timestamp: int) -> None:
    """Every ten minutes: what was attached before there was a scanner, or lost its job."""
    ask_again()


@app.periodic(cron="*/10 * * * *")
@app.task(queue="clocks", queueing_lock="publish_what_is_due")
def publish_what_is_due(timestamp: int) -> None:
    """Every ten minutes: publish the determinations whose day has come; what failed is tried again."""
    publish_due()


@app.task(queue="register", retry=A_FEW_TIMES)
def publish_approved(*, application_id: int) -> None:
    """Publish one determination that changes very many listings, in one transaction.

    What fails is told to the approvers, and tried again by `publish_what_is_due`.
    """
    publish_waiting.publish_approved(application_id=application_id)


@app.periodic(cron="25 6 * * *")
@app.task(queue="clocks", queueing_lock="tell_of_authorizations_that_ran_out")
def tell_of_authorizations_that_ran_out(timestamp: int) -> None:
    """Once a day: tell both sides. The access itself ends with the day, job or no job."""
    tell_of_expired_authorizations()


__all__ = [
    "close_overdue_applications",
    "publish_approved",
    "publish_what_is_due",
    "remind_of_authorizations_that_end",
    "remind_of_changes_once_a_year",
    "remind_of_days_that_come",
    "scan_document",
    "scan_what_waits",
    "tell_of_authorizations_that_ran_out",
    "write_letter",
]
