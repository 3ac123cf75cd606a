"""Days counted, and the file that says how many."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from hypothesis import HealthCheck, given
from hypothesis import settings as how
from hypothesis import strategies as st

from verification.clocks import Clock, clocks
from verification.clocks.check import clocks_can_be_used
from verification.clocks.clock import Counted, WorkingDays
from verification.clocks.loader import read_clocks
from verification.models.application import ApplicationKind
from verification.workflow.clock import NOT_STARTED, clock_of, one_step_on

CALENDAR = Clock(90, Counted.CALENDAR)
BUSINESS = Clock(90, Counted.BUSINESS, WorkingDays(frozenset({date(2026, 12, 24)})))
days = st.dates(date(2019, 1, 1), date(2035, 12, 31))
numbers = st.integers(-200, 200)


def test_calendar_days() -> None:
    assert CALENDAR.due(date(2026, 1, 1)) == date(2026, 4, 1)
    assert CALENDAR.between(date(2026, 1, 1), date(2026, 4, 1)) == 90


@pytest.mark.parametrize(
    ("start", "number", "expected"),
    [
        (date(2026, 7, 1), 1, date(2026, 7, 2)),
        # July 4, 2026 is a Saturday: the Friday before is off.
        (date(2026, 7, 2), 1, date(2026, 7, 6)),
        (date(2026, 7, 3), 1, date(2026, 7, 6)),
        (date(2026, 7, 4), 1, date(2026, 7, 6)),
        # December 24 is named, 25 is Christmas, and the weekend follows.
        (date(2026, 12, 23), 1, date(2026, 12, 28)),
        # New Year's Day 2028 is a Saturday, observed in the year before.
        (date(2027, 12, 30), 1, date(2028, 1, 3)),
        (date(2026, 7, 4), 0, date(2026, 7, 4)),
        (date(2026, 7, 6), -1, date(2026, 7, 2)),
        (date(2026, 7, 5), -1, date(2026, 7, 1)),
    ],
)
def test_business_days(start: date, number: int, expected: date) -> None:
    assert BUSINESS.after(start, number) == expected


@given(start=days, number=numbers, clock=st.sampled_from([CALENDAR, BUSINESS]))
def test_what_is_counted_on_is_counted_back(start: date, number: int, clock: Clock) -> None:
    assert clock.between(start, clock.after(start, number)) == number


@given(first=days, second=days, third=days, clock=st.sampled_from([CALENDAR, BUSINESS]))
def test_counting_in_two_parts_is_counting_once(first: date, second: date, third: date, clock: Clock) -> None:
    assert clock.between(first, second) + clock.between(second, third) == clock.between(first, third)


@given(start=days, number=st.integers(1, 200))
def test_a_due_day_is_a_day_of_work(start: date, number: int) -> None:
    due = BUSINESS.after(start, number)
    assert due in BUSINESS.working_days
    assert due - start >= timedelta(days=number)


# Step by step and from the log

STATES = st.lists(
    st.tuples(
        st.sampled_from(["submitted", "in_review", "information_requested", "recommended", "determined"]),
        st.integers(0, 40),
    ),
    max_size=12,
)


@how(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    states=STATES,
    start=st.dates(date(2021, 1, 1), date(2030, 1, 1)),
    counted=st.sampled_from(Counted),
    length=st.integers(1, 120),
)
def test_what_is_used_and_what_is_left_is_the_whole(
    states: list[tuple[str, int]], start: date, counted: Counted, length: int
) -> None:
    """Held against counting by hand: the clock's days between the steps at which it ran."""
    rule = Clock(length, counted)
    source, day, used, reading = "draft", start, 0, NOT_STARTED
    steps = []
    for target, later in [("submitted", 0), *states]:
        then = day + timedelta(days=later)
        if source not in {"draft", "information_requested"}:
            used += rule.between(day, then)
        steps.append((source, target, then))
        reading = one_step_on(reading, source=source, target=target, day=then, clock=rule)
        source, day = target, then
        if target == "determined":
            break
        left = rule.between(day, reading.due_on) if reading.due_on else reading.days_left
        assert left == length - used
        assert (reading.due_on is None) == (target == "information_requested")
    assert clock_of(steps, rule) == reading


