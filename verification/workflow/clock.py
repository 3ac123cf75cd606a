"""The clock of a review: it starts with the submission and stops while the applicant has the word.

Only states count, not steps: whoever adds a step to the table need not think of the clock. The same rule twice: one
step on (in perform, in its own transaction) and from a whole log (`clock_of`); tests hold one against the other.
"""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from verification.clocks import Clock
from verification.workflow.states import FINAL, STOPS_THE_CLOCK, Status


class Reading(NamedTuple):
    due_on: date | None
    """The last day in time; None while the clock stops and before it starts."""
    days_left: int | None
    """While the clock stops: what is left of its days, below 0 where they were used up."""


NOT_STARTED = Reading(None, None)


def one_step_on(reading: Reading, *, source: str, target: str, day: date, clock: Clock) -> Reading:
    """What the clock says after a step from `source` to `target` on `day`; closing leaves it as it is."""
    if target in FINAL or target == Status.DRAFT:
        return reading
    if source == Status.DRAFT:
        return Reading(clock.due(day), None)
    stops, stopped = target in STOPS_THE_CLOCK, source in STOPS_THE_CLOCK
    if stops and not stopped and reading.due_on is not None:
        return Reading(None, clock.between(day, reading.due_on))
    if stopped and not stops and reading.days_left is not None:
        return Reading(clock.after(day, reading.days_left), None)
    return reading


def clock_of(steps: Iterable[tuple[str, str, date]], clock: Clock) -> Reading:
    """What the clock says after all `steps`: source, target and US Eastern day of each, oldest first."""
    reading = NOT_STARTED
    for source, target, day in steps:
        reading = one_step_on(reading, source=source, target=target, day=day, clock=clock)
    return reading
