"""How long reviews usually take: of enough past ones only."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.factories.verification import GROUP, determined, rejected, withdrawn
from verification.models import Application
from verification.queries.usual_time import UsualTime, usual_time

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 17, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _today() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def took(days: int, *, application: Application | None = None, kind: str = "initial") -> None:
    application = application or determined()
    Application.objects.filter(pk=application.pk).update(submitted_at=NOW - timedelta(days=days), kind=kind)


def test_half_and_nine_of_ten_of_the_past_ones(settings: Any) -> None:
    settings.USUAL_TIME_LEAST = 4
    for days in (10, 20, 30, 90):
        took(days)
    # What was not determined had no review of that length; another kind is another question.
    took(400, application=rejected())
    took(400, application=withdrawn())
    took(400, kind="model_addition")
    expected = UsualTime(half_days=20, most_days=90, count=4, since=date(2024, 3, 2))
    assert usual_time(GROUP, "initial") == expected
    assert usual_time("", "initial") == expected
    assert usual_time(GROUP, "model_addition") is None
    assert usual_time("another-group", "initial") is None


def test_nothing_is_said_of_too_few(settings: Any) -> None:
    settings.USUAL_TIME_LEAST = 3
    took(10)
    took(20)
    assert usual_time(GROUP, "initial") is None


def test_what_is_long_past_no_longer_counts(settings: Any) -> None:
    settings.USUAL_TIME_LEAST = 1
    settings.USUAL_TIME_DAYS = 30
    with time_machine.travel(datetime(2026, 1, 30, 17, tzinfo=UTC), tick=False):
        determined()
    assert usual_time(GROUP, "initial") is None
    cache.clear()
    with time_machine.travel(datetime(2026, 1, 31, 6, tzinfo=UTC), tick=False):
        determined()
    # One day at the least: nobody is promised an answer within the hour.
    assert usual_time(GROUP, "initial") == UsualTime(1, 1, 1, date(2026, 1, 31))


def test_days_are_the_contractors_days(settings: Any) -> None:
    settings.USUAL_TIME_LEAST = 1
    application = determined()
    # 11 p.m. on February 28 in the East is March 1 in UTC.
    Application.objects.filter(pk=application.pk).update(submitted_at=datetime(2026, 3, 1, 4, tzinfo=UTC))
    usual = usual_time(GROUP, "initial")
    assert usual is not None
    assert usual.half_days == 2
    assert timezone.localdate() == date(2026, 3, 2)


def test_it_is_reckoned_once_an_hour(settings: Any) -> None:
    settings.USUAL_TIME_LEAST = 1
    took(10)
    usual_time(GROUP, "initial")
    with CaptureQueriesContext(
        connection,
    ) as asked:
        usual_time(GROUP, "initial")
    assert not any("verification_application" in query["sql"] for query in asked.captured_queries)