def test_the_file_that_comes_with_the_register() -> None:
    found = clocks()
    assert set(found.review) == set(ApplicationKind.values)
    assert (found.review_of("initial").days, found.review_of("reconsideration").days) == (90, 45)
    assert {clock.counted for clock in found.review.values()} == {Counted.CALENDAR}
    assert (found.answer.days, found.answer.longest, found.answer.remind_before) == (14, 365, (7, 1))
    assert clocks_can_be_used() == []


def written(tmp_path: Path, old: str, new: str) -> Path:
    text = (Path(__file__).parents[2] / "verification" / "clocks" / "clocks.toml").read_text()
    assert old in text
    path = tmp_path / "clocks.toml"
    path.write_text(text.replace(old, new, 1))
    return path


def test_an_installation_has_its_own(tmp_path: Path, settings: Any) -> None:
    path = written(tmp_path, 'days = 90\ncounted = "calendar"', 'days = 60\ncounted = "business"')
    path.write_text(path.read_text().replace("extra_days_off = []", "extra_days_off = [2026-12-24]"))
    settings.CLOCKS_FILE = path
    assert clocks().review_of("initial").due(date(2026, 12, 23)) == BUSINESS.after(date(2026, 12, 23), 60)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("days = 90", "days = 0", "review.initial.days is a whole number from 1 to 1000."),
        ("days = 90", "days = 1001", "review.initial.days is a whole number from 1 to 1000."),
        ("days = 90", "days = true", "review.initial.days is a whole number from 1 to 1000."),
        ("days = 90", 'days = "90"', "review.initial.days is a whole number from 1 to 1000."),
        ("days = 90", "", "review.initial lacks 'days'."),
        ("soon = 14", "sooner = 14", "review.initial has 'sooner', which means nothing here."),
        ('counted = "calendar"\nsoon', 'counted = "working"\nsoon', 'review.initial.counted is "calendar" or'),
        ("[review.initial]", "[review.first]", "review lacks 'initial'. review has 'first'"),
        ("[review.initial]", "[[review.initial]]", "review.initial is a table."),
        ("extra_days_off = []", 'extra_days_off = ["2026-12-24"]', "extra_days_off holds something that is not a day"),
        ("inauguration_day = false", "inauguration_day = 1", "inauguration_day is true or false."),
        ("inauguration_day = false", "", "The file lacks 'inauguration_day'."),
        ("[7, 1]", "[7, 0]", "answer.remind_before is a list of whole numbers from 1 to 1000."),
        ("[30]", "30", "authorization.remind_before is a list of whole numbers from 1 to 1000."),
        ("[authorization]", "[authorizations]", "The file lacks 'authorization'. The file has 'authorizations'"),
        ("[7, 1]", "[7, 7]", "answer.remind_before names a day twice."),
        ("[answer]", "[answers]", "The file lacks 'answer'. The file has 'answers'"),
        ("[review.initial]", "[review.initial", "cannot be read as a file of clocks"),
    ],
)
def test_what_is_wrong_in_a_file_is_said(tmp_path: Path, settings: Any, old: str, new: str, says: str) -> None:
    path = written(tmp_path, old, new)
    with pytest.raises(ImproperlyConfigured) as error:
        read_clocks(path)
    assert str(path) in str(error.value)
    assert says in str(error.value)
    settings.CLOCKS_FILE = path
    assert [each.id for each in clocks_can_be_used()] == ["verification.E001"]


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ImproperlyConfigured, match="cannot be read as a file of clocks"):
        read_clocks(tmp_path / "none.toml")
