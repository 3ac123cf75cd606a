"""Where the worker looks for this app's jobs."""

from procrastinate.contrib.django import app

from verification.letters.jobs import write_letter
from verification.services.clocks import expire_overdue
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


@app.periodic(cron="*/10 * * * *")
@app.task(queue="scans", queueing_lock="scan_what_waits")
def scan_what_waits(timestamp: int) -> None:
    """Every ten minutes: what was attached before there was a scanner, or lost its job."""
    ask_again()


__all__ = ["close_overdue_applications", "remind_of_days_that_come", "scan_document", "scan_what_waits", "write_letter"]
