from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role, User
from tests.factories.accounts import UserFactory, contractor_person
from tests.factories.verification import (
    STAGES,
    again,
    complete_draft,
    determined,
    in_review,
    information_requested,
    manufacturer,
    recommended,
    rejected,
    reviewer,
    submitted,
    waiting_manufacturer,
)
from tests.reviewer.conftest import signed_in
from tests.reviewer.page import main_of, text_of
from verification.models import Application, Representation
from verification.reviewer.views import queue as queue_view

QUEUE = "/review/"


def shown(client: Client, whose: str = "") -> list[Application]:
    response = client.get(QUEUE, {"whose": whose} if whose else {})
    assert response.status_code == 200
    return [row["application"] for row in response.context["rows"]]


def test_open_work_comes_first_and_among_it_the_oldest(as_robin: Client) -> None:
    with time_machine.travel(datetime(2026, 3, 2, 15, tzinfo=UTC), tick=False) as clock:
        closed = rejected()
        clock.shift(timedelta(days=1))
        older = in_review()
        clock.shift(timedelta(days=1))
        newer = submitted()
        complete_draft()
        assert shown(as_robin) == [older, newer, closed]


def test_each_view_holds_what_it_says_and_its_count(robin: User, as_robin: Client) -> None:
    waiting, mine, closed = submitted(), in_review(reviewed_by=robin), determined(reviewed_by=robin)
    own_recommendation, somebody_elses = recommended(reviewed_by=robin), recommended()
    complete_draft()
    everything = [waiting, mine, own_recommendation, somebody_elses, closed]
    expected = {
        "all": everything,
        "mine": [mine, own_recommendation],
        "unassigned": [waiting],
        "to_approve": [somebody_elses],
        "closed": [closed],
    }
    assert {whose: shown(as_robin, whose) for whose in expected} == expected
    counts = {view.whose: count for view, count, _ in as_robin.get(QUEUE).context["views"]}
    assert counts == {whose: len(held) for whose, held in expected.items()}


def test_a_row_says_whose_it_is_how_old_and_when_the_answer_is_due(as_robin: Client) -> None:
    with time_machine.travel(datetime(2026, 3, 2, 15, tzinfo=UTC), tick=False) as clock:
        application = information_requested(product_name="Gaitmaster", due_in=14)
        clock.shift(timedelta(days=12))
        text = text_of(as_robin.get(QUEUE))
        for said in (
            application.dcn,
            "Gaitmaster",
            application.organization.name,
            "K1007",
            "Information requested",
            application.reviewer.name,
            "12 days",
            "March 16, 2026",
        ):
            assert said in text
        assert "Answer overdue" not in text
        clock.shift(timedelta(days=3))
        assert "Answer overdue" in text_of(as_robin.get(QUEUE))


def test_days_are_the_contractors(as_robin: Client) -> None:
    """Submitted at 23:30 in New York; an hour later it is the next day there, though UTC's day is the same."""
    with time_machine.travel(datetime(2026, 3, 17, 3, 30, tzinfo=UTC), tick=False) as clock:
        submitted()
        assert as_robin.get(QUEUE).context["rows"][0]["age"] == "today"
        clock.shift(timedelta(hours=1))
        assert as_robin.get(QUEUE).context["rows"][0]["age"] == "1 day"


def test_a_reviewer_takes_an_application_from_its_row(robin: User, as_robin: Client) -> None:
    application = submitted()
    address = reverse("review:act", args=[application.pk, "accept"])
    assert address in main_of(as_robin.get(QUEUE))
    answer = as_robin.post(address, {"seen_version": application.version}, follow=True)
    assert "The application is yours to review." in text_of(answer)
    assert again(application).reviewer == robin


def test_others_read_and_take_nothing(as_avery: Client, as_reese: Client) -> None:
    submitted()
    administrator = signed_in(contractor_person(Role.ADMINISTRATOR))
    for client in (as_avery, as_reese, administrator):
        response = client.get(QUEUE)
        assert response.status_code == 200
        assert 'method="post"' not in main_of(response)


