"""Assigning from the pages: from the dossier, from ticked rows, and all that a filter finds."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Role, User
from tests.factories.accounts import contractor_person
from tests.factories.verification import again, in_review, manufacturer, recommended, reviewer, submitted
from tests.reviewer.conftest import signed_in
from tests.reviewer.page import main_of, text_of
from tests.verification.snapshot import everything_about
from verification.models import Application
from verification.reviewer.views import assignment as assignment_view

PAGE = "/review/assignment/"


def outcomes(response: Any) -> dict[Application, str]:
    return {each.application: each.refusal for each in response.context["results"]}


def sent(response: Any) -> dict[str, str]:
    """What the page's button would send."""
    return {
        "chosen": response.context["chosen"].written,
        "to": str(response.context["reviewer"].pk),
        "confirm": "1",
    }


def test_reassigning_from_the_dossier(as_avery: Client, robin: User) -> None:
    application = in_review()
    assert "Give to another reviewer" in text_of(as_avery.get(f"/review/{application.pk}/"))
    address = f"/review/{application.pk}/act/reassign/"
    offered = as_avery.get(address).context["form"].fields["reviewer"].queryset
    assert list(offered) == [robin]
    answer = as_avery.post(address, {"seen_version": application.version, "reviewer": robin.pk}, follow=True)
    assert "The application has another reviewer." in text_of(answer)
    assert again(application).reviewer == robin
    assert "New reviewer: Robin Reviewer" in text_of(as_avery.get(f"/review/{application.pk}/history/"))


@pytest.mark.parametrize("to", ["", "0", "x", "current"])
def test_nobody_who_reviews(as_avery: Client, to: str) -> None:
    application = in_review()
    to = str(application.reviewer.pk) if to == "current" else to
    before = everything_about(application)
    said = {"seen_version": application.version, "reviewer": to}
    assert as_avery.post(f"/review/{application.pk}/act/reassign/", said).status_code == 400
    assert everything_about(application) == before


def test_a_reviewer_is_not_offered_to_give_work_away(as_robin: Client, robin: User) -> None:
    application = in_review(reviewed_by=robin)
    assert "another reviewer" not in text_of(as_robin.get(f"/review/{application.pk}/"))
    said = {"seen_version": application.version, "reviewer": reviewer().pk}
    assert as_robin.post(f"/review/{application.pk}/act/reassign/", said).status_code == 403


def test_ticked_rows_are_shown_then_assigned(as_avery: Client, robin: User) -> None:
    waiting, theirs, left = submitted(), in_review(), submitted()
    queue = as_avery.get("/review/")
    assert f'value="{waiting.pk}"' in main_of(queue)
    ticked = {"application": [waiting.pk, theirs.pk], "whose": "all"}
    choosing = as_avery.get(PAGE, ticked)
    assert "2 applications chosen." in text_of(choosing)
    assert "results" not in choosing.context
    preview = as_avery.get(PAGE, {**ticked, "to": robin.pk})
    assert outcomes(preview) == {waiting: "", theirs: ""}
    assert "Assign 2 applications to Robin Reviewer" in text_of(preview)
    assert again(waiting).status == "submitted"
    done = as_avery.post(PAGE + "?whose=all", sent(preview))
    assert "2 applications are now with Robin Reviewer." in text_of(done)
    assert [again(each).reviewer for each in (waiting, theirs, left)] == [robin, robin, None]
    assert done.context["queue_url"] == "/review/?whose=all"


def test_all_that_a_filter_finds(as_avery: Client, robin: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assignment_view, "MOST_AT_ONCE", 2)
    oldest, middle, newest = submitted(), submitted(), submitted()
    submitted(product_name="Something else")
    preview = as_avery.get(PAGE, {"all": "1", "q": "exoskeleton", "sort": "newest", "to": robin.pk})
    assert outcomes(preview) == {newest: "", middle: ""}
    assert "The filter has 1 more" in text_of(preview)
    as_avery.post(PAGE, sent(preview))
    assert [again(each).reviewer for each in (oldest, middle, newest)] == [None, robin, robin]


def test_what_was_done_is_given_to_somebody_else(as_avery: Client, robin: User) -> None:
    application, other = submitted(), reviewer(name="Ola Other")
    preview = as_avery.get(PAGE, {"application": application.pk, "to": robin.pk})
    done = as_avery.post(PAGE, sent(preview))
    again_shown = as_avery.post(PAGE, {"chosen": done.context["again"]})
    assert "1 application chosen." in text_of(again_shown)
    preview = as_avery.post(PAGE, {"chosen": done.context["again"], "to": other.pk})
    assert outcomes(preview) == {application: ""}
    assert again(application).reviewer == robin
    as_avery.post(PAGE, sent(preview))
    assert again(application).reviewer == other


