"""The reports: each figure, of whole Eastern days, of one group or kind; the same on the page and in its file."""

import csv
import io
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Role, User
from tests.factories.accounts import contractor_person
from tests.factories.verification import (
    GROUP,
    again,
    complete_draft,
    determined,
    in_review,
    information_requested,
    manufacturer,
    rejected,
    reviewed,
    reviewer,
    submitted,
    withdrawn,
)
from tests.reviewer.conftest import signed_in
from tests.reviewer.page import text_of
from verification.models import Application, Outcome
from verification.queries.reports import BY_KEY, REPORTS, Scope
from verification.services.clocks import expire_overdue
from verification.workflow.perform import perform

REPORTS_PAGE = "/review/reports/"
NOON = datetime(2026, 3, 2, 17, tzinfo=UTC)
MARCH = Scope(date(2026, 3, 1), date(2026, 3, 31))

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


def rows(key: str, scope: Scope = MARCH) -> list[tuple[Any, ...]]:
    return BY_KEY[key].figures(scope).rows


def told(key: str, scope: Scope = MARCH) -> dict[str, tuple[Any, ...]]:
    """Rows by what they are about, without those of noughts only."""
    return {row[0]: row[1:] for row in rows(key, scope) if any(row[1:])}


def test_received_and_closed_by_day_week_and_month(clock: Any) -> None:
    complete_draft()
    clock.move_to(datetime(2026, 3, 3, 4, 59, tzinfo=UTC))
    submitted()
    clock.move_to(datetime(2026, 3, 3, 5, 0, tzinfo=UTC))
    determined()
    rejected()
    withdrawn()
    by_day = rows("received")
    assert len(by_day) == 31
    assert told("received") == {"Mar 2, 2026": (1, 0, 0, 0), "Mar 3, 2026": (3, 1, 1, 1)}
    by_week = told("received", Scope(date(2026, 3, 1), date(2026, 5, 1)))
    assert by_week == {"Mar 2, 2026": (4, 1, 1, 1)}
    by_month = rows("received", Scope(date(2026, 1, 15), date(2026, 12, 31)))
    assert [row[0] for row in by_month][:3] == ["January 2026", "February 2026", "March 2026"]
    assert by_month[2] == ("March 2026", 4, 1, 1, 1)
    assert told("received", Scope(date(2026, 3, 2), date(2026, 3, 2))) == {"Mar 2, 2026": (1, 0, 0, 0)}


def test_pending_by_age_as_it_was_on_the_last_day(clock: Any) -> None:
    old = in_review()
    Application.objects.filter(pk=old.pk).update(submitted_at=NOON - timedelta(days=91))
    submitted()
    clock.shift(timedelta(days=8))
    closed_since = submitted()
    perform("withdraw", application=closed_since, by=closed_since.created_by, seen_version=closed_since.version)
    rejected()
    assert told("pending", Scope(date(2026, 3, 1), date(2026, 3, 2))) == {
        "0 to 7 days": (1, 0),
        "More than 90 days": (1, 91),
    }
    # On the tenth of March, which is today; the rest of the month is ahead.
    assert told("pending") == {"8 to 30 days": (1, 8), "More than 90 days": (1, 99)}
    clock.shift(timedelta(days=10))
    assert told("pending", Scope(date(2026, 3, 1), date(2026, 3, 10)))["8 to 30 days"] == (1, 8)


def test_outcomes_are_told_apart(clock: Any) -> None:
    determined()
    determined(outcome=Outcome.NO_CODE)
    other = determined()
    other.requested_codes.all().delete()
    took_long = determined()
    Application.objects.filter(pk=took_long.pk).update(submitted_at=NOON - timedelta(days=30))
    rejected()
    assert told("outcomes") == {
        "The codes that were asked for": (2, 0),
        "Other codes, or not all that were asked for": (1, 0),
        "No HCPCS Code Assigned": (1, 0),
    }
    assert rows("codes") == [("K1007", 3, 3)]