@pytest.mark.django_db
def test_it_is_the_contractors_alone() -> None:
    assert signed_in(manufacturer()).get(QUEUE).status_code == 403
    assert signed_in(UserFactory()).get(QUEUE).status_code == 403
    assert Client().get(QUEUE).url.startswith("/accounts/login/")


@pytest.mark.parametrize("whose", ["all", "mine", "unassigned", "to_approve", "closed"])
def test_an_empty_view_says_so(as_robin: Client, whose: str) -> None:
    complete_draft()
    response = as_robin.get(QUEUE, {"whose": whose})
    assert response.context["rows"] == []
    assert response.context["view"].nothing in text_of(response)
    assert "<table" not in main_of(response)


@pytest.mark.parametrize("question", [{"whose": "theirs"}, {"cursor": "x"}, {"whose": "mine", "cursor": "a:b:c"}])
def test_what_is_not_a_view_or_a_page_is_a_bad_request(as_robin: Client, question: dict[str, str]) -> None:
    assert as_robin.get(QUEUE, question).status_code == 400


def test_pages_show_every_application_once(as_robin: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue_view, "ROWS_PER_PAGE", 2)
    applications = [submitted(), submitted(), in_review(), rejected(), determined()]
    expected = sorted(applications, key=lambda a: (a.closed_at is not None, a.submitted_at, a.pk))
    seen, address = [], QUEUE
    while address:
        response = as_robin.get(address)
        seen += [row["application"] for row in response.context["rows"]]
        address = response.context["next_url"]
    assert seen == expected
    back = as_robin.get(response.context["previous_url"])
    assert [row["application"] for row in back.context["rows"]] == expected[2:4]


def test_as_many_queries_for_three_rows_as_for_one(as_robin: Client) -> None:
    information_requested()
    as_robin.get(QUEUE)
    with CaptureQueriesContext(connection) as one:
        as_robin.get(QUEUE)
    submitted(model_numbers=("A", "B"))
    determined()
    with CaptureQueriesContext(connection) as three:
        assert len(shown(as_robin)) == 3
    assert len(three) == len(one)


def test_every_state_but_a_draft_has_its_words_and_tag(as_robin: Client) -> None:
    for make in STAGES.values():
        make()
    labels = {row["application"].get_status_display() for row in as_robin.get(QUEUE).context["rows"]}
    assert labels == {
        "Submitted",
        "In review",
        "Information requested",
        "Recommended",
        "Approved, waits for its day",
        "Determined",
        "Rejected",
        "Withdrawn",
    }


def test_a_registrar_is_led_to_who_waits(as_reese: Client, as_robin: Client) -> None:
    waiting_manufacturer(submitted().organization)
    assert "People who wait for confirmation (1)" in text_of(as_reese.get(QUEUE))
    assert "People who wait" not in text_of(as_robin.get(QUEUE))


def test_what_one_may_not_take_is_neither_offered_nor_counted(as_robin: Client, robin: User) -> None:
    open_ones = [submitted(), submitted()]
    theirs = submitted(product_name="Of a former client")
    Representation.objects.create(
        user=robin, organization=theirs.organization, confirmed_at=timezone.now(), ended_at=timezone.now()
    )
    page = as_robin.get("/review/?whose=unassigned")
    rows = {row["application"]: row for row in page.context["rows"]}
    assert {each: (row["can_be_taken"], row["can_be_chosen"]) for each, row in rows.items()} == {
        open_ones[0]: (True, True),
        open_ones[1]: (True, True),
        theirs: (False, False),
    }
    assert "You have acted for the applicant" in text_of(page)
    assert "Take all 2" in text_of(page)
    chosen = as_robin.get("/review/assignment/", {"all": "1", "whose": "unassigned"}).context["chosen"]
    assert set(chosen.seen) == {each.pk for each in open_ones}
    # Somebody else may take all three.
    assert "Take all 3" in text_of(signed_in(reviewer()).get("/review/?whose=unassigned"))


def test_more_than_can_be_done_at_once_is_said(as_avery: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("verification.reviewer.views.queue.MOST_AT_ONCE", 2)
    for _ in range(3):
        submitted()
    assert "Assign the first 2 of 3" in text_of(as_avery.get("/review/"))
