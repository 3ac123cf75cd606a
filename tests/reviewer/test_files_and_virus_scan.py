"""Those who look after the register see how the scanner and the store of files are."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.mail import send_mail
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.models import OutgoingMail, Role
from tests.applicant.pages import signed_in, words
from tests.clamd import free_port, loopback_clamd
from tests.factories.accounts import contractor_person
from tests.factories.verification import attached, draft, pdf_bytes, submitted
from verification.models import Document
from verification.queries.scanner_health import waiting_too_long
from verification.services.scan import record_word

pytestmark = pytest.mark.django_db
PAGE = "/review/files/"


@pytest.fixture
def client() -> Client:
    return signed_in(contractor_person(Role.ADMINISTRATOR))


def test_without_a_scanner(client: Client) -> None:
    page = words(client.get(PAGE))
    assert "Not set up" in page
    assert "Waiting for it" not in page
    assert client.get("/readyz").content == b"ready\nscanner: not set up\n"


def test_a_scanner_that_answers(client: Client, settings: Any) -> None:
    attached(draft())
    with loopback_clamd() as server:
        settings.CLAMAV = server.address
        page = words(client.get(PAGE))
        assert client.get("/readyz").content == b"ready\nscanner: answers, 1 documents wait\n"
    assert "Answers Version and signatures ClamAV 1.4.3/27000/Mon Nov 16 09:00:00 2026" in page
    assert "Waiting for it 1 document the oldest since" in page


def test_a_scanner_that_is_away_leaves_the_register_ready(client: Client, settings: Any) -> None:
    settings.CLAMAV = f"127.0.0.1:{free_port()}"

    response = client.get("/readyz")

    assert (response.status_code, response.content) == (200, b"ready\nscanner: does not answer, 0 documents wait\n")
    assert "Does not answer It cannot be reached at" in words(client.get(PAGE))


def test_a_draft_that_waits_is_not_named_and_an_infected_one_is_counted(client: Client, settings: Any) -> None:
    settings.CLAMAV = f"127.0.0.1:{free_port()}"
    secret = attached(draft(product_name="Secret Leg"), name="secret.pdf")
    Document.objects.filter(pk=secret.pk).update(scan_problem="It does not answer.")
    submission = submitted(product_name="Open Leg")
    shown = submission.documents.all()[0]
    record_word(document_id=shown.pk, found="Win.Test", scanner="ClamAV")
    hidden = attached(draft(product_name="Other Leg"), name="other.pdf")
    record_word(document_id=hidden.pk, found="Win.Other", scanner="ClamAV")

    page = words(client.get(PAGE))

    assert f"No. {secret.pk}" in page
    assert f"{submission.dcn}: {shown.name}" in page
    assert "2 attached documents" in page
    assert [word for word in ("secret.pdf", "Secret Leg", "other.pdf", "Other Leg", "Win.Other") if word in page] == []


def test_having_it_scanned_now(client: Client, settings: Any) -> None:
    settings.CLAMAV = f"127.0.0.1:{free_port()}"
    settings.CLAMAV, address = "", settings.CLAMAV
    attached(draft())
    settings.CLAMAV = address

    assert "1 more document to be scanned." in words(client.post(PAGE, {"scan": "1"}, follow=True))
    assert "0 more documents to be scanned." in words(client.post(PAGE, {"scan": "1"}, follow=True))
    assert ProcrastinateJob.objects.filter(queue_name="scans").count() == 1


def test_trying_the_store(client: Client, settings: Any) -> None:
    assert "A file was written, read back and deleted." in words(client.post(PAGE, {"try": "1"}, follow=True))
    assert default_storage.listdir("probes") == ([], [])


def test_what_waits_too_long_is_counted_for_the_registrar(settings: Any) -> None:
    late = attached(draft())
    attached(draft())
    assert waiting_too_long() == 0
    settings.CLAMAV = "127.0.0.1:1"
    assert waiting_too_long() == 0
    with time_machine.travel(late.uploaded_at + timedelta(minutes=11), tick=False):
        attached(draft())
        assert waiting_too_long() == 2


def test_the_command_finds_what_is_not_as_it_was_attached(capsys: Any) -> None:
    attached(draft())
    bad = attached(draft())
    call_command("check_files", "--documents")
    assert "2 documents are as they were attached." in capsys.readouterr().out

    default_storage.delete(str(bad.file))
    default_storage.save("documents/1/stray.pdf", ContentFile(pdf_bytes()))

    with pytest.raises(CommandError, match="1 of 2 documents are not as they were attached"):
        call_command("check_files", "--documents")
    said = capsys.readouterr()
    assert "documents/1/stray.pdf belongs to no document." in said.out
    assert f"Document {bad.pk} of application {bad.application_id}: This file is missing" in said.err


def test_what_has_not_left_is_counted_and_what_was_given_up_is_tried_again(client: Client) -> None:
    assert "Mails and letters Nothing waits" in words(client.get(PAGE))
    send_mail("One", "Open.", None, ["a@firm.example"])
    send_mail("Two", "Open.", None, ["b@firm.example"])
    OutgoingMail.objects.update(created_at=timezone.now() - timedelta(minutes=11))
    given_up = OutgoingMail.objects.get(subject="Two")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'failed' WHERE args->>'mail_id' = %s", [str(given_up.pk)]
        )
    page = words(client.get(PAGE))
    assert "Mails that wait 2 the oldest since" in page
    assert ("Letters that wait 0" in page, "Given up 1 nobody tries" in page) == (True, True)
    assert "firm.example" not in page

    assert "1 is tried again." in words(client.post(PAGE, {"send": "1"}, follow=True))

    jobs = ProcrastinateJob.objects.filter(queue_name="mail", status="todo")
    assert sorted(job.args["mail_id"] for job in jobs) == sorted(OutgoingMail.objects.values_list("pk", flat=True))
    assert "0 are tried again." in words(client.post(PAGE, {"send": "1"}, follow=True))
