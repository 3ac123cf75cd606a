"""The page of what waits to be published: by day, with what stands in the way, moved and published together."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Role, User
from hcpcs.models import Code
from pcl.models import Listing, ListingChange
from tests.factories.accounts import contractor_person
from tests.factories.verification import again, approved, determined, manufacturer, recommended
from tests.reviewer.conftest import signed_in
from tests.reviewer.page import main_of, text_of
from tests.verification.snapshot import everything_about
from verification.models import Application, Letter

WAITING = "/review/waiting/"


def in_days(days: int) -> Any:
    return timezone.localdate() + timedelta(days=days)


def day_page(days: int) -> str:
    return f"{WAITING}{in_days(days).isoformat()}/"


def seen(*applications: Application) -> list[str]:
    return [f"{application.pk}-{application.version}" for application in applications]


def test_nothing_waits(as_avery: Client) -> None:
    recommended()
    assert "Nothing waits to be published" in text_of(as_avery.get(WAITING))


def test_they_stand_by_day_with_counts(as_avery: Client, as_reese: Client) -> None:
    approved(publish_on=in_days(5), product_name="Later")
    for name in ("One", "Two"):
        approved(publish_on=in_days(3), product_name=name, model_numbers=("A", "B"))
    context = as_avery.get(WAITING).context
    assert [
        (day.day, day.count, day.listings, [row.application.product_name for row in rows])
        for day, rows in context["days"]
    ] == [
        (in_days(3), 2, 4, ["One", "Two"]),
        (in_days(5), 1, 1, ["Later"]),
    ]
    page = main_of(as_reese.get(WAITING))
    assert "Later" in page
    assert "checkbox" not in page
    assert as_reese.get(day_page(5)).status_code == 403
    assert "Approved and waiting to be published" in text_of(as_avery.get("/review/"))


def test_conflicts_are_named_before_the_day(as_avery: Client) -> None:
    maker = manufacturer()
    first = approved(maker, product_name="Twice", model_numbers=("T-1",))
    second = approved(maker, product_name="twice", model_numbers=("t 1",))
    determined(maker, product_name="Listed Already", model_numbers=("L-1",))
    third = approved(maker, product_name="Other", model_numbers=("L-1",))
    Application.objects.filter(pk=third.pk).update(product_name="Listed  already")
    rows = {row.application.pk: row.conflicts for _, rows in as_avery.get(WAITING).context["days"] for row in rows}
    assert rows == {
        first.pk: [],
        second.pk: [f"{first.dcn} waits to list model t 1 under K1007, too."],
        third.pk: ["Model L-1 is listed under K1007 already."],
    }
    Code.objects.filter(code="K1007").update(terminated=timezone.localdate())
    rows = {row.application.pk: row.conflicts for _, rows in as_avery.get(WAITING).context["days"] for row in rows}
    assert rows[first.pk][0].endswith("before the day of publication.")


def test_the_day_is_tried_and_taken_back(as_avery: Client) -> None:
    maker = manufacturer()
    applications = [approved(maker, product_name="Twice", publish_on=in_days(3)) for _ in range(2)]
    before = [everything_about(each) for each in applications]
    context = as_avery.get(day_page(3)).context
    assert [(len(each.changes), bool(row.conflicts)) for row, each in context["rows"]] == [(1, False), (0, True)]
    assert "Already listed under this code" in context["rows"][1][0].conflicts[0]
    assert [everything_about(each) for each in applications] == before
    assert (Listing.objects.count(), ListingChange.objects.count(), Letter.objects.count()) == (0, 0, 0)
    assert as_avery.get(day_page(4)).status_code == 404
    assert as_avery.get(f"{WAITING}2026-02-31/").status_code == 404


def test_a_day_is_published_together(as_avery: Client) -> None:
    maker = manufacturer()
    first, second = (approved(maker, product_name="Twice", publish_on=in_days(3)) for _ in range(2))
    answer = as_avery.post(day_page(3), {"seen": seen(first, second)}, follow=True)
    assert (again(first).status, again(second).status) == ("determined", "approved")
    assert "1 determination published." in text_of(answer)
    assert f"{second.dcn} was not published. Already listed under this code" in text_of(answer)
    assert again(first).determination.letter_date == timezone.localdate()


def test_nothing_marked_publishes_nothing(as_avery: Client) -> None:
    application = approved(publish_on=in_days(3))
    assert "Nothing was marked" in text_of(as_avery.post(day_page(3), follow=True))
    assert again(application).status == "approved"
    for wrong in ("x", "1-2-3", f"{10**30}-1", "-1", "1-"):
        assert as_avery.post(day_page(3), {"seen": [wrong]}).status_code == 400


def test_reviewers_see_the_day_and_publish_nothing(as_robin: Client) -> None:
    application = approved(publish_on=in_days(3))
    assert "Publish what is marked" not in text_of(as_robin.get(day_page(3)))
    assert as_robin.post(day_page(3), {"seen": seen(application)}).status_code == 403
    assert as_robin.post(f"{WAITING}move/", {"seen": seen(application)}).status_code == 403
    assert again(application).status == "approved"


@pytest.mark.django_db
def test_who_recommended_it_is_told_and_cannot_publish_it() -> None:
    both = contractor_person(Role.REVIEWER, Role.APPROVER)
    application = approved(reviewed_by=both, publish_on=in_days(3))
    client = signed_in(both)
    assert "You recommended it" in text_of(client.get(day_page(3)))
    answer = client.post(day_page(3), {"seen": seen(application)}, follow=True)
    assert "You recommended this determination." in text_of(answer)
    assert again(application).status == "approved"


def test_several_are_moved_at_once(as_avery: Client) -> None:
    first, second, third = (approved(publish_on=in_days(3)) for _ in range(3))
    said = {"seen": [*seen(first), f"{second.pk}-{second.version - 1}"], "publish_on": in_days(9).isoformat()}
    answer = as_avery.post(f"{WAITING}move/", said, follow=True)
    days = [again(each).determination.publish_on for each in (first, second, third)]
    assert days == [in_days(9), in_days(3), in_days(3)]
    assert "1 determination moved." in text_of(answer)
    assert f"{second.dcn} was not moved. The application was changed" in text_of(answer)


@pytest.mark.parametrize(
    ("day", "says"),
    [("", "This field is required"), ("soon", "Enter a valid date"), ("2026-02-31", "Enter a valid date")],
)
def test_a_day_that_is_none_keeps_what_was_marked(as_avery: Client, day: str, says: str) -> None:
    application = approved()
    response = as_avery.post(f"{WAITING}move/", {"seen": seen(application), "publish_on": day})
    assert response.status_code == 400
    assert says in text_of(response)
    assert response.context["marked"] == {application.pk}


def test_queries_do_not_grow_with_what_waits(avery: User, as_avery: Client) -> None:
    counts = []
    for more in (1, 2):
        for _ in range(more):
            approved(model_numbers=("A", "B"))
        as_avery.get(WAITING)
        with CaptureQueriesContext(connection) as queries:
            as_avery.get(WAITING)
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= 12
