"""The dossier: everything about one application on one page."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.models import Role, User
from tests.factories.accounts import contractor_person
from tests.factories.verification import (
    again,
    complete_draft,
    in_review,
    information_requested,
    manufacturer,
    pdf_file,
    recommended,
    rejected,
    reviewed,
    reviewer,
    submitted,
)
from tests.reviewer.conftest import signed_in
from tests.reviewer.page import main_of, text_of
from verification.models import Application, Remark, Visibility
from verification.services.clocks import expire_overdue
from verification.services.documents import attach_to_answer, remove_from_answer
from verification.services.review import remark
from verification.workflow.perform import perform


def page(application: Application) -> str:
    return f"/review/{application.pk}/"


def test_everything_submitted_is_there(as_robin: Client) -> None:
    application = submitted(
        product_name="StrideOne", model_numbers=("SO-100", "SO-200"), distributor_name="Gait Supply LLC"
    )
    text = text_of(as_robin.get(page(application)))
    said = (
        application.dcn,
        "The product was never reviewed",
        application.manufacturer_name,
        "1 Gait Way",
        "3009912345",
        application.contact_email,
        "Gait Supply LLC",
        "SO-100, SO-200",
        "K1007",
        "A powered exoskeleton for both legs.",
        "March 1, 2025",
        "Registered and listed; exempt from premarket submission",
        "Both legs: hip, knee, ankle and foot",
        "23.5 kg",
        "Hip and knee, both sides.",
        f"{application.created_by.name}, Director",
        "fda-registration.pdf",
        "Evidence of FDA registration and listing",
    )
    assert [words for words in said if str(words) not in text] == []


@pytest.mark.django_db
def test_a_draft_is_not_there_for_the_contractors_people() -> None:
    draft = complete_draft()
    document = draft.documents.all()[0]
    for role in Role:
        client = signed_in(contractor_person(role))
        assert client.get(page(draft)).status_code == 404
        assert client.get(f"{page(draft)}documents/{document.pk}/").status_code == 404
    both = signed_in(contractor_person(Role.REVIEWER, Role.APPROVER))
    for part in ("checklist/", "determination/", "letter/", "letter-preview/", "act/accept/"):
        assert both.get(page(draft) + part).status_code == 404
    assert both.post(page(draft) + "remarks/", {"text": "x"}).status_code == 404
    assert both.post(page(draft) + "act/accept/", {"seen_version": draft.version}).status_code == 404


def test_what_one_can_do_goes_by_the_workflow(robin: User, as_robin: Client, as_avery: Client) -> None:
    def offered(client: Client, application: Application) -> dict[str, bool]:
        return {offer.step.name: not offer.held_up for offer in client.get(page(application)).context["offers"]}

    ready, unready = reviewed(reviewed_by=robin), in_review(reviewed_by=robin)
    recommendation = recommended(reviewed_by=robin)
    assert offered(as_robin, submitted()) == {"accept": True, "reject": True}
    assert offered(as_robin, ready) == {"request_information": True, "recommend": True, "reject": True}
    assert offered(as_robin, unready) == {"request_information": True, "recommend": False, "reject": True}
    assert offered(as_robin, in_review()) == {"reject": False}
    assert offered(as_robin, recommendation) == {}
    assert offered(as_avery, recommendation) == {"return": True, "determine": True, "approve": True}
    assert offered(as_avery, ready) == {"reassign": True}


def test_what_is_held_up_is_said_in_words(robin: User, as_robin: Client) -> None:
    text = text_of(as_robin.get(page(in_review(reviewed_by=robin))))
    assert "Recommend this determination: not now. The checklist is not complete. Still open: Bilateral hip" in text
    assert "And 5 more." in text
    text = text_of(as_robin.get(page(in_review(reviewed_by=reviewer(name="Kim Other")))))
    assert "Kim Other is reviewing this application and is the one to reject it." in text


def test_what_is_open_on_the_checklist_leads_to_its_row(robin: User, as_robin: Client) -> None:
    application = in_review(reviewed_by=robin)
    html = as_robin.get(page(application)).content.decode()
    checklist = as_robin.get(f"{page(application)}checklist/").content.decode()
    rows = re.findall(rf'href="{page(application)}checklist/#(row-[^"]+)">([^<]+)</a>', html)

    assert [f'id="{row}"' in checklist for row, _ in rows] == [True] * 5
    assert rows[0][1].startswith("Bilateral hip")
    assert f'href="{page(application)}checklist/">And 5 more.</a>' in html


@pytest.mark.django_db
def test_who_recommended_is_told_why_another_decides() -> None:
    both = contractor_person(Role.REVIEWER, Role.APPROVER)
    application = recommended(reviewed_by=both)
    response = signed_in(both).get(page(application))
    assert "You recommended this determination. Another approver has to decide on it." in text_of(response)
    assert f"{page(application)}act/determine/" not in main_of(response)


def test_administrators_and_registrars_read_and_do_nothing(as_reese: Client) -> None:
    application = submitted()
    for client in (as_reese, signed_in(contractor_person(Role.ADMINISTRATOR))):
        response = client.get(page(application))
        assert response.status_code == 200
        assert "<form" not in main_of(response)
        assert client.post(f"{page(application)}act/accept/", {"seen_version": application.version}).status_code == 403
    assert again(application).status == "submitted"


def test_the_timeline_says_who_when_and_what_was_given(robin: User, as_robin: Client) -> None:
    application = information_requested(reviewed_by=robin, items=["The weight of the battery."])
    perform(
        "respond",
        application=application,
        by=application.created_by,
        seen_version=application.version,
        given={"answers": ["Two kilograms."]},
    )
    events = as_robin.get(f"{page(application)}history/").context["events"]
    assert [(event.what, event.by, event.state) for event in events] == [
        ("Send the answers", application.created_by.name, "In review"),
        ("Ask the applicant for information", "Robin Reviewer", "Information requested"),
        ("Take for review", "Robin Reviewer", "In review"),
        ("Submit the application", application.created_by.name, "Submitted"),
        ("Start a draft", application.created_by.name, "Draft"),
    ]
    assert events[0].given == [("The weight of the battery.", ["Two kilograms."])]
    assert events[1].given[0] == ("What is needed", ["The weight of the battery."])


def test_a_rejection_is_told_in_words(as_robin: Client) -> None:
    application = rejected(text="Attach the page.")
    text = text_of(as_robin.get(f"{page(application)}history/"))
    assert "Reason: No evidence of FDA registration" in text
    assert "What was missing, and what to do: Attach the page." in text
    assert "Nothing: the application is closed." in text_of(as_robin.get(page(application)))


def test_the_system_has_a_name(as_robin: Client) -> None:
    application = information_requested()
    with time_machine.travel(timezone.now() + timedelta(days=30)):
        expire_overdue()
    newest = as_robin.get(f"{page(application)}history/").context["events"][0]
    assert (newest.what, newest.by) == ("Close for want of an answer", "The system")


def test_a_removed_document_is_not_shown(as_robin: Client) -> None:
    application = information_requested()
    upload = pdf_file("a slip.pdf", "A slip")
    removed = attach_to_answer(application=application, kind="other", upload=upload, by=application.created_by)
    assert removed.name in text_of(as_robin.get(page(application)))
    remove_from_answer(document=removed)
    text = text_of(as_robin.get(page(application)))
    assert removed.name not in text
    assert as_robin.get(f"{page(application)}documents/{removed.pk}/").status_code == 404


def test_what_an_applicant_types_stays_text(as_robin: Client) -> None:
    html = main_of(as_robin.get(page(submitted(product_name="<script>alert(1)</script>"))))
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert" in html


# Remarks


def test_a_remark_is_marked_with_who_reads_it(as_robin: Client, robin: User) -> None:
    application = submitted()
    remark(application=application, text="Between us.", visibility=Visibility.INTERNAL, by=robin)
    remark(application=application, text="To you.", visibility=Visibility.APPLICANT, by=robin)
    text = text_of(as_robin.get(page(application)))
    assert "Internal Robin Reviewer" in text
    assert "The applicant reads this Robin Reviewer" in text


def test_a_remark_is_internal(as_robin: Client, robin: User) -> None:
    application = submitted()
    answer = as_robin.post(f"{page(application)}remarks/", {"text": " Called them. ", "visibility": "applicant"})
    assert answer.url == f"{page(application)}#remarks"
    assert list(Remark.objects.values_list("text", "visibility", "by")) == [("Called them.", "internal", robin.pk)]


def test_a_double_click_says_it_once(as_robin: Client) -> None:
    application = submitted()
    for _ in range(2):
        as_robin.post(f"{page(application)}remarks/", {"text": "Called them."})
    assert Remark.objects.count() == 1


@pytest.mark.parametrize(
    "said",
    [{"text": "  "}, {}, {"text": "x" * 20_001}, {"text": "\x00\u200b"}],
)
def test_a_remark_that_cannot_be_kept_comes_back(as_robin: Client, said: dict[str, str]) -> None:
    application = submitted()
    response = as_robin.post(f"{page(application)}remarks/", said)
    assert response.status_code == 400
    assert "Please mend the following" in text_of(response)
    assert Remark.objects.count() == 0


def test_only_reviewers_and_approvers_remark(as_reese: Client) -> None:
    application = submitted()
    answer = as_reese.post(f"{page(application)}remarks/", {"text": "x"})
    assert answer.status_code == 403
    assert Remark.objects.count() == 0
    assert signed_in(manufacturer()).get(page(application)).status_code == 403


def test_what_is_next_is_one_click_away(as_robin: Client, as_avery: Client) -> None:
    here, waiting, to_approve = in_review(), submitted(), recommended()
    assert as_robin.get(page(here)).context["next"] == waiting
    assert as_robin.get(page(waiting)).context["next"] is None
    assert as_avery.get(page(here)).context["next"] == to_approve
