"""The counts say at any time what the entries say, and the pictures, tables and files say what the counts say."""

import csv
import io
import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest
import time_machine
from django.db.models import F
from django.test import Client

from pcl.models import Listing, ListingCount, RegisterEntry
from pcl.public.statistics_charts import column_chart, course_chart
from pcl.queries.listing_statistics import Month, Scope, by_code, by_group, course, last_day_of, month_after, next_ends
from pcl.queries.listing_status import with_status
from pcl.services.end_date_listing import end_date_listing
from pcl.services.recount_listings import recount_listings
from tests.factories.register import make_code, publish
from tests.reviewer.page import main_of, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
TODAY = date(2024, 6, 15)


@pytest.fixture
def today() -> Iterator[None]:
    with time_machine.travel("2024-06-15T12:00:00-04:00", tick=False):
        yield


def ended(listing: Listing, last_day: date) -> Listing:
    end_date_listing(listing=listing, last_day=last_day, reason="Withdrawn.", by=None)
    return listing


def some_list() -> None:
    """Listings that begin and end on the first, last and other days, under codes that begin late and end early."""
    late = make_code("K0002", added=date(2023, 4, 1))
    publish(code=late, begins=date(2023, 5, 3), classification="Braces")
    over = make_code("K0003", terminated=date(2023, 12, 31))
    publish(code=over, begins=date(2023, 2, 1), classification="Braces")
    ended(publish(code=over, begins=date(2023, 2, 2), classification="Braces"), date(2023, 3, 31))
    ended(publish(code=over, begins=date(2023, 2, 2), classification="Braces"), date(2024, 3, 31))
    amid = make_code("K0004", terminated=date(2024, 2, 10))
    publish(code=amid, begins=date(2023, 1, 31), classification="Beds")
    make_code("K0001")
    for begins, ends in (
        (date(2023, 1, 1), date(2023, 1, 31)),
        (date(2023, 1, 31), date(2023, 2, 1)),
        (date(2023, 3, 15), date(2023, 3, 15)),
        (date(2023, 3, 31), None),
        (date(2024, 6, 15), date(2024, 7, 31)),
        (date(2024, 9, 1), None),
    ):
        listing = publish(code="K0001", begins=begins, classification="Beds")
        if ends:
            ended(listing, ends)


@pytest.mark.parametrize(
    "scope", [Scope(), Scope(code="K0001"), Scope(code="K0003"), Scope(classification="Beds"), Scope("K0003", "Beds")]
)
def test_each_month_counts_what_the_search_finds_on_its_last_day(scope: Scope) -> None:
    some_list()
    months = course(scope, until=date(2025, 1, 1))
    expected = [
        with_status(scope.entries, "current", on=last_day_of(month_after(date(2022, 12, 1), n))).count()
        for n in range(26)
    ]
    assert [0] * (26 - len(months)) + [month.in_force for month in months] == expected
    assert any(expected) is (scope != Scope("K0003", "Beds"))


def test_a_code_that_begins_after_its_listing_counts_from_then_on() -> None:
    code = make_code("K0005", added=date(2023, 1, 1))
    publish(code=code, begins=date(2023, 2, 1))
    code.added = date(2023, 5, 20)
    code.save()
    assert [month.in_force for month in course(Scope(), until=date(2023, 6, 1))] == [0, 0, 0, 1, 1]


def counts() -> list[tuple[object, ...]]:
    rows = ListingCount.objects.exclude(began=0, gone=0, last_days=0).order_by(
        "code_meaning", "classification", "month"
    )
    return list(rows.values_list("code_meaning__code", "classification", "month", "began", "gone", "last_days"))


def test_the_counts_follow_every_way_to_write() -> None:
    some_list()
    kept = counts()
    recount_listings()
    assert counts() == kept
    assert ("K0001", "Beds", date(2023, 1, 1), 2, 0, 1) in kept
    assert ("K0001", "Beds", date(2023, 2, 1), 0, 2, 1) in kept

    # Many at once, also such as change nothing that is counted.
    later = F("changed_at") + timedelta(seconds=1)
    RegisterEntry.objects.filter(classification="Beds").update(classification="Hospital Beds", changed_at=later)
    RegisterEntry.objects.update(comment="Renamed.", changed_at=later)
    kept = counts()
    assert {row[1] for row in kept} == {"Braces", "Hospital Beds"}
    recount_listings()
    assert counts() == kept


def test_the_largest_codes_and_groups() -> None:
    some_list()
    month = date(2023, 3, 1)
    assert [(share.name, share.in_force) for share in by_code(Scope(), month=month)] == [
        ("K0003", 3),
        ("K0001", 1),
        ("K0004", 1),
    ]
    assert [(share.name, share.in_force) for share in by_group(Scope(), month=month)] == [("Braces", 3), ("Beds", 2)]


def test_ends_come_in_order_and_only_of_what_is_in_force() -> None:
    over = make_code("K0003", terminated=date(2024, 5, 31))
    ended(publish("Over with its code", code=over), date(2024, 12, 31))
    ended(publish("Over"), date(2024, 6, 14))
    ended(publish("Begins later", begins=date(2024, 7, 1)), date(2024, 8, 1))
    publish("No end")
    third = ended(publish("Third"), date(2024, 7, 1))
    first = ended(publish("First"), date(2024, 6, 15))
    second = ended(publish("Second", code="E0100"), date(2024, 6, 16))
    assert [row["id"] for row in next_ends(Scope(), on=TODAY)] == [first.pk, second.pk, third.pk]
    assert [row["id"] for row in next_ends(Scope(code="K1007"), on=TODAY)] == [first.pk, third.pk]