def test_codes_count_determinations_and_models(clock: Any) -> None:
    determined(model_numbers=("A", "B"))
    determined(outcome=Outcome.NO_CODE)
    assert rows("codes") == [("K1007", 1, 2)]


def test_by_reviewer(clock: Any) -> None:
    robin = reviewer(name="Robin Reviewer")
    first, second = determined(reviewed_by=robin), determined(reviewed_by=robin)
    for application, days in ((first, 10), (second, 20)):
        Application.objects.filter(pk=application.pk).update(submitted_at=NOON - timedelta(days=days))
    in_review(reviewed_by=robin)
    rejected()
    assert rows("reviewers") == [("Robin Reviewer", 2, 0, 0, 10), ("Nobody", 0, 1, 0, None)]


def test_the_applicants_time_is_apart(clock: Any) -> None:
    application = information_requested()
    clock.shift(timedelta(days=4))
    answers = {"answers": ["10 kg", "Attached."]}
    perform(
        "respond", application=application, by=application.created_by, seen_version=application.version, given=answers
    )
    application = again(application)
    clock.shift(timedelta(days=1.5))
    given = {"reason_code": "incomplete", "text": "Missing."}
    perform("reject", application=application, by=application.reviewer, seen_version=application.version, given=given)
    states = told("states")
    assert states["Information requested (the applicant’s time)"] == (1, 4.0, 4.0)
    # Twice: before it was asked, at once, and after the answer.
    assert states["In review (the contractor’s time)"] == (2, 0.8, 1.4)
    assert told("times") == {
        "From submission to the end": (1, 5.5, 5.5),
        "Of it, waiting for the applicant": (1, 4.0, 4.0),
        "Of it, the contractor’s own": (1, 1.5, 1.5),
    }
    # The answer came on the sixth: of a period that ends before, only what had ended then is told.
    assert "Information requested (the applicant’s time)" not in told(
        "states", Scope(date(2026, 3, 1), date(2026, 3, 5))
    )
    assert rows("times", Scope(date(2026, 3, 1), date(2026, 3, 5))) == []


def test_what_is_late(clock: Any) -> None:
    for days, bring in ((90, submitted), (91, submitted), (90, rejected), (93, rejected)):
        application = bring()
        since = NOON - timedelta(days=days)
        due = timezone.localdate(since) + timedelta(days=90)
        Application.objects.filter(pk=application.pk).update(submitted_at=since, due_on=due)
    assert rows("overdue") == [
        ("Open now, in time", 1, None),
        ("Open now, overdue", 1, 1),
        ("Closed in the period, in time", 1, None),
        ("Closed in the period, late", 1, 3),
    ]


def test_reasons_of_rejections_also_of_those_that_ended_by_themselves(clock: Any) -> None:
    rejected()
    information_requested(due_in=1)
    clock.shift(timedelta(days=2))
    assert expire_overdue() == 1
    assert sorted(rows("rejections")) == [
        ("No answer by the day on which it was due", 1),
        ("No evidence of FDA registration", 1),
    ]


def test_a_report_of_one_group_or_kind_leaves_out_the_others(clock: Any) -> None:
    determined()
    elsewhere, other_kind = determined(), determined()
    Application.objects.filter(pk=elsewhere.pk).update(product_group="some-other-group")
    Application.objects.filter(pk=other_kind.pk).update(kind="model_addition")
    of_group = Scope(MARCH.first, MARCH.last, group=GROUP)
    of_kind = Scope(MARCH.first, MARCH.last, kind="model_addition")
    of_both = Scope(MARCH.first, MARCH.last, group=GROUP, kind="initial")
    for key, column in (("received", 0), ("outcomes", 0), ("codes", 0), ("reviewers", 0), ("reconsiderations", 0)):
        totals = [
            sum(row[1 + column] or 0 for row in rows(key, scope) if row[0] != "All of them")
            for scope in (MARCH, of_group, of_kind, of_both)
        ]
        assert totals == [3, 2, 1, 1], key
    assert [rows("times", scope)[0][1] for scope in (MARCH, of_group, of_kind, of_both)] == [3, 2, 1, 1]


