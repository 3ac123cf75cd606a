"""Saved replies: kept by approvers, checked when saved, put into a text, and shown before it is sent."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Role, User
from tests.factories.accounts import contractor_person
from tests.factories.verification import in_review, submitted
from tests.reviewer.conftest import signed_in
from tests.reviewer.page import main_of, text_of
from verification.models import Purpose, SavedReply, TransitionLog
from verification.services.saved_replies import save_reply

ADDRESS = "/review/replies/"


def reply(by: User, text: str = "About {dcn}: {product}.", purpose: Purpose = Purpose.MESSAGE) -> SavedReply:
    return save_reply(reply=None, purpose=purpose, title=f"A {purpose.label}", text=text, by=by)


def said(**fields: object) -> dict[str, object]:
    return {"seen_version": 0, "purpose": "message", "title": "Hello", "text": "Dear {contact},"} | fields


def test_an_approver_keeps_one(as_avery: Client, avery: User) -> None:
    assert as_avery.post(f"{ADDRESS}new/", said()).url == ADDRESS
    kept = SavedReply.objects.get()
    assert (kept.purpose, kept.title, kept.text, kept.saved_by) == ("message", "Hello", "Dear {contact},", avery)
    as_avery.post(f"{ADDRESS}{kept.pk}/", said(text="Good day,", seen_version=kept.version))
    kept.refresh_from_db()
    assert (kept.text, kept.version) == ("Good day,", 2)
    as_avery.post(f"{ADDRESS}{kept.pk}/retire/")
    kept.refresh_from_db()
    assert kept.retired_at is not None
    assert as_avery.get(f"{ADDRESS}{kept.pk}/").status_code == 404
    assert "Retired Hello" in text_of(as_avery.get(ADDRESS))


def test_reviewers_read_them(as_robin: Client, avery: User) -> None:
    kept = reply(avery)
    page = as_robin.get(ADDRESS)
    assert "About {dcn}: {product}." in text_of(page)
    assert "<form" not in main_of(page)
    assert as_robin.post(f"{ADDRESS}{kept.pk}/retire/").status_code == 403
    assert as_robin.post(f"{ADDRESS}new/", said()).status_code == 403
    administrator = signed_in(contractor_person(Role.ADMINISTRATOR))
    assert administrator.get(f"{ADDRESS}{kept.pk}/").status_code == 200


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"text": "Dear {name},"}, "{name} is nothing that can be filled in here."),
        ({"text": "By {due_on}."}, "{due_on} is nothing that can be filled in here."),
        ({"text": "A {brace"}, "A brace stands alone."),
        ({"text": " "}, "Please mend the following"),
        ({"title": ""}, "Please mend the following"),
        ({"purpose": "determine"}, "Please mend the following"),
        ({"title": "A Messages to the applicant"}, "is named “A Messages to the applicant”"),
    ],
)
def test_what_cannot_be_filled_in_is_refused_when_saved(
    as_avery: Client, avery: User, fields: dict[str, str], wrong: str
) -> None:
    reply(avery)
    answer = as_avery.post(f"{ADDRESS}new/", said(**fields))
    assert answer.status_code == 400
    assert wrong in text_of(answer)
    assert SavedReply.objects.count() == 1


def test_of_two_who_change_one_the_second_keeps_the_text(as_avery: Client, avery: User) -> None:
    kept = reply(avery)
    as_avery.post(f"{ADDRESS}{kept.pk}/", said(text="The first.", seen_version=1))
    answer = as_avery.post(f"{ADDRESS}{kept.pk}/", said(text="The second.", seen_version=1))
    assert answer.status_code == 409
    assert "The first." in text_of(answer)
    assert "The second." in main_of(answer)
    kept.refresh_from_db()
    assert kept.text == "The first."


def test_one_is_put_into_a_message_below_what_was_typed(as_robin: Client, robin: User, avery: User) -> None:
    application = in_review(reviewed_by=robin, product_name="Stride {contact}")
    kept, retired = reply(avery), reply(avery, "Old.", Purpose.REJECTION)
    answer = as_robin.post(
        f"/review/{application.pk}/messages/", {"text": "Hello.", "reply": kept.pk, "use_reply": "1"}
    )
    form = answer.context["form"]
    assert form["text"].value() == f"Hello.\n\nAbout {application.dcn}: Stride {{contact}}."
    assert application.remarks.count() == 0
    # One for something else, or none, changes nothing.
    for wrong in (retired.pk, "", "x", "99999999999999999999"):
        said = {"text": "Hello.", "reply": wrong, "use_reply": "1"}
        answer = as_robin.post(f"/review/{application.pk}/messages/", said)
        assert answer.context["form"]["text"].value() == "Hello."


def test_one_is_put_into_a_request_with_its_day(as_robin: Client, robin: User, avery: User) -> None:
    application = in_review(reviewed_by=robin)
    kept = reply(avery, "A photograph, by {due_on}.", Purpose.REQUEST)
    due = timezone.localdate() + timedelta(days=5)
    said = {"seen_version": application.version, "items": "", "due_on": due.isoformat(), "reply": kept.pk}
    address = f"/review/{application.pk}/act/request_information/"
    answer = as_robin.post(address, said | {"use_reply": "1"})
    assert answer.context["form"]["items"].value() == f"A photograph, by {due:%B} {due.day}, {due.year}."
    answer = as_robin.post(address, said | {"due_on": "", "use_reply": "1"})
    assert answer.context["form"]["items"].value() == "A photograph, by [day]."
    shown = as_robin.post(address, said | {"items": "One.\nTwo.", "preview": "1"})
    assert f"To be answered by {due:%B} {due.day}, {due.year} : One. Two. Not sent yet." in text_of(shown)
    assert TransitionLog.objects.filter(application=application, transition="request_information").count() == 0


def test_a_rejection_is_shown_as_it_will_be_read(as_robin: Client) -> None:
    application = submitted()
    said = {"seen_version": application.version, "reason_code": "incomplete", "text": "No brochure.", "preview": "1"}
    text = text_of(as_robin.post(f"/review/{application.pk}/act/reject/", said))
    assert "What the applicant will read A required item is missing No brochure. Samples are kept until" in text
    application.refresh_from_db()
    assert application.status == "submitted"
