"""The thread between reviewer and applicant: both ways, told by mail, never changed, and no name on the other side."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction
from django.test import Client

from accounts.models import OutgoingMail, Role, User
from tests.applicant.pages import signed_in, words
from tests.factories.accounts import contractor_person
from tests.factories.verification import determined, in_review, manufacturer, submitted, withdrawn
from tests.reviewer.page import main_of, text_of
from verification.models import Application, Remark
from verification.services.messages import write_to_applicant, write_to_reviewer
from verification.workflow.perform import perform


def theirs(application: Application) -> Client:
    return signed_in(application.created_by)


def test_a_message_goes_to_the_applicant_without_a_name(as_robin: Client, robin: User) -> None:
    application = in_review(reviewed_by=robin)
    OutgoingMail.objects.all().delete()
    answer = as_robin.post(f"/review/{application.pk}/messages/", {"text": " Which joint? "})

    assert answer.url == f"/review/{application.pk}/#messages"
    page = theirs(application).get(application.get_absolute_url())
    assert "New The reviewer" in words(page)
    assert "Which joint?" in words(page)
    assert "Robin" not in page.content.decode()
    mail = OutgoingMail.objects.get()
    assert mail.to == [application.created_by.email]
    assert mail.subject == f"The reviewer wrote to you about your application {application.dcn}"
    assert "Which joint?" not in mail.text
    assert "Robin" not in mail.text
    assert f"/apply/{application.pk}/#messages" in mail.text


def test_an_answer_goes_to_the_reviewer(as_robin: Client, robin: User) -> None:
    application = in_review(reviewed_by=robin)
    OutgoingMail.objects.all().delete()
    answer = theirs(application).post(f"/apply/{application.pk}/messages/", {"text": "The left one."})

    assert answer.url == f"/apply/{application.pk}/#messages"
    mail = OutgoingMail.objects.get()
    assert mail.subject == f"The applicant wrote to you about {application.dcn}"
    assert "left one" not in mail.text
    assert list(as_robin.get("/review/messages/").context["applications"]) == [application]
    first = text_of(as_robin.get(f"/review/{application.pk}/"))
    assert "Messages (1 new)" in first
    assert "New From the applicant" in first
    # On the page it was read.
    assert "New From the applicant" not in text_of(as_robin.get(f"/review/{application.pk}/"))
    assert list(as_robin.get("/review/messages/").context["applications"]) == []


def in_the_queue(client: Client, **asked: str) -> tuple[list[Application], int]:
    """Whom the filter for a message that waits finds, and the number above the queue."""
    context = client.get("/review/", {"message": "waiting", **asked}).context
    return [row["application"] for row in context["rows"]], context["waiting_messages"]


def test_a_message_nobody_took_is_told_once_to_who_assigns(settings: Any, robin: User) -> None:
    application, quiet = submitted(), submitted()
    for role in (Role.APPROVER, Role.ADMINISTRATOR, Role.REGISTRAR):
        contractor_person(role, email=f"{role.value}@contractor.example")
    gone = contractor_person(Role.APPROVER, email="gone@contractor.example")
    User.objects.filter(pk=gone.pk).update(is_active=False)
    OutgoingMail.objects.all().delete()
    for text in ("Is anybody there?", "The hinge is SECRET."):
        write_to_reviewer(application=application, text=text, by=application.created_by)
    mails = list(OutgoingMail.objects.order_by("to"))
    assert [mail.to for mail in mails] == [["administrator@contractor.example"], ["approver@contractor.example"]]
    assert {mail.subject for mail in mails} == {f"The applicant wrote about {application.dcn}, which nobody has taken"}
    assert "SECRET" not in mails[0].text
    assert f"/review/{application.pk}/#messages" in mails[0].text

    settings.MESSAGES_NOT_TAKEN_TO = ["intake@contractor.example"]
    OutgoingMail.objects.all().delete()
    write_to_reviewer(application=quiet, text="Hello?", by=quiet.created_by)
    assert [mail.to for mail in OutgoingMail.objects.all()] == [["intake@contractor.example"]]


def test_a_message_nobody_took_stands_in_the_queue_until_somebody_takes_it_up(as_robin: Client, robin: User) -> None:
    application, _ = submitted(), submitted()
    assert in_the_queue(as_robin) == ([], 0)
    write_to_reviewer(application=application, text="Is anybody there?", by=application.created_by)
    assert in_the_queue(as_robin) == ([application], 1)
    assert "New message" in text_of(as_robin.get("/review/"))
    page = as_robin.get("/review/messages/").context
    assert (list(page["applications"]), list(page["not_taken"])) == ([], [application])
    # To look at it does not take it up, as long as it is nobody's.
    as_robin.get(f"/review/{application.pk}/")
    assert in_the_queue(as_robin) == ([application], 1)
    perform("accept", application=application, by=robin, seen_version=application.version)
    assert in_the_queue(as_robin) == ([application], 1)
    as_robin.get(f"/review/{application.pk}/")
    assert in_the_queue(as_robin) == ([], 0)


def test_an_answer_takes_a_message_up(as_robin: Client, robin: User) -> None:
    application = submitted()
    write_to_reviewer(application=application, text="Is anybody there?", by=application.created_by)
    write_to_applicant(application=application, text="Yes.", by=robin)
    assert in_the_queue(as_robin) == ([], 0)
    # And the next one waits again.
    write_to_reviewer(application=application, text="Thank you.", by=application.created_by)
    assert in_the_queue(as_robin) == ([application], 1)


def test_a_message_that_needs_no_answer(as_robin: Client, robin: User) -> None:
    application = submitted()
    write_to_reviewer(application=application, text="Thank you.", by=application.created_by)
    assert "The last message needs no answer" in text_of(as_robin.get(f"/review/{application.pk}/"))
    answer = as_robin.post(f"/review/{application.pk}/messages/no-answer/")
    assert answer.url == f"/review/{application.pk}/"
    assert in_the_queue(as_robin) == ([], 0)
    remark = Remark.objects.get(visibility="internal")
    assert (remark.by, remark.text) == (robin, "The message of the applicant was read. It needs no answer.")
    # Pressed twice, it is said once; and nothing of it reaches the applicant.
    as_robin.post(f"/review/{application.pk}/messages/no-answer/")
    assert Remark.objects.filter(visibility="internal").count() == 1
    assert "needs no answer" not in theirs(application).get(application.get_absolute_url()).content.decode()


def test_what_is_closed_has_no_message_that_waits(as_robin: Client) -> None:
    application = submitted()
    write_to_reviewer(application=application, text="I withdraw it.", by=application.created_by)
    perform("withdraw", application=application, by=application.created_by, seen_version=application.version)
    assert in_the_queue(as_robin) == ([], 0)
    assert "New message" not in text_of(as_robin.get("/review/?whose=closed"))


def test_what_is_new_is_marked_in_the_list_of_the_applicant(robin: User) -> None:
    application = in_review(reviewed_by=robin)
    other = in_review(by=application.created_by, reviewed_by=robin)
    client = theirs(application)
    write_to_applicant(application=application, text="Hello.", by=robin)
    write_to_reviewer(application=other, text="My own.", by=application.created_by)

    marked = {line.application: line.has_new for line in client.get("/apply/").context["overview"].under_way}
    assert marked == {application: True, other: False}
    client.get(application.get_absolute_url())
    marked = {line.application: line.has_new for line in client.get("/apply/").context["overview"].under_way}
    assert marked == {application: False, other: False}


@pytest.mark.django_db
def test_a_double_click_says_it_once_and_mails_once(as_robin: Client, robin: User) -> None:
    application = in_review(reviewed_by=robin)
    OutgoingMail.objects.all().delete()
    for _ in range(2):
        as_robin.post(f"/review/{application.pk}/messages/", {"text": "Which joint?"})
    assert Remark.objects.count() == 1
    assert OutgoingMail.objects.count() == 1


@pytest.mark.parametrize("change", ["UPDATE verification_remark SET text = 'x'", "DELETE FROM verification_remark"])
def test_nothing_said_is_changed(robin: User, change: str) -> None:
    write_to_applicant(application=in_review(reviewed_by=robin), text="Which joint?", by=robin)
    with pytest.raises(ProgrammingError, match="Cannot"), transaction.atomic():
        connection.cursor().execute(change)
    assert Remark.objects.get().text == "Which joint?"


@pytest.mark.parametrize("closed", [determined, withdrawn])
def test_once_closed_nothing_is_sent_and_nothing_is_lost(closed: Callable[[], Application], as_robin: Client) -> None:
    application = closed()
    ours = as_robin.post(f"/review/{application.pk}/messages/", {"text": "Too late a word."})
    assert (ours.status_code, "Too late a word." in main_of(ours)) == (409, True)
    client = theirs(application)
    theirs_ = client.post(f"/apply/{application.pk}/messages/", {"text": "Too late a word."})
    assert (theirs_.status_code, "Too late a word." in words(theirs_)) == (409, True)
    assert Remark.objects.count() == 0


def test_somebody_elses_thread_is_not_there(as_robin: Client) -> None:
    application = submitted()
    stranger = signed_in(manufacturer())
    assert stranger.post(f"/apply/{application.pk}/messages/", {"text": "x"}).status_code == 404
    assert stranger.get(f"/apply/{application.pk}/sample-label/").status_code == 404
    assert Remark.objects.count() == 0


def test_who_has_acted_for_the_applicant_does_not_write(as_robin: Client, robin: User) -> None:
    application = submitted()
    Application.objects.filter(pk=application.pk).update(created_by=robin)
    answer = as_robin.post(f"/review/{application.pk}/messages/", {"text": "Psst."})
    assert answer.status_code == 409
    assert "You have acted for the applicant" in text_of(answer)
    assert Remark.objects.count() == 0


def test_how_it_reads_is_shown_before_it_is_sent(as_robin: Client, robin: User) -> None:
    application = in_review(reviewed_by=robin)
    answer = as_robin.post(f"/review/{application.pk}/messages/", {"text": "<b>Which</b> joint?", "preview": "1"})
    assert answer.status_code == 200
    assert "What the applicant will read The reviewer <b>Which</b> joint? Not sent yet." in text_of(answer)
    assert re.search(r"<textarea[^>]*>\s*&lt;b&gt;Which&lt;/b&gt; joint\?</textarea>", main_of(answer))
    assert Remark.objects.count() == 0


def test_two_write_at_once_and_the_second_reads_the_first(as_robin: Client, robin: User, avery: User) -> None:
    """Without a script nobody is told earlier; on the save they are, and the text is there still."""
    application = in_review(reviewed_by=robin)
    address = f"/review/{application.pk}/messages/"
    seen = as_robin.get(address).context["form"]["seen_up_to"].value()
    assert seen == 0
    first = write_to_applicant(application=application, text="Which joint?", by=avery)
    answer = as_robin.post(address, {"text": "What does it weigh?", "seen_up_to": seen})
    assert answer.status_code == 409
    page = text_of(answer)
    assert "A message was written after you opened this page, so yours was not sent." in page
    assert "Which joint?" in page
    assert "What does it weigh?" in page
    assert list(Remark.objects.all()) == [first]
    now = answer.context["form"]["seen_up_to"].value()
    assert as_robin.post(address, {"text": "What does it weigh?", "seen_up_to": now}).status_code == 302
    # A button pressed twice says it once.
    assert as_robin.post(address, {"text": "What does it weigh?", "seen_up_to": now}).status_code == 302
    assert list(Remark.objects.order_by("pk").values_list("text", flat=True)) == ["Which joint?", "What does it weigh?"]