def test_nothing_is_said_so_in_every_report(as_robin: Client) -> None:
    complete_draft()
    page = as_robin.get(REPORTS_PAGE)
    assert page.status_code == 200
    text = text_of(page)
    assert [report.key for report in REPORTS if report.nothing not in text] == []
    assert "Download" not in text


def test_page_and_files_hold_the_same(as_robin: Client, clock: Any) -> None:
    determined()
    rejected()
    asked = {"first": "2026-03-01", "last": "2026-03-31", "group": GROUP}
    page = as_robin.get(REPORTS_PAGE, asked)
    for each in page.context["shown"]:
        response = as_robin.get(each["csv"])
        lines = list(csv.reader(io.StringIO(b"".join(response.streaming_content).decode())))  # type: ignore[attr-defined]
        figures = each["figures"]
        expected = [["" if cell is None else str(cell) for cell in row] for row in (figures.columns, *figures.rows)]
        assert lines == expected


def test_a_reviewers_name_that_looks_like_a_formula_is_harmless(as_robin: Client) -> None:
    rejected_by = reviewer(name="=Robin()")
    application = reviewed(reviewed_by=rejected_by)
    given = {"reason_code": "incomplete", "text": "Missing."}
    perform("reject", application=application, by=rejected_by, seen_version=application.version, given=given)
    response = as_robin.get(f"{REPORTS_PAGE}reviewers.csv")
    assert "'=Robin()" in b"".join(response.streaming_content).decode()  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"first": "March"}, "is not a date"),
        ({"first": "2026-03-02", "last": "2026-03-01"}, "before the first one"),
        ({"first": "0001-01-01"}, "cannot be meant"),
        ({"last": "9999-12-31"}, "cannot be meant"),
        ({"group": "no-such"}, "no-such"),
        ({"kind": "gossip"}, "gossip"),
    ],
)
def test_what_cannot_be_asked_is_said(as_robin: Client, asked: dict[str, str], said: str) -> None:
    page = as_robin.get(REPORTS_PAGE, asked)
    assert (page.status_code, said in page.content.decode()) == (400, True)
    export = as_robin.get(f"{REPORTS_PAGE}codes.csv", asked)
    assert (export.status_code, said in export.content.decode()) == (400, True)


def test_there_is_no_such_report(as_robin: Client) -> None:
    assert as_robin.get(f"{REPORTS_PAGE}gossip.csv").status_code == 404


def test_usual_periods_lead_to_dates_that_stay(as_robin: Client, clock: Any) -> None:
    links = {name: url for name, url, _ in as_robin.get(REPORTS_PAGE, {"group": GROUP}).context["shortcuts"]}
    assert links == {
        "This month": f"?first=2026-03-01&last=2026-03-31&group={GROUP}",
        "Last month": f"?first=2026-02-01&last=2026-02-28&group={GROUP}",
        "This quarter": f"?first=2026-01-01&last=2026-03-31&group={GROUP}",
        "Last quarter": f"?first=2025-10-01&last=2025-12-31&group={GROUP}",
        "This year": f"?first=2026-01-01&last=2026-12-31&group={GROUP}",
        "Last year": f"?first=2025-01-01&last=2025-12-31&group={GROUP}",
    }


def test_an_applicant_sees_no_report() -> None:
    assert signed_in(manufacturer()).get(REPORTS_PAGE).status_code == 403
    assert signed_in(contractor_person(Role.AUDITOR)).get(REPORTS_PAGE).status_code == 200


def test_it_costs_the_same_for_one_and_for_three(as_robin: Client, robin: User) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            as_robin.get(REPORTS_PAGE)
        return len(asked)

    determined()
    one = queries()
    determined()
    determined()
    assert queries() == one
    assert one < 15
