"""A reconsideration is offered to, and given to, people who did not decide the first."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Role, User
from tests.factories.accounts import contractor_person
from tests.factories.kinds import complete_reconsideration, recommend, submit
from tests.factories.verification import again, code, determined, reviewer, submitted
from tests.reviewer.conftest import signed_in
from verification.models import Application, Outcome
from verification.queries.queue import Question, asked_for, counts, queue, to_work_on
from verification.reviewer.views.queue import next_to_do
from verification.services.assignment import assign_many


@pytest.fixture
def both(db: None) -> User:
    return contractor_person(Role.REVIEWER, Role.APPROVER)


@pytest.fixture
def asked(both: User) -> Application:
    """A reconsideration of what `both` reviewed, that nobody has taken."""
    return submit(complete_reconsideration(determined(reviewed_by=both)))


def to_approve(user: User) -> tuple[set[Application], int]:
    question, today = Question(whose="to_approve"), timezone.localdate()
    found = asked_for(question, user=user, today=today)
    return set(found), counts(question, user=user, today=today).views["to_approve"]


def test_it_waits_for_another_approver(both: User, asked: Application) -> None:
    waits = recommend(asked, outcome=Outcome.CODES_ASSIGNED, codes=[code()])
    somebody = contractor_person(Role.APPROVER)
    assert to_approve(somebody) == ({waits}, 1)
    assert to_approve(both) == (set(), 0)
    # Who approved the first is kept out as well.
    approved_the_first = waits.reconsiders.approved_by
    assert to_approve(approved_the_first) == (set(), 0)


def test_next_passes_it_over(both: User, asked: Application) -> None:
    other = submitted(product_name="Another")
    first = asked.reconsiders.application
    assert next_to_do(both, after=first) == other
    assert next_to_do(reviewer(), after=first) == asked
    # Whoever looks for it finds it still; only working through passes it over.
    assert set(queue(both, "unassigned")) == {asked, other}
    question, today = Question(whose="unassigned"), timezone.localdate()
    assert set(to_work_on(question, user=both, today=today)) == {other}
    assert set(to_work_on(question, user=reviewer(), today=today)) == {asked, other}


def test_many_at_once_refuses_it_and_does_the_rest(both: User, asked: Application) -> None:
    other = submitted(product_name="Another")
    assigner = contractor_person(Role.ADMINISTRATOR)
    seen = {asked.pk: asked.version, other.pk: other.version}
    page = signed_in(assigner).post(
        "/review/assignment/",
        {"chosen": " ".join(f"{key}:{version}" for key, version in seen.items()), "to": both.pk, "confirm": "1"},
    )
    assert page.status_code == 200
    refusals = {each.application: each.refusal for each in page.context["results"]}
    assert "took part in the determination that is to be reconsidered" in refusals[asked]
    assert refusals[other] == ""
    assert (again(asked).reviewer, again(other).reviewer) == (None, both)


def test_it_is_not_given_on_to_them(both: User, asked: Application) -> None:
    assigner = contractor_person(Role.ADMINISTRATOR)
    (taken,) = assign_many(seen={asked.pk: asked.version}, reviewer=reviewer(), by=assigner)
    now = again(taken.application)
    answer = signed_in(assigner).post(
        f"/review/{now.pk}/act/reassign/", {"seen_version": now.version, "reviewer": both.pk}
    )
    assert answer.status_code in {400, 409}
    assert "took part in the determination" in answer.content.decode()
    (refused,) = assign_many(seen={now.pk: now.version}, reviewer=both, by=assigner)
    assert "took part in the determination" in refused.refusal
    assert again(now).reviewer == now.reviewer


def test_as_many_queries_for_three_as_for_one(both: User) -> None:
    def asked_anew(name: str) -> Application:
        return submit(complete_reconsideration(determined(reviewed_by=both, product_name=name)))

    def queries(applications: list[Application]) -> int:
        given: Any = {each.pk: each.version for each in applications}
        with CaptureQueriesContext(connection) as captured:
            done = assign_many(seen=given, reviewer=both, by=assigner)
        assert all(each.refusal for each in done)
        return len(captured)

    assigner = contractor_person(Role.ADMINISTRATOR)
    every = [asked_anew(name) for name in ("One", "Two", "Three")]
    queries(every)  # the roles of both people are read once
    assert queries(every[:1]) == queries(every)


def test_who_decided_the_first_may_give_it_to_somebody_else(asked: Application) -> None:
    """Giving it away decides nothing: the button is there, and does what it says."""
    first = asked.reconsiders
    assert first is not None
    assert first.approved_by is not None
    client, somebody = signed_in(first.approved_by), reviewer()
    page = client.get(f"/review/{asked.pk}/")
    offers = {offer.step.name: offer.held_up for offer in page.context["offers"]}
    assert offers["assign"] == ""
    answer = client.post(
        f"/review/{asked.pk}/act/assign/", {"seen_version": asked.version, "reviewer": somebody.pk}, follow=True
    )
    assert answer.status_code == 200
    now = again(asked)
    assert now.reviewer == somebody
    offers = {offer.step.name: offer.held_up for offer in client.get(f"/review/{asked.pk}/").context["offers"]}
    assert offers["reassign"] == ""
