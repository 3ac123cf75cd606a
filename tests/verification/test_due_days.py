"""The due day of an application: kept step by step, and the same as reckoned from its whole log."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from tests.factories.verification import (
    again,
    complete_draft,
    determined,
    in_review,
    information_requested,
    recommended,
    submitted,
)
from verification.clocks import clocks
from verification.models import Application
from verification.services.due_days import recompute_due_days
from verification.workflow.clock import NOT_STARTED, Reading
from verification.workflow.perform import perform

pytestmark = pytest.mark.django_db

MARCH_2 = datetime(2026, 3, 2, 15, tzinfo=UTC)


def act(name: str, application: Application, by: Any, **given: Any) -> Application:
    perform(name, application=application, by=by, seen_version=application.version, given=given)
    return again(application)


def clock(application: Application) -> tuple[date | None, int | None]:
    found = again(application)
    return found.due_on, found.days_left


def test_it_starts_with_the_submission() -> None:
    with time_machine.travel(MARCH_2, tick=False):
        draft = complete_draft()
        assert clock(draft) == (None, None)
        assert clock(act("submit", draft, draft.created_by)) == (date(2026, 5, 31), None)


def test_the_day_is_the_contractors() -> None:
    """Half past eleven at night in New York, where UTC has the next day already."""
    with time_machine.travel(datetime(2026, 3, 3, 4, 30, tzinfo=UTC), tick=False):
        assert clock(submitted()) == (date(2026, 5, 31), None)


def test_it_stops_while_the_applicant_has_the_word_and_goes_on_with_the_answer() -> None:
    with time_machine.travel(MARCH_2, tick=False) as now:
        application = in_review()
        now.shift(timedelta(days=10))
        asked = {"items": ["The weight."], "due_on": timezone.localdate() + timedelta(days=30)}
        application = act("request_information", application, application.reviewer, **asked)
        assert clock(application) == (None, 80)
        now.shift(timedelta(days=20))
        application = act("respond", application, application.created_by, answers=["2 kg."])
        assert clock(application) == (date(2026, 5, 31) + timedelta(days=20), None)


def test_an_answer_does_not_undo_that_it_is_overdue() -> None:
    with time_machine.travel(MARCH_2, tick=False) as now:
        application = in_review()
        now.shift(timedelta(days=93))
        asked = {"items": ["The weight."], "due_on": timezone.localdate() + timedelta(days=30)}
        application = act("request_information", application, application.reviewer, **asked)
        assert clock(application) == (None, -3)
        now.shift(timedelta(days=5))
        application = act("respond", application, application.created_by, answers=["2 kg."])
        assert clock(application) == (timezone.localdate() - timedelta(days=3), None)


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (recommended, (date(2026, 5, 31), None)),
        (determined, (date(2026, 5, 31), None)),
        (information_requested, (None, 90)),
    ],
)
def test_other_steps_leave_it(make: Callable[..., Application], expected: tuple[date | None, int | None]) -> None:
    with time_machine.travel(MARCH_2, tick=False):
        assert clock(make()) == expected


def test_closed_it_stays_what_it_was() -> None:
    with time_machine.travel(MARCH_2, tick=False):
        waiting = information_requested()
        closed = act("withdraw", waiting, waiting.created_by)
        assert clock(closed) == (None, 90)


@pytest.mark.parametrize(
    "wrong",
    [
        {"due_on": None},
        {"days_left": 4},
        {"due_on": None, "days_left": 4},
    ],
)
def test_the_database_refuses_an_open_application_without_its_clock(wrong: dict[str, Any]) -> None:
    application = submitted()
    with pytest.raises(IntegrityError, match="application_has_a_clock"), transaction.atomic():
        Application.objects.filter(pk=application.pk).update(**wrong)


def stages() -> list[Application]:
    return [complete_draft(), submitted(), in_review(), information_requested(), recommended(), determined()]


def readings() -> dict[int, Reading]:
    return {found.pk: Reading(found.due_on, found.days_left) for found in Application.objects.all()}


def test_reckoned_anew_nothing_changes() -> None:
    with time_machine.travel(MARCH_2, tick=False) as now:
        stages()
        now.shift(timedelta(days=30))
        overdue = information_requested()
        now.shift(timedelta(days=5))
        act("respond", overdue, overdue.created_by, answers=["2 kg.", "Attached."])
    before = readings()
    assert recompute_due_days() == (5, 0)
    assert readings() == before


@pytest.mark.parametrize("chunk", [1, 2, 500])
def test_another_length_reaches_every_open_application(
    chunk: int, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("verification.services.due_days.CHUNK", chunk)
    with time_machine.travel(MARCH_2, tick=False):
        draft, first, second, waiting, fourth, closed = stages()
    path = tmp_path / "clocks.toml"
    path.write_text(Path(settings.CLOCKS_FILE).read_text().replace("days = 90", "days = 60", 1))
    settings.CLOCKS_FILE = path
    assert clocks().review_of("initial").days == 60
    versions = dict(Application.objects.values_list("pk", "version"))
    said = StringIO()
    call_command("recompute_due_days", stdout=said)
    assert said.getvalue() == "4 open applications, 4 of them with a new due day.\n"
    assert readings() == {
        draft.pk: NOT_STARTED,
        first.pk: Reading(date(2026, 5, 1), None),
        second.pk: Reading(date(2026, 5, 1), None),
        waiting.pk: Reading(None, 60),
        fourth.pk: Reading(date(2026, 5, 1), None),
        closed.pk: Reading(date(2026, 5, 31), None),
    }
    # Nobody's open page is stale for it.
    assert dict(Application.objects.values_list("pk", "version")) == versions
    assert recompute_due_days() == (4, 0)
