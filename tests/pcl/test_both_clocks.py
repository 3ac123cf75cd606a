"""What was in force on day D, and what the list said on day P about day D: two questions, each with its answer."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.http import QueryDict
from django.test import Client

from hcpcs.models import Code
from pcl.models import EntryVersion, Listing, RegisterEntry
from pcl.queries.listing_filter import ListingFilter
from pcl.services.correct_listing import correct_listing
from pcl.services.end_date_listing import end_date_listing
from pcl.services.follow_catalogue import follow_catalogue
from pcl.services.organizations import rename_organization
from tests.factories.register import make_code, publish

pytestmark = pytest.mark.django_db

JUNE, JULY, AUGUST = (datetime(2026, month, 15, 16, 0, tzinfo=UTC) for month in (6, 7, 8))
NOW = datetime(2026, 9, 1, 12, 0, tzinfo=UTC)


def said(query: str) -> list[tuple[str, str | None]]:
    """The products that the list shows, and their last day."""
    asked = ListingFilter(QueryDict(query), RegisterEntry.objects.all())
    assert asked.is_valid(), asked.errors
    return [
        (entry.product, entry.effective_to.isoformat() if entry.effective_to else None)
        for entry in asked.order.sorted(asked.qs, backward=False)
    ]


@pytest.fixture
def listing() -> Iterator[Listing]:
    """Published in June, ended in July as of June 30, the end corrected in August to July 31; it is September now."""
    with time_machine.travel(JUNE, tick=False):
        listing = publish("ReWalk", begins=date(2026, 1, 1))
    with time_machine.travel(JULY, tick=False):
        end_date_listing(listing=listing, last_day=date(2026, 6, 30), reason="Withdrawn.", by=None)
    with time_machine.travel(AUGUST, tick=False):
        correct_listing(
            listing=listing,
            begins=date(2026, 1, 1),
            last_day=date(2026, 7, 31),
            comment="",
            reason="Misread.",
            by=None,
        )
    with time_machine.travel(NOW, tick=False):
        yield listing


@pytest.mark.parametrize(
    ("as_published", "last_day"),
    [
        ("2026-06-14", "not there"),
        ("2026-06-15T15:59:59.999999Z", "not there"),
        ("2026-06-15T16:00:00Z", None),
        ("2026-06-15T12:00:00-04:00", None),
        ("2026-06-15", None),
        ("2026-07-14", None),
        ("2026-07-15", "2026-06-30"),
        ("2026-08-14", "2026-06-30"),
        ("2026-08-15", "2026-07-31"),
        ("2026-09-01", "2026-07-31"),
        ("", "2026-07-31"),
    ],
)
@pytest.mark.usefixtures("listing")
def test_what_the_list_said(as_published: str, last_day: str | None) -> None:
    expected = [] if last_day == "not there" else [("ReWalk", last_day)]

    assert said(f"status=all&as_published={as_published}") == expected


@pytest.mark.usefixtures("listing")
def test_in_force_on_a_day_as_the_list_stood_on_another() -> None:
    """July 15 was in force by the list of June, was not by the list of July, and is by today's."""
    assert said("on=2026-07-15&as_published=2026-06-20") == [("ReWalk", None)]
    assert said("on=2026-07-15&as_published=2026-07-20") == []
    assert said("on=2026-07-15") == [("ReWalk", "2026-07-31")]


@pytest.mark.usefixtures("listing")
def test_without_a_date_of_service_the_day_of_the_list_counts() -> None:
    assert said("as_published=2026-06-20") == [("ReWalk", None)]
    assert said("as_published=2026-08-20") == []


@pytest.mark.usefixtures("listing")
@pytest.mark.parametrize(
    ("as_published", "message"),
    [
        ("2026-09-02", "Nobody knows yet what the list will say then."),
        (
            "2026-09-01T12:00:00.000001Z",
            "Nobody knows yet what the list will say then. Choose today or an earlier day.",
        ),
        ("2026-08-15T12:00:00", "“2026-08-15T12:00:00” is not a moment that can be read."),
        ("yesterday", "“yesterday” is not a moment that can be read."),
        ("2026-02-30", "“2026-02-30” is not a date that exists."),
        ("0001-01-01", "0001-01-01 is not a plausible date."),
        ("0001-01-01T00:00:00Z", "0001-01-01 is not a plausible date."),
        ("2026-02-30T00:00:00Z", "“2026-02-30T00:00:00Z” is not a moment that can be read."),
    ],
)
def test_a_moment_that_cannot_be_asked_for(as_published: str, message: str, client: Client) -> None:
    answer = client.get("/api/v1/listings/", {"as_published": as_published})

    assert (answer.status_code, answer.json()["parameter"]) == (400, "as_published")
    assert answer.json()["detail"].startswith(message)
    assert client.get("/", {"as_published": as_published}).status_code == 400


