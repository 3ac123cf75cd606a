"""From one application of a filtered queue to the next, without going back to the list."""

from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from tests.factories.verification import (
    again,
    determined,
    in_review,
    information_requested,
    manufacturer,
    recommended,
    reviewed,
    submitted,
)
from tests.reviewer.page import main_of, text_of
from verification.models import Application

REJECTING = {"reason_code": "incomplete", "text": "The page is missing."}


def on(application: Application, queue: str, step: str = "") -> str:
    return f"/review/{application.pk}/{f'act/{step}/' if step else ''}?queue={quote(queue, safe='')}"


def done(client: Client, application: Application, queue: str, step: str, **given: Any) -> Any:
    return client.post(on(application, queue, step), {"seen_version": application.version, **given}, follow=True)


def shown(response: Any) -> Application:
    assert response.status_code == 200
    return response.context["application"]


def test_the_queue_leads_into_it(as_robin: Client) -> None:
    first, second = submitted(), submitted()
    submitted(product_name="Something else")
    queue = as_robin.get("/review/", {"whose": "unassigned", "q": "exoskeleton"})
    assert f'href="{on(first, "whose=unassigned&q=exoskeleton")}"' in main_of(queue)
    response = as_robin.get(on(first, "whose=unassigned&q=exoskeleton"))
    assert response.context["following"] == second
    assert "Not taken · Words: exoskeleton" in text_of(response)
    assert "1 more to work on" in text_of(response)
    assert 'href="/review/?whose=unassigned&amp;q=exoskeleton"' in main_of(response)
    assert f'href="{on(second, "whose=unassigned&q=exoskeleton")}"' in main_of(response)


def test_after_an_act_the_next_one_is_there(as_robin: Client, robin: User) -> None:
    first, second, third = (in_review(reviewed_by=robin) for _ in range(3))
    answer = done(as_robin, second, "whose=mine", "reject", **REJECTING)
    assert shown(answer) == third
    assert f"{second.dcn} : The application was rejected." in text_of(answer)
    assert "1 more to work on" in text_of(answer)
    # Behind the last one comes the first again.
    answer = done(as_robin, third, "whose=mine", "reject", **REJECTING)
    assert shown(answer) == first
    assert "nothing else to work on" in text_of(answer)
    answer = done(as_robin, first, "whose=mine", "reject", **REJECTING)
    assert answer.redirect_chain == [("/review/?whose=mine", 302)]
    assert "Nothing is left in this queue." in text_of(answer)


def test_what_was_taken_is_stayed_on(as_robin: Client) -> None:
    first, second = submitted(), submitted()
    answer = done(as_robin, first, "whose=unassigned", "accept")
    assert shown(answer) == first
    assert answer.context["following"] == second
    assert "The application is yours to review." in text_of(answer)


def test_each_act_of_an_approver_leads_on(as_avery: Client) -> None:
    first, second, third = recommended(), recommended(), recommended()
    assert shown(done(as_avery, first, "whose=to_approve", "return", reason="Say more.")) == second
    today = again(second).submitted_at.date().isoformat()
    answer = done(as_avery, second, "whose=to_approve", "determine", letter_date=today, begins=today)
    assert shown(answer) == third
    assert again(second).status == "determined"


def test_recommending_leads_to_what_is_next_in_hand(as_robin: Client, robin: User) -> None:
    """Not to what waits for an approver or an applicant, though it is still “mine”."""
    first = reviewed(reviewed_by=robin)
    recommended(reviewed_by=robin)
    information_requested(reviewed_by=robin)
    last = in_review(reviewed_by=robin)
    assert shown(done(as_robin, first, "whose=mine", "recommend")) == last
    waiting = as_robin.get(on(last, "whose=mine&state=information_requested"))
    assert waiting.context["left"] == 1


@pytest.mark.parametrize("sort", ["submitted", "due", "newest", "state", "organization"])
def test_it_goes_in_the_order_of_the_queue(as_robin: Client, sort: str) -> None:
    for name in ("Cedar", "Alder", "Beech"):
        submitted(manufacturer(f"{name} Inc."))
    in_review(manufacturer("Zelkova Inc."))
    determined()
    order = [row["application"] for row in as_robin.get("/review/", {"sort": sort}).context["rows"]]
    todo = [application for application in order if application.closed_at is None]
    walked, here = [], todo[0]
    for _ in todo:
        walked.append(here)
        here = as_robin.get(on(here, f"sort={sort}")).context["following"]
    assert walked == todo
    assert here == todo[0]


def test_the_closed_ones_can_be_walked_through(as_robin: Client) -> None:
    first, second = determined(), determined()
    response = as_robin.get(on(second, "whose=closed"))
    assert response.context["following"] == first


def test_a_refusal_keeps_the_walk(as_robin: Client) -> None:
    application = in_review()
    submitted()
    answer = done(as_robin, application, "sort=due", "reject", **REJECTING)
    assert answer.status_code == 403
    assert f'href="{on(application, "sort=due")}"' in main_of(answer)


def test_a_usual_reason_keeps_the_walk(as_robin: Client) -> None:
    page = as_robin.get(on(submitted(), "whose=unassigned", "reject"))
    assert 'href="?queue=whose%3Dunassigned&amp;reason_code=incomplete"' in main_of(page)


@pytest.mark.parametrize("step", ["checklist", "determination"])
def test_the_pages_of_the_review_keep_the_walk(as_robin: Client, robin: User, step: str) -> None:
    application = in_review(reviewed_by=robin)
    assert f'href="/review/{application.pk}/{step}/?queue=whose%3Dmine"' in main_of(
        as_robin.get(on(application, "whose=mine"))
    )


@pytest.mark.parametrize("queue", ["whose=theirs", "state=draft", "x=y", "code=1", "%00", "a" * 500])
def test_a_queue_that_is_none_is_left_alone(as_robin: Client, queue: str) -> None:
    application = submitted()
    response = as_robin.get(on(application, queue))
    assert response.status_code == 200
    assert "walk" not in response.context
    answer = done(as_robin, application, queue, "reject", **REJECTING)
    assert shown(answer) == application


def test_without_a_queue_all_is_as_it_was(as_robin: Client) -> None:
    first, second = submitted(), submitted()
    answer = as_robin.post(f"/review/{first.pk}/act/reject/", {"seen_version": first.version, **REJECTING}, follow=True)
    assert shown(answer) == first
    assert answer.context["next"] == second


def test_as_many_queries_for_three_as_for_one_and_few(as_robin: Client, robin: User) -> None:
    maker = manufacturer()
    application = in_review(maker, reviewed_by=robin)
    in_review(maker, reviewed_by=robin)
    as_robin.get(on(application, "whose=mine"))
    with CaptureQueriesContext(connection) as one:
        as_robin.get(on(application, "whose=mine"))
    for _ in range(2):
        in_review(maker, reviewed_by=robin)
    with CaptureQueriesContext(connection) as three:
        assert as_robin.get(on(application, "whose=mine")).context["left"] == 3
    assert len(three) == len(one)
