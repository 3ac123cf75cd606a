"""Doing a step from its page: the form is the table's, and what is refused changes nothing and loses no text."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import OutgoingMail, Role, User
from hcpcs.models import Code
from pcl.models import Listing
from tests.factories.accounts import contractor_person
from tests.factories.verification import (
    again,
    determined,
    in_review,
    information_requested,
    recommended,
    reviewed,
    reviewer,
    submitted,
)
from tests.reviewer.conftest import signed_in
from tests.reviewer.page import main_of, seen_version, text_of
from tests.verification.snapshot import everything_about
from verification.models import Application, Letter, Outcome
from verification.product_groups import reasons
from verification.workflow.perform import perform
from verification.workflow.table import BY_NAME, Actor

THE_CONTRACTORS = [
    name for name, step in BY_NAME.items() if step.actor in {Actor.REVIEWER, Actor.ASSIGNED_REVIEWER, Actor.APPROVER}
]


def address(application: Application, step: str) -> str:
    return f"/review/{application.pk}/act/{step}/"


def in_days(days: int) -> str:
    return (timezone.localdate() + timedelta(days=days)).isoformat()


def changed_meanwhile(application: Application) -> None:
    """By the reviewer, who asks for something and gets it."""
    given = {"items": ["The weight."], "due_on": timezone.localdate() + timedelta(days=5)}
    version = again(application).version
    perform("request_information", application=application, by=application.reviewer, seen_version=version, given=given)
    perform(
        "respond",
        application=application,
        by=application.created_by,
        seen_version=version + 1,
        given={"answers": ["2 kg."]},
    )


@pytest.mark.parametrize("step", ["submit", "respond", "withdraw", "expire", "publish", "start"])
def test_what_is_not_the_contractors_is_not_there(as_robin: Client, step: str) -> None:
    application = information_requested()
    before = everything_about(application)
    assert as_robin.get(address(application, step)).status_code == 404
    assert as_robin.post(address(application, step), {"seen_version": application.version}).status_code == 404
    assert everything_about(application) == before


@pytest.mark.parametrize("step", THE_CONTRACTORS)
def test_the_form_is_drawn_from_the_table(step: str, robin: User) -> None:
    everything = signed_in(contractor_person(Role.REVIEWER, Role.APPROVER))
    application = recommended()
    form = everything.get(address(application, step)).context["form"]
    assert list(form.fields) == ["seen_version", *[given.name for given in BY_NAME[step].given]]
    assert [form.fields[given.name].label for given in BY_NAME[step].given] == [
        given.label for given in BY_NAME[step].given
    ]


def test_a_step_that_is_not_possible_now_says_why_and_has_no_form(as_robin: Client, as_avery: Client) -> None:
    closed = determined()
    response = as_robin.get(address(closed, "reject"))
    assert "This application is “Determined” now." in text_of(response)
    assert "<form" not in main_of(response)
    assert "Only a reviewer can do this." in text_of(as_avery.get(address(submitted(), "accept")))


# Rejecting


def test_rejecting_begins_from_a_usual_reason(as_robin: Client) -> None:
    application = submitted()
    reason = reasons().rejection[1]
    form = as_robin.get(address(application, "reject"), {"reason_code": reason.key}).context["form"]
    assert (form["reason_code"].value(), form["text"].value()) == (reason.key, reason.text)
    assert as_robin.get(address(application, "reject"), {"reason_code": "none"}).context["form"]["text"].value() is None


def test_rejecting(as_robin: Client) -> None:
    application = submitted()
    said = {"seen_version": application.version, "reason_code": "no-fda-evidence", "text": "Attach the page."}
    answer = as_robin.post(address(application, "reject"), said, follow=True)
    assert "The application was rejected. No determination was made" in text_of(answer)
    assert again(application).status == "rejected"
    assert again(application).last_log().given == {"reason_code": "no-fda-evidence", "text": "Attach the page."}
    assert OutgoingMail.objects.filter(subject__endswith="was rejected as incomplete").count() == 1


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"reason_code": ""}, "Reason: This field is required."),
        ({"reason_code": "because"}, "Select a valid choice"),
        ({"text": "   "}, "What was missing, and what to do: This field is required."),
        ({"text": "x" * 20_001}, "at most 20000 characters"),
        ({"seen_version": ""}, "This field is required"),
        ({"seen_version": "one"}, "Enter a whole number"),
    ],
)
def test_what_is_missing_is_named_and_the_rest_kept(as_robin: Client, wrong: dict[str, str], says: str) -> None:
    application = submitted()
    before = everything_about(application)
    said = {"seen_version": application.version, "reason_code": "incomplete", "text": "KEEP THIS TEXT"} | wrong
    response = as_robin.post(address(application, "reject"), said)
    assert response.status_code == 400
    assert says in text_of(response) or says in str(response.context["form"].errors)
    assert "text" in wrong or "KEEP THIS TEXT" in main_of(response)
    assert everything_about(application) == before


# Asking


def test_asking_one_item_per_line(robin: User, as_robin: Client) -> None:
    application = in_review(reviewed_by=robin)
    said = {
        "seen_version": application.version,
        "items": "The weight.\r\n\r\n  A photograph. \n",
        "due_on": in_days(10),
    }
    as_robin.post(address(application, "request_information"), said)
    after = again(application)
    assert after.open_items() == ["The weight.", "A photograph."]
    assert after.answer_due_on == timezone.localdate() + timedelta(days=10)


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"due_on": in_days(0)}, 409),
        ({"due_on": in_days(-3)}, 409),
        ({"due_on": "tomorrow"}, 400),
        ({"due_on": ""}, 400),
        ({"items": " \n "}, 400),
        ({"items": "x\n" * 51}, 400),
    ],
)
def test_asking_wrongly_changes_nothing(robin: User, as_robin: Client, wrong: dict[str, str], status: int) -> None:
    application = in_review(reviewed_by=robin)
    before = everything_about(application)
    said = {"seen_version": application.version, "items": "KEEP THIS", "due_on": in_days(10)} | wrong
    response = as_robin.post(address(application, "request_information"), said)
    assert response.status_code == status
    assert "items" in wrong or "KEEP THIS" in main_of(response)
    assert everything_about(application) == before


# Who, and on which page


def test_what_is_somebody_elses_is_refused(as_robin: Client, as_avery: Client) -> None:
    application = in_review()
    before = everything_about(application)
    said = {"seen_version": application.version, "items": "KEEP THIS", "due_on": in_days(10)}
    response = as_robin.post(address(application, "request_information"), said)
    assert response.status_code == 403
    assert "Only the assigned reviewer can do this: Ask the applicant for information." in text_of(response)
    assert "KEEP THIS" in main_of(response)
    assert as_avery.post(address(application, "request_information"), said).status_code == 403
    assert everything_about(application) == before


def test_a_page_that_is_out_of_date_says_what_happened_and_keeps_the_text(robin: User, as_robin: Client) -> None:
    application = in_review(reviewed_by=robin)
    page = as_robin.get(address(application, "reject"))
    changed_meanwhile(application)
    before = everything_about(application)
    said = {"seen_version": seen_version(page), "reason_code": "incomplete", "text": "KEEP THIS TEXT"}
    response = as_robin.post(address(application, "reject"), said)
    assert response.status_code == 409
    text = text_of(response)
    assert "The application was changed after you opened this page." in text
    assert "Robin Reviewer: Ask the applicant for information." in text
    assert f"{application.created_by.name}: Send the answers." in text
    assert "Take for review" not in text
    assert "KEEP THIS TEXT" in main_of(response)
    assert everything_about(application) == before
    # Having looked at it, the reviewer decides again from the page that came back.
    as_robin.post(address(application, "reject"), said | {"seen_version": seen_version(response)})
    assert again(application).status == "rejected"


def test_somebody_else_took_it_first(as_robin: Client) -> None:
    application = submitted()
    perform("accept", application=application, by=reviewer(name="Kim Faster"), seen_version=application.version)
    before = everything_about(application)
    response = as_robin.post(address(application, "accept"), {"seen_version": application.version})
    assert response.status_code == 409
    assert "“In review” now" in text_of(response)
    assert "Reviewer: Kim Faster" in text_of(response)
    assert everything_about(application) == before


def test_a_double_click_takes_once(as_robin: Client) -> None:
    application = submitted()
    for _ in range(2):
        assert as_robin.post(address(application, "accept"), {"seen_version": application.version}).status_code == 302
    assert again(application).log.filter(transition="accept").count() == 1


def test_nothing_is_done_by_looking(as_robin: Client) -> None:
    application = submitted()
    before = everything_about(application)
    as_robin.get(address(application, "accept"))
    as_robin.head(address(application, "accept"))
    assert everything_about(application) == before


def test_a_form_from_another_site_is_refused(robin: User) -> None:
    application = submitted()
    client = Client(enforce_csrf_checks=True)
    client.force_login(robin)
    assert client.post(address(application, "accept"), {"seen_version": application.version}).status_code == 403
    assert again(application).status == "submitted"


# Recommending, returning, determining


def test_recommending(robin: User, as_robin: Client) -> None:
    application = reviewed(reviewed_by=robin)
    answer = as_robin.post(address(application, "recommend"), {"seen_version": application.version}, follow=True)
    assert "Your recommendation waits for an approver." in text_of(answer)
    assert again(application).status == "recommended"


def test_recommending_too_early_is_refused(robin: User, as_robin: Client) -> None:
    application = in_review(reviewed_by=robin)
    before = everything_about(application)
    response = as_robin.post(address(application, "recommend"), {"seen_version": application.version})
    assert "The checklist is not complete." in text_of(response)
    assert everything_about(application) == before


def test_returning(robin: User, as_avery: Client) -> None:
    application = recommended(reviewed_by=robin)
    as_avery.post(address(application, "return"), {"seen_version": application.version, "reason": "Say more."})
    after = again(application)
    assert (after.status, after.reviewer, after.last_log().given) == ("in_review", robin, {"reason": "Say more."})


def test_an_approver_sees_what_will_happen(robin: User, as_avery: Client) -> None:
    application = recommended(reviewed_by=robin, model_numbers=("SO-100", "SO-200"))
    response = as_avery.get(address(application, "determine"))
    text = text_of(response)
    said = ("HCPCS code assigned", "Robin Reviewer", "SO-100", "SO-200", "K1007", application.manufacturer_name)
    assert [words for words in said if words not in text] == []
    assert f"/review/{application.pk}/letter-preview/" in main_of(response)
    form = response.context["form"]
    assert (form["letter_date"].value(), form["begins"].value()) == (timezone.localdate(), timezone.localdate())


def test_a_maker_new_to_the_register_is_announced(as_avery: Client) -> None:
    application = recommended()
    Application.objects.filter(pk=application.pk).update(manufacturer_name="Nobody Knows Them")
    response = as_avery.get(address(application, "determine"))
    assert "Nobody Knows Them (new to the register; it is added)" in text_of(response)


def dates(application: Application, **changed: Any) -> dict[str, Any]:
    return {"seen_version": application.version, "letter_date": in_days(0), "begins": in_days(0)} | changed


def test_determining(as_avery: Client) -> None:
    application = recommended()
    for _ in range(2):  # a double click
        answer = as_avery.post(address(application, "determine"), dates(application), follow=True)
        assert "The determination was made." in text_of(answer)
    assert (Listing.objects.count(), Letter.objects.count()) == (1, 1)
    assert "What was published, and the letters" in text_of(answer)


def test_where_no_code_is_assigned_no_begin_date_is_asked(as_avery: Client) -> None:
    application = recommended(outcome=Outcome.NO_CODE)
    page = as_avery.get(address(application, "determine"))
    assert "Nothing is published: no HCPCS code is assigned." in text_of(page)
    assert "begins" not in page.context["form"].fields
    as_avery.post(address(application, "determine"), {"seen_version": application.version, "letter_date": in_days(0)})
    assert again(application).status == "determined"
    assert Listing.objects.count() == 0


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"begins": ""}, 400),
        ({"begins": "2026-02-30"}, 400),
        ({"begins": "1900-01-01"}, 409),
        ({"letter_date": ""}, 400),
        ({"letter_date": in_days(30)}, 409),
    ],
)
def test_dates_that_do_not_fit_come_back(as_avery: Client, wrong: dict[str, str], status: int) -> None:
    application = recommended()
    before = everything_about(application)
    assert as_avery.post(address(application, "determine"), dates(application, **wrong)).status_code == status
    assert everything_about(application) == before


def test_a_code_that_ended_is_refused_in_words(as_avery: Client) -> None:
    application = recommended()
    Code.objects.filter(code="K1007").update(terminated=timezone.localdate() - timedelta(days=1))
    before = everything_about(application)
    response = as_avery.post(address(application, "determine"), dates(application))
    assert response.status_code == 403
    assert "K1007 ended on" in text_of(response)
    assert everything_about(application) == before


@pytest.mark.django_db
def test_who_recommended_is_refused_with_the_reason() -> None:
    both = contractor_person(Role.REVIEWER, Role.APPROVER)
    application = recommended(reviewed_by=both)
    before = everything_about(application)
    client = signed_in(both)
    reason = "You recommended this determination. Another approver has to decide on it."
    assert reason in text_of(client.get(address(application, "determine")))
    response = client.post(address(application, "determine"), dates(application))
    assert response.status_code == 403
    assert reason in text_of(response)
    assert everything_about(application) == before