@pytest.mark.usefixtures("listing")
def test_page_api_and_export_answer_alike(client: Client) -> None:
    question = {"on": "2026-07-15", "as_published": "2026-06-20"}

    told = client.get("/api/v1/listings/", question).json()["results"]
    lines = b"".join(client.get("/api/v1/exports/listings.csv", question)).decode().splitlines()
    page = client.get("/", question).content.decode()

    assert [(row["product"], row["effective_to"], row["status"]) for row in told] == [("ReWalk", None, "current")]
    assert len(lines) == 2
    assert "ReWalk" in page
    assert client.get("/api/v1/listings/", question | {"as_published": "2026-07-20"}).json()["results"] == []


def test_names_are_those_of_the_time() -> None:
    with time_machine.travel(JUNE, tick=False):
        listing = publish("ReWalk", manufacturer="Argo Technologies")
    with time_machine.travel(JULY, tick=False):
        rename_organization(
            organization=listing.model.product.manufacturer,
            name="ReWalk Robotics",
            since=date(2026, 7, 1),
            source="Attestation",
            reason="Renamed.",
            by=None,
        )
    with time_machine.travel(NOW, tick=False):
        then = ListingFilter(QueryDict("as_published=2026-07-01&q=argo"), RegisterEntry.objects.all()).qs.get()
        now = ListingFilter(QueryDict("q=argo"), RegisterEntry.objects.all()).qs.get()
        not_yet = ListingFilter(QueryDict("as_published=2026-07-01&q=robotics"), RegisterEntry.objects.all()).qs

    assert (then.manufacturer, now.manufacturer, list(not_yet)) == ("Argo Technologies", "ReWalk Robotics", [])


def test_two_changes_within_one_tick_of_the_clock_are_told_apart() -> None:
    with time_machine.travel(JUNE, tick=False):
        listing = publish("ReWalk", begins=date(2026, 1, 1))
        end_date_listing(listing=listing, last_day=date(2026, 6, 30), reason="Withdrawn.", by=None)
    with time_machine.travel(JULY, tick=False):
        assert said("as_published=2026-06-15T16:00:00Z&status=all") == [("ReWalk", None)]
        assert said("as_published=2026-06-15T16:00:00.000001Z&status=all") == [("ReWalk", "2026-06-30")]


def test_a_clock_that_was_set_back_does_not_confuse_the_order() -> None:
    with time_machine.travel(JULY, tick=False):
        listing = publish("ReWalk", begins=date(2026, 1, 1))
    with time_machine.travel(JUNE, tick=False):
        change = end_date_listing(listing=listing, last_day=date(2026, 6, 30), reason="Withdrawn.", by=None)

    assert change.at == JULY.replace(microsecond=1)


def test_a_code_that_cms_ends_ends_what_can_be_billed_and_the_list_of_then_stays() -> None:
    code = make_code("K1032", added=date(2022, 1, 1))
    with time_machine.travel(JUNE, tick=False):
        publish("Sleeve", code=code, begins=date(2024, 1, 1))
        publish("Walker", code="E0147", begins=date(2024, 1, 1))
    with time_machine.travel(JULY, tick=False):
        Code.objects.filter(pk=code.pk).update(terminated=date(2026, 5, 31))

        assert follow_catalogue() == 1
        assert follow_catalogue() == 0
    with time_machine.travel(NOW, tick=False):
        assert said("on=2026-06-10") == [("Walker", None)]
        assert said("on=2026-05-31") == [("Walker", None), ("Sleeve", None)]
        assert said("on=2026-06-10&as_published=2026-06-20") == [("Walker", None), ("Sleeve", None)]
        assert said("status=ended") == [("Sleeve", None)]
    assert EntryVersion.objects.count() == 3


def test_a_listing_whose_code_had_ended_before_it_began_was_never_in_force() -> None:
    code = make_code("K1032", added=date(2022, 1, 1))
    publish("Sleeve", code=code, begins=date(2024, 1, 1))
    Code.objects.filter(pk=code.pk).update(terminated=date(2023, 12, 31))
    follow_catalogue()

    entry = RegisterEntry.objects.get()
    for day in ("2023-06-01", "2023-12-31", "2024-01-01"):
        assert said(f"on={day}") == []
        assert said(f"on={day}&status=future") == []
        assert said(f"on={day}&status=ended") == [("Sleeve", None)]
        assert entry.status_on(date.fromisoformat(day)) == "ended"


def test_an_import_of_codes_brings_the_list_up_to_date(client: Client) -> None:
    """The signal is connected: see hcpcs/services/import_release.py."""
    from hcpcs.signals import catalogue_changed  # noqa: PLC0415

    code = make_code("K1032", added=date(2022, 1, 1))
    publish("Sleeve", code=code, begins=date(2024, 1, 1))
    Code.objects.filter(pk=code.pk).update(terminated=date(2025, 5, 31))

    catalogue_changed.send(sender=Code)

    assert said("on=2025-06-01") == []
