"""The traffic light of an application: how its clock stands, in words; the colour only repeats them."""

from dataclasses import dataclass
from datetime import date

from pcl.dates import day_in_words
from verification.clocks import clocks
from verification.models import Application
from verification.reviewer.wording import days_in_words


@dataclass(frozen=True)
class Light:
    kind: str
    """Of the status tag (docs/look.md)."""
    words: str
    detail: str = ""


def light_of(application: Application, *, today: date) -> Light | None:
    """None once it is closed. Days overdue are days of the calendar, whatever the clock counts."""
    if application.closed_at is not None:
        return None
    if application.due_on is None:
        return _stopped(application, today)
    until = f"due {day_in_words(application.due_on)}"
    left = (application.due_on - today).days
    if left < 0:
        return Light("bad", f"Overdue by {days_in_words(-left)}", until)
    if left == 0:
        return Light("waiting", "Due today", until)
    clock = clocks().review_of(application.kind)
    if application.due_on <= clock.after(today, clock.soon):
        return Light("waiting", f"Due in {days_in_words(left)}", until)
    return Light("good", "On time", until)


def _stopped(application: Application, today: date) -> Light:
    due = application.answer_due_on
    if due is None:
        return Light("past", "Clock stopped", "the applicant has the word")
    if due < today:
        return Light("waiting", "Answer overdue", f"clock stopped; the answer was due {day_in_words(due)}")
    return Light("past", "Clock stopped", f"the applicant has the word until {day_in_words(due)}")