def test_what_changed_after_the_preview_is_left_and_told(as_avery: Client, robin: User) -> None:
    application, other = submitted(), submitted()
    preview = as_avery.get(PAGE, {"application": [application.pk, other.pk], "to": robin.pk})
    somebody = reviewer(name="Quick Quentin")
    signed_in(somebody).post(f"/review/{application.pk}/act/accept/", {"seen_version": application.version})
    done = as_avery.post(PAGE, sent(preview))
    told = outcomes(done)
    assert "changed after you opened this page" in told[application]
    assert told[other] == ""
    assert "1 was left as it was" in text_of(done)
    assert again(application).reviewer == somebody


def test_a_reviewer_takes_those_ticked(as_robin: Client, robin: User) -> None:
    first, second = submitted(), submitted()
    in_review()
    queue = as_robin.get("/review/")
    assert len(re.findall(r'name="application"', main_of(queue))) == 2
    assert "Take those ticked" in text_of(queue)
    preview = as_robin.get(PAGE, {"application": [first.pk, second.pk]})
    assert "Take 2 applications" in text_of(preview)
    as_robin.post(PAGE, sent(preview))
    assert [again(each).reviewer for each in (first, second)] == [robin, robin]


def test_a_reviewer_takes_for_nobody_else(as_robin: Client) -> None:
    application, other = submitted(), reviewer()
    response = as_robin.get(PAGE, {"application": application.pk, "to": other.pk})
    assert response.status_code == 400
    assert "This is not somebody who reviews." in text_of(response)
    said = {"chosen": f"{application.pk}:{application.version}", "to": other.pk, "confirm": "1"}
    assert as_robin.post(PAGE, said).status_code == 400
    assert again(application).reviewer is None


@pytest.mark.parametrize(
    ("question", "status"),
    [
        ({}, 400),
        ({"application": "99999999"}, 400),
        ({"application": "one"}, 400),
        ({"application": "1" * 30}, 400),
        ({"all": "1", "state": "draft"}, 400),
        ({"all": "1", "q": "nothing like it"}, 400),
    ],
)
def test_nothing_chosen(as_avery: Client, robin: User, question: dict[str, str], status: int) -> None:
    application = submitted()
    response = as_avery.get(PAGE, {**question, "to": robin.pk})
    assert response.status_code == status
    assert again(application).reviewer is None


@pytest.mark.parametrize("chosen", ["", "x", "1", "1:x", ":", "9999999:1", "1:1 2"])
def test_nonsense_is_sent(as_avery: Client, robin: User, chosen: str) -> None:
    application = submitted()
    assert as_avery.post(PAGE, {"chosen": chosen, "to": robin.pk, "confirm": "1"}).status_code == 400
    assert again(application).reviewer is None


def test_who_can_do_nothing_with_an_application_chooses_nothing(as_reese: Client) -> None:
    application = submitted()
    assert 'type="checkbox"' not in main_of(as_reese.get("/review/"))
    assert as_reese.get(PAGE, {"application": application.pk}).status_code == 403


def test_an_administrator_assigns(robin: User) -> None:
    application = submitted()
    administrator = signed_in(contractor_person(Role.ADMINISTRATOR))
    preview = administrator.get(PAGE, {"application": application.pk, "to": robin.pk})
    administrator.post(PAGE, sent(preview))
    assert again(application).reviewer == robin


def test_only_what_can_be_given_can_be_ticked(as_avery: Client) -> None:
    waiting = submitted()
    recommended()
    boxes = re.findall(r'name="application"\s+value="(\d+)"', main_of(as_avery.get("/review/")))
    assert boxes == [str(waiting.pk)]


def test_as_many_queries_for_three_as_for_one(as_avery: Client, robin: User) -> None:
    maker = manufacturer()
    three = [submitted(maker) for _ in range(3)]
    counts = []
    for applications in (three[:1], three):
        question = {"application": [each.pk for each in applications], "to": robin.pk}
        as_avery.get(PAGE, question)
        with CaptureQueriesContext(connection) as queries:
            assert len(outcomes(as_avery.get(PAGE, question))) == len(applications)
        counts.append(len(queries))
    assert counts[0] == counts[1]
