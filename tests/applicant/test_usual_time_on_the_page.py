"""What is usual, on the page of somebody who waits; the contractor's own due day is not."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client

from accounts.models import User
from tests.applicant.pages import words
from tests.factories.verification import again, approved, determined, in_review, recommended, submitted
from verification.models import Application

NOW = datetime(2026, 3, 2, 17, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _five_past_reviews(db: None, settings: Any) -> Any:
    settings.USUAL_TIME_LEAST = 5
    with time_machine.travel(NOW, tick=False):
        for days in (10, 20, 30, 40, 95):
            past = determined(product_name=f"Past {days}")
            Application.objects.filter(pk=past.pk).update(submitted_at=NOW - timedelta(days=days))
        cache.clear()
        yield
    cache.clear()


def how_long(client: Client, application: Application) -> Any:
    return client.get(application.get_absolute_url()).context["how_long"]


def test_the_page_says_what_is_usual_and_until_when(client: Client, maker: User) -> None:
    page = words(client.get(submitted(maker).get_absolute_url()))
    assert "Half of such reviews take up to 30 days from submission, which would be April 1, 2026" in page
    assert "nine of ten take up to 95 days , which would be June 5, 2026" in page
    assert "not a promise" in page


def test_it_is_the_same_whatever_goes_on_inside_and_says_no_due_day(client: Client, maker: User) -> None:
    open_ones = [make(maker) for make in (submitted, in_review, recommended, approved)]
    said = {how_long(client, each) for each in open_ones}
    assert len(said) == 1
    assert None not in said
    for each in open_ones:
        due = again(each).due_on
        assert due is not None
        page = words(client.get(each.get_absolute_url()))
        assert f"{due:%B} {due.day}, {due.year}" not in page


def test_longer_than_nine_of_ten(client: Client, maker: User) -> None:
    application = submitted(maker)
    Application.objects.filter(pk=application.pk).update(submitted_at=NOW - timedelta(days=95))
    assert not how_long(client, application).is_past
    Application.objects.filter(pk=application.pk).update(submitted_at=NOW - timedelta(days=96))
    page = words(client.get(application.get_absolute_url()))
    assert "Nine of ten such reviews take up to 95 days from submission; yours takes longer." in page


def test_nothing_is_said_of_too_few_of_another_kind_and_once_it_is_closed(
    client: Client, maker: User, settings: Any
) -> None:
    application = submitted(maker)
    Application.objects.filter(pk=application.pk).update(kind="model_addition")
    assert how_long(client, application) is None
    closed = determined(maker, product_name="Closed")
    assert how_long(client, closed) is None
    settings.USUAL_TIME_LEAST = 50
    cache.clear()
    Application.objects.filter(pk=application.pk).update(kind="initial")
    page = client.get(application.get_absolute_url())
    assert page.context["how_long"] is None
    assert "such reviews take" not in words(page)
