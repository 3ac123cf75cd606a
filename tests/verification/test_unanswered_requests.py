"""Closing what was not answered, at any number and whatever stands in the way; and whom to remind."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from tests.factories.verification import again, information_requested
from verification.models import Application
from verification.services import clocks
from verification.services.clocks import SomeStayedOpen, expire_overdue
from verification.workflow.perform import perform

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)


@pytest.mark.parametrize("chunk", [1, 2, 3, 200])
def test_each_is_closed_once_however_many_are_read_at_a_time(chunk: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clocks, "CHUNK", chunk)
    with time_machine.travel(NOW, tick=False) as now:
        overdue = [information_requested(due_in=days) for days in (3, 1, 2, 1)]
        due_today = information_requested(due_in=4)
        now.shift(timedelta(days=4))
        assert expire_overdue() == 4
    assert [again(each).status for each in overdue] == ["rejected"] * 4
    assert again(due_today).status == "information_requested"


def test_one_that_cannot_be_closed_keeps_none_of_the_others_open(monkeypatch: pytest.MonkeyPatch) -> None:
    with time_machine.travel(NOW, tick=False) as now:
        broken, sound = information_requested(due_in=1), information_requested(due_in=1)

        def breaking(name: str, *, application: Application, **rest: Any) -> Any:
            if application.pk == broken.pk:
                raise OSError("no space left on device")
            return perform(name, application=application, **rest)

        monkeypatch.setattr(clocks, "perform", breaking)
        now.shift(timedelta(days=2))
        with pytest.raises(SomeStayedOpen, match="1 of 2 could not be closed"):
            expire_overdue()
        assert [again(each).status for each in (broken, sound)] == ["information_requested", "rejected"]
        monkeypatch.undo()
        assert expire_overdue() == 1


def test_an_answer_that_comes_meanwhile_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read as overdue, then changed before its turn: the version that was read no longer holds."""
    with time_machine.travel(NOW, tick=False) as now:
        application = information_requested(due_in=1)
        now.shift(timedelta(days=2))
        monkeypatch.setattr(clocks, "_overdue", lambda _: [(application.pk, application.version - 1)])
        assert expire_overdue() == 0
    assert again(application).status == "information_requested"
