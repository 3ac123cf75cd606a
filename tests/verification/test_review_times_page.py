"""What everybody is told of how long reviews take: numbers that are large enough, and nobody's in particular."""

import csv
import io
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from tests.factories.verification import GROUP, complete_draft, determined, rejected, reviewer, submitted, withdrawn
from tests.reviewer.page import text_of
from verification.models import Application
from verification.queries.review_figures import review_figures, without_small

PAGE = "/review-times/"
NOW = datetime(2026, 8, 3, 16, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        ({"a": 9, "b": 5}, {"a": 9, "b": 5}),
        # One alone could be reckoned from the total: the next smallest goes with it.
        ({"a": 9, "b": 6, "c": 4}, {"a": 9, "b": None, "c": None}),
        ({"a": 9, "b": 6, "c": 0}, {"a": 9, "b": None, "c": None}),
        ({"a": 9, "b": 4, "c": 1}, {"a": 9, "b": None, "c": None}),
        ({"a": 4}, {"a": None}),
        ({}, {}),
    ],
)
def test_small_numbers_and_what_would_tell_them_are_left_out(counts: dict[str, int], told: dict[str, Any]) -> None:
    assert without_small(counts, 5) == told


def of_last_quarter(application: Application, group: str = GROUP) -> None:
    then = datetime(2026, 5, 4, 16, tzinfo=UTC)
    closed = {"closed_at": then} if application.closed_at else {}
    Application.objects.filter(pk=application.pk).update(submitted_at=then, product_group=group, **closed)


@pytest.mark.django_db
def test_quarters_count_what_happened_in_them(settings: Any) -> None:
    settings.FIGURES_LEAST = 2
    for bring in (determined, determined, rejected, rejected, withdrawn, submitted):
        of_last_quarter(bring())
    complete_draft()
    submitted()
    quarters = {quarter.first: quarter.counts for quarter in review_figures()[GROUP]}
    assert quarters[date(2026, 4, 1)] == {"received": 6, "determined": 2, "rejected": 2, "withdrawn": None}
    assert quarters[date(2026, 7, 1)] == dict.fromkeys(("received", "determined", "rejected", "withdrawn"))
    assert next(iter(quarters)) == date(2024, 7, 1)
    assert len(quarters) == 9


@pytest.mark.django_db
def test_a_group_with_few_does_not_show_through_the_total(client: Client, settings: Any) -> None:
    settings.FIGURES_LEAST = 2
    for group in (GROUP, GROUP, GROUP, "surgical-dressings", "surgical-dressings", "walkers"):
        of_last_quarter(submitted(), group)
    spring = {
        slug: quarter.counts["received"]
        for slug, quarters in review_figures().items()
        for quarter in quarters
        if quarter.first == date(2026, 4, 1)
    }
    told = {slug: spring[slug] for slug in ("", GROUP, "surgical-dressings", "walkers")}
    assert told[""] == 6
    assert told["walkers"] is None
    # Whatever other groups there are, two at the least are left out: six is not five and one.
    assert sum(count is None for slug, count in spring.items() if slug) >= 2
    assert sum(count or 0 for slug, count in spring.items() if slug) < 6
    assert "Not told" in text_of(client.get(PAGE, {"group": "walkers"})) or "no number is told" in text_of(
        client.get(PAGE, {"group": "walkers"})
    )


@pytest.mark.django_db
def test_nobody_and_nothing_internal_is_told(client: Client, settings: Any) -> None:
    settings.FIGURES_LEAST = settings.USUAL_TIME_LEAST = 1
    robin = reviewer(name="Robin Reviewer")
    application = determined(reviewed_by=robin, product_name="Secret Walker")
    for path in (PAGE, f"{PAGE}figures.csv", f"{PAGE}usual.csv", f"{PAGE}figures.json"):
        page = client.get(path).content.decode()
        for secret in ("Robin Reviewer", "Secret Walker", application.dcn or "", application.organization.name):
            assert secret not in page


@pytest.mark.django_db
def test_page_and_files_tell_the_same(client: Client, settings: Any) -> None:
    settings.FIGURES_LEAST = settings.USUAL_TIME_LEAST = 1
    application = determined()
    Application.objects.filter(pk=application.pk).update(submitted_at=NOW - timedelta(days=12))
    page = client.get(PAGE, {"group": GROUP})
    assert [(row["kind"], row["usual"].half_days) for row in page.context["usual"]] == [("Initial application", 12)]
    assert "12 days" in text_of(page)
    usual = list(csv.DictReader(io.StringIO(client.get(f"{PAGE}usual.csv").content.decode())))
    assert [(row["product_group"], row["half_days"]) for row in usual] == [("", "12"), (GROUP, "12")]
    told = client.get(f"{PAGE}figures.json").json()
    assert told["usual_times"][1]["half_days"] == 12
    rows = list(csv.DictReader(io.StringIO(client.get(f"{PAGE}figures.csv").content.decode())))
    assert [row["received"] or None for row in rows] == [
        str(each["received"]) if each["received"] is not None else None for each in told["quarters"]
    ]
    assert {(row["product_group"], row["quarter_begins"]) for row in rows if row["received"] == "1"} >= {
        (GROUP, "2026-07-01")
    }


@pytest.mark.django_db
def test_an_empty_register_says_so(client: Client) -> None:
    text = text_of(client.get(PAGE))
    assert "Too few determinations so far" in text
    assert "no number is told" in text


@pytest.mark.django_db
def test_a_group_that_there_is_not(client: Client) -> None:
    page = client.get(PAGE, {"group": "gossip"})
    assert (page.status_code, "There is no product group “gossip”" in page.content.decode()) == (400, True)