def test_the_page_shows_pictures_with_their_tables(client: Client) -> None:
    some_list()
    response = client.get("/statistics/")
    text = text_of(response)
    assert response.status_code == 200
    assert "3 in force at the end of this month, June 30, 2024" in text
    assert [text.count(name) for name in ("Listings by code", "Ending next", "Put on the list last")][1:] == [1, 1]
    html = main_of(response)
    assert html.count('role="img"') == 3
    # Two pictures of bars, which say nothing that their rows do not.
    assert len(re.findall(r"<rect[^>]*height=\"12\"", html)) == 4
    assert "?code=K0001" in html


def test_one_code_or_group_is_in_the_address(client: Client) -> None:
    some_list()
    text = text_of(client.get("/statistics/?code=k0003&years=3"))
    assert "Only K0003 (Short K0003)" in text
    assert "0 in force at the end of this month" in text
    assert "By code" not in text
    text = text_of(client.get("/statistics/?classification=Beds"))
    assert "2 in force at the end of this month" in text
    assert "By product group" not in text


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("code=K9999", "There is no code K9999 in CMS’s files."),
        ("code=%00", "Null characters are not allowed."),
        ("code=';--", "Write the code as one letter and four digits"),
        ("years=7", "“7” cannot be chosen."),
        (f"classification={'x' * 121}", "at most 120 characters"),
    ],
)
def test_what_cannot_be_shown_says_why(client: Client, query: str, words: str) -> None:
    response = client.get(f"/statistics/?{query}")
    assert (response.status_code, words in text_of(response)) == (400, True)
    response = client.get(f"/statistics.csv?{query}")
    assert (response.status_code, words in response.content.decode()) == (400, True)


def test_an_empty_register(client: Client) -> None:
    text = text_of(client.get("/statistics/"))
    assert "Nothing has been in force yet" in text
    assert "No listing has an end date within the next twelve months." in text
    assert client.get("/statistics/?classification=Unheard").status_code == 200
    for table in ("course", "began", "ending", "codes", "groups", "newest", "ends"):
        assert client.get(f"/statistics.csv?table={table}").status_code == 200


def test_a_page_costs_at_most_six_queries(client: Client, count_queries: Callable[[str], int]) -> None:
    publish(code="K0001")
    addresses = ("/statistics/", "/statistics/?code=K0001", "/statistics/?classification=Powered+Orthoses")
    one = [count_queries(address) for address in addresses]
    assert max(one) <= 6
    some = [publish(code=code) for code in ("K0002", "K0003")]
    ended(some[0], date(2024, 12, 31))
    assert [count_queries(address) for address in addresses] == one


def rows(client: Client, query: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(client.get(f"/statistics.csv?{query}").content.decode())))


def test_each_table_is_a_file(client: Client) -> None:
    some_list()
    course_rows = rows(client, "table=course&years=3&code=K0001")
    assert course_rows[:4] == [["on", "in_force"], ["2023-01-31", "2"], ["2023-02-28", "0"], ["2023-03-31", "1"]]
    assert course_rows[-1] == ["2025-06-30", "2"]
    assert rows(client, "table=codes") == [
        ["code", "description", "in_force"],
        ["K0001", "Short K0001", "2"],
        ["K0002", "Short K0002", "1"],
    ]
    assert rows(client, "table=groups") == [["classification", "in_force"], ["Beds", "2"], ["Braces", "1"]]
    assert rows(client, "table=ending")[:3] == [["month", "ending"], ["2024-06", "0"], ["2024-07", "1"]]
    assert rows(client, "table=began")[-1] == ["2024-06", "1"]
    assert rows(client, "table=newest")[0][:3] == ["id", "code", "code_description"]
    assert [row[9] for row in rows(client, "table=ends")] == ["effective_to", "2024-07-31"]
    assert client.get("/statistics.csv?table=secrets").status_code == 400


def test_a_file_holds_no_formula(client: Client) -> None:
    publish("=HYPERLINK(1)", classification="@SUM(1)")
    assert [row[5] for row in rows(client, "table=newest")] == ["product", "'=HYPERLINK(1)"]
    assert rows(client, "table=groups")[1] == ["'@SUM(1)", "1"]


def test_the_code_page_has_the_picture_of_its_code(client: Client) -> None:
    make_code("K0009")
    publish(code="K0001")
    html = client.get("/codes/K0001/").content.decode()
    assert 'aria-label="Listings in force K0001 over time' in html
    assert 'href="/statistics/?code=K0001"' in html
    assert "over time" not in client.get("/codes/K0009/").content.decode()


def months(*in_force: int, first: date) -> list[Month]:
    return [Month(month_after(first, n), count, 0, 0) for n, count in enumerate(in_force)]


def test_the_present_month_is_always_a_point() -> None:
    every = months(*range(1, 400), first=date(1995, 1, 1))
    until = [month for month in every if month.first <= date(2025, 6, 1)]
    for years, count in ((3, 49), (10, 45), (0, 31)):
        chart = course_chart(until, today=TODAY, years=years)
        assert chart is not None
        assert date(2024, 6, 1) in [point.month.first for point in chart.points]
        assert len(chart.points) == count
        assert chart.past.dots[-1] == chart.ahead.dots[0]


def test_heights_are_in_proportion() -> None:
    chart = column_chart([(date(2024, 1, 1), 50), (date(2024, 2, 1), 0), (date(2024, 3, 1), 100)])
    assert chart is not None
    half, whole = chart.columns
    assert (half.height, whole.height) == (68.0, 136.0)
    assert (half.y + half.height, whole.y + whole.height) == (150.0, 150.0)
    assert column_chart([(date(2024, 1, 1), 0)]) is None
    assert course_chart(months(1, first=date(2030, 1, 1)), today=TODAY, years=3) is None
