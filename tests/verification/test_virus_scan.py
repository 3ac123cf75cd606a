"""Documents are scanned where a scanner is set up, and until it answers nobody opens them."""

import hashlib
import io
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.models import OutgoingMail, Role
from tests.applicant.pages import address, signed_in, words
from tests.clamd import EICAR, FOUND, REAL, STREAM_MAX, LoopbackClamd, free_port, loopback_clamd, real_clamd
from tests.factories.accounts import contractor_person
from tests.factories.verification import (
    again,
    attached,
    complete_draft,
    draft,
    in_review,
    information_requested,
    manufacturer,
    organization_of,
    pdf_bytes,
    pdf_file,
    reviewer,
    sign,
    submitted,
)
from tests.jobs import run_jobs
from verification.models import Application, Authorization, Document, ScanState
from verification.services import clamd
from verification.services.documents import attach_document, attach_to_answer
from verification.services.scan import ask_again, record_word
from verification.workflow.errors import NotAllowed
from verification.workflow.perform import perform

pytestmark = pytest.mark.django_db(transaction=True)

# Nothing listens there.
NOBODY = "127.0.0.1:1"


@pytest.fixture(params=["real", "loopback"])
def scanner(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a running scanner: of clamd itself, and of ours that speaks its protocol."""
    if request.param == "loopback":
        with loopback_clamd() as server:
            yield server.address
    elif REAL is None:
        pytest.skip("No clamd is installed. On Debian: apt-get install clamav-daemon")
    else:
        with real_clamd(tmp_path) as running:
            yield running


@pytest.fixture
def loopback() -> Iterator[LoopbackClamd]:
    with loopback_clamd() as server:
        yield server


def at_once() -> None:
    """Whatever is to be tried again later is tried now."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = now() WHERE status = 'todo'")
    run_jobs()


def state(document: Document) -> tuple[str, str]:
    document.refresh_from_db()
    return document.scan_state, document.scan_found


def mails() -> list[str]:
    return list(OutgoingMail.objects.order_by("pk").values_list("subject", flat=True))


def test_what_the_scanner_says(scanner: str) -> None:
    assert clamd.version(scanner).startswith("ClamAV 1.")
    assert clamd.scan(scanner, io.BytesIO(b"Nothing.")).found == ""
    assert clamd.scan(scanner, io.BytesIO(b"x" * 300_000 + EICAR)).found == f"{FOUND}.UNOFFICIAL"
    with pytest.raises(clamd.TooLargeForScanner):
        clamd.scan(scanner, io.BytesIO(b"x" * (STREAM_MAX + 1)))


def test_over_a_socket_in_the_file_system(tmp_path: Path) -> None:
    if REAL is None:
        pytest.skip("No clamd is installed. On Debian: apt-get install clamav-daemon")
    with real_clamd(tmp_path):
        assert clamd.scan(f"{tmp_path}/socket", io.BytesIO(EICAR)).found == f"{FOUND}.UNOFFICIAL"


def test_the_file_goes_over_byte_for_byte_in_blocks(loopback: LoopbackClamd) -> None:
    content = bytes(range(256)) * 1000

    clamd.scan(loopback.address, io.BytesIO(content))

    assert (loopback.commands, loopback.streams) == ([b"zINSTREAM"], [content])


@pytest.mark.parametrize("reply", ["", "stream: Can't allocate memory ERROR", "PONG", "FOUND", "stream: OK but slowly"])
def test_a_reply_that_is_no_verdict_is_none(loopback: LoopbackClamd, reply: str) -> None:
    loopback.reply = reply or "\0"
    with pytest.raises(clamd.ScannerAway):
        clamd.scan(loopback.address, io.BytesIO(b"x"))


def test_a_scanner_that_says_nothing_is_waited_for_so_long(
    loopback: LoopbackClamd, monkeypatch: pytest.MonkeyPatch
) -> None:
    loopback.silent = 1.0
    monkeypatch.setattr(clamd, "ANSWERS_WITHIN", 0.1)
    with pytest.raises(clamd.ScannerAway, match="does not answer: timed out"):
        clamd.scan(loopback.address, io.BytesIO(b"x"))


def test_a_clean_and_an_infected_document(scanner: str, settings: Any) -> None:
    settings.CLAMAV = scanner
    application = draft(manufacturer())
    good = attached(application, name="good.pdf")
    upload = SimpleUploadedFile("bad.pdf", pdf_bytes() + b"\n%" + EICAR)
    bad = attach_document(application=application, kind="other", upload=upload, by=application.created_by)
    assert (state(good), state(bad)) == (("waiting", ""), ("waiting", ""))

    run_jobs()

    assert (state(good), state(bad)) == (("clean", ""), ("infected", f"{FOUND}.UNOFFICIAL"))
    assert good.scanned_by.startswith("ClamAV 1.")
    assert mails() == ["A file of your application cannot be used"]


def test_without_a_scanner_nothing_is_asked_and_everything_opens() -> None:
    document = attached(draft(manufacturer()))

    assert not ProcrastinateJob.objects.filter(queue_name="scans").exists()
    assert state(document) == ("not_scanned", "")
    response = signed_in(document.uploaded_by).get(address("document", document.application_id, document.pk))
    assert b"".join(response) == pdf_bytes()


@pytest.mark.parametrize("scan_state", ["not_scanned", "waiting"])
def test_what_is_not_scanned_clean_is_opened_by_nobody(settings: Any, scan_state: str) -> None:
    """Also what was attached before there was a scanner."""
    application = submitted()
    settings.CLAMAV = NOBODY
    document = application.documents.all()[0]
    Document.objects.filter(pk=document.pk).update(scan_state=scan_state, scan_problem="INTERNAL")

    for client, door in ((signed_in(reviewer()), "review"), (signed_in(application.created_by), "apply")):
        for part in ("", "frame/"):
            response = client.get(f"/{door}/{application.pk}/documents/{document.pk}/{part}")
            assert response.status_code == 409
            assert b"%PDF" not in response.content
            assert "waits for the virus scan" in response.content.decode()
        shown = words(client.get(f"/{door}/{application.pk}/documents/{document.pk}/view/"))
        assert "waits for the virus scan" in shown
        assert "INTERNAL" not in shown


def test_clean_ones_open(settings: Any) -> None:
    application = submitted()
    settings.CLAMAV = NOBODY
    document = application.documents.all()[0]
    record_word(document_id=document.pk, found="", scanner="ClamAV 1.4.3")

    response = signed_in(reviewer()).get(f"/review/{application.pk}/documents/{document.pk}/")

    assert b"".join(response).startswith(b"%PDF-")


def test_infected_ones_are_never_served_also_without_a_scanner(settings: Any) -> None:
    application = submitted()
    document = application.documents.all()[0]
    record_word(document_id=document.pk, found="Win.Test", scanner="ClamAV 1.4.3")
    settings.CLAMAV = ""

    for client, door in ((signed_in(reviewer()), "review"), (signed_in(application.created_by), "apply")):
        for part in ("", "frame/"):
            response = client.get(f"/{door}/{application.pk}/documents/{document.pk}/{part}")
            assert (response.status_code, b"%PDF" in response.content) == (409, False)
        assert "Infected with Win.Test" in words(client.get(f"/{door}/{application.pk}/documents/{document.pk}/view/"))


def test_a_scanner_that_is_down_is_asked_again_and_nothing_is_lost(settings: Any, loopback: LoopbackClamd) -> None:
    settings.CLAMAV = f"127.0.0.1:{free_port()}"
    application = complete_draft()
    run_jobs()
    documents = list(application.documents.all())
    assert [(each.scan_state, "cannot be reached" in each.scan_problem) for each in documents] == [
        ("waiting", True)
    ] * 3
    assert ProcrastinateJob.objects.filter(queue_name="scans", status="todo", attempts=1).count() == 3

    settings.CLAMAV = loopback.address
    at_once()

    assert {state(each) for each in documents} == {("clean", "")}
    assert {each.scan_problem for each in documents} == {""}
    assert len(loopback.streams) == 3


def test_a_file_that_is_larger_than_the_scanner_takes_waits_and_says_why(
    settings: Any, loopback: LoopbackClamd
) -> None:
    settings.CLAMAV = loopback.address
    application = draft(manufacturer())
    document = attached(application, text="x" * (STREAM_MAX + 1))

    run_jobs()

    assert state(document) == ("waiting", "")
    assert document.scan_problem == "It is larger than clamd takes: raise its StreamMaxLength."


def test_a_file_that_was_changed_in_the_storage_is_not_found_clean(settings: Any, loopback: LoopbackClamd) -> None:
    settings.CLAMAV = loopback.address
    document = attached(draft(manufacturer()))
    Path(document.file.path).write_bytes(pdf_bytes("Another."))

    run_jobs()

    assert state(document) == ("waiting", "")
    assert loopback.streams == []


def submit(application: Application) -> Application:
    perform("submit", application=application, by=application.created_by, seen_version=application.version)
    return again(application)


def test_an_application_with_an_infected_document_is_not_submitted() -> None:
    application = complete_draft(signed=False)
    bad = attached(application, name="bad.pdf", text="Bad.")
    application = sign(again(application))
    record_word(document_id=bad.pk, found="Win.Test", scanner="ClamAV")

    with pytest.raises(NotAllowed) as refused:
        submit(application)

    assert "Remove bad.pdf, which the virus scan found infected, and attach a clean copy." in str(refused.value)
    client = signed_in(application.created_by)
    assert "Remove bad.pdf" in words(client.get(address("section", application, "documents")))
    client.post(address("remove_document", application, bad.pk))
    assert submit(sign(again(application))).status == "submitted"


def test_a_scan_that_waits_holds_no_application_up(settings: Any) -> None:
    settings.CLAMAV = NOBODY
    assert submitted().status == "submitted"


def test_an_infected_document_holds_an_answer_up_and_what_was_submitted_does_not() -> None:
    application = information_requested()
    record_word(document_id=application.documents.all()[0].pk, found="Win.Test", scanner="ClamAV")
    late = attach_to_answer(
        application=application, kind="other", upload=pdf_file("late.pdf", "Late."), by=application.created_by
    )
    record_word(document_id=late.pk, found="Win.Test", scanner="ClamAV")
    client = signed_in(application.created_by)

    response = client.post(
        address("respond", application),
        {"answer-1": "4 kg", "answer-2": "See late.pdf", "seen_version": application.version},
    )

    assert again(application).status == "information_requested"
    assert "The virus scan found something in late.pdf. Remove it and attach a clean copy." in words(response)
    client.post(address("respond", application), {"remove_document": late.pk})
    client.post(
        address("respond", application), {"answer-1": "4 kg", "answer-2": "None", "seen_version": application.version}
    )
    assert again(application).status == "in_review"


@pytest.mark.parametrize(
    ("stage", "said"),
    [
        (complete_draft, "before you submit"),
        (in_review, "Nothing needs to be done today"),
        (information_requested, "Attach a clean copy to your answer, by "),
    ],
)
def test_the_mail_says_what_to_do_once_and_nothing_confidential(stage: Any, said: str) -> None:
    application = stage()
    document = application.documents.all()[0]
    before = OutgoingMail.objects.count()

    for _ in range(2):
        record_word(document_id=document.pk, found="Win.Test", scanner="ClamAV")

    mail = OutgoingMail.objects.order_by("pk").last()
    assert mail is not None
    assert OutgoingMail.objects.count() == before + 1
    text = str(mail.__dict__)
    assert said in text
    assert (document.name in text, application.product_name in text) == (False, False)


def test_a_removed_document_is_no_news() -> None:
    application = draft(manufacturer())
    document = attached(application)
    signed_in(application.created_by).post(address("remove_document", application, document.pk))

    record_word(document_id=document.pk, found="Win.Test", scanner="ClamAV")

    assert (state(document)[0], mails()) == ("infected", [])


def test_asking_again_finds_what_waits_and_asks_for_nothing_twice(settings: Any, loopback: LoopbackClamd) -> None:
    old = attached(draft(manufacturer()), name="old.pdf")
    settings.CLAMAV = loopback.address
    attached(draft(manufacturer()), name="new.pdf")

    assert [ask_again(), ask_again()] == [1, 0]
    run_jobs()

    assert state(old) == ("clean", "")
    assert ask_again() == 0


def test_the_command_scans_everything_again(settings: Any, loopback: LoopbackClamd, capsys: Any) -> None:
    settings.CLAMAV = loopback.address
    document = attached(draft(manufacturer()))
    run_jobs()
    loopback.reply = "stream: New.Virus FOUND"

    call_command("scan_documents", "--all")
    assert "1 documents are to be scanned." in capsys.readouterr().out
    run_jobs()

    assert state(document) == ("infected", "New.Virus")


def test_the_command_without_a_scanner_says_what_to_set(settings: Any) -> None:
    with pytest.raises(CommandError, match="set CLAMAV"):
        call_command("scan_documents")


def test_another_persons_view_of_the_state(settings: Any, client: Client) -> None:
    """Another organization's document is not there, whatever its state."""
    document = attached(draft(manufacturer()))
    record_word(document_id=document.pk, found="Win.Test", scanner="ClamAV")
    other = signed_in(manufacturer())
    for part in ("", "frame/", "view/"):
        assert other.get(f"/apply/{document.application_id}/documents/{document.pk}/{part}").status_code == 404
    assert ScanState(state(document)[0]) == ScanState.INFECTED


def test_the_letter_of_an_authorization_is_scanned_before_it_is_opened(settings: Any, scanner: str) -> None:
    maker, casey = manufacturer("Stride Robotics"), manufacturer("Clearpath Consulting")
    settings.CLAMAV = scanner
    letters = {"clean": pdf_bytes("Clean."), "infected": pdf_bytes("Infected.") + b"\n%" + EICAR}
    answers = {}
    for name, content in letters.items():
        kept = Authorization.objects.create(
            manufacturer=organization_of(maker),
            representative=organization_of(casey),
            begins=date(2026, 1, 1),
            asked_by=casey,
            ended_by=casey,
            ended_at=timezone.now(),
            ending="given_up",
            file=default_storage.save(f"authorizations/{name}.pdf", ContentFile(content)),
            file_name=f"{name}.pdf",
            content_type="application/pdf",
            sha256=hashlib.sha256(content).hexdigest(),
        )
        apply = f"/apply/organizations/stride-robotics/authorization/{kept.pk}/document/"
        review = f"/review/authorizations/{kept.pk}/document/"
        registrar = contractor_person(Role.REGISTRAR)
        answers[name] = [signed_in(maker).get(apply), signed_in(registrar).get(review)]
    for answer in answers["clean"]:
        assert answer.status_code == 200
        assert b"".join(answer.streaming_content) == letters["clean"]  # type: ignore[attr-defined]
        answer.close()
    assert [answer.status_code for answer in answers["infected"]] == [409, 409]
    assert all(b"The virus scan found something in this file" in answer.content for answer in answers["infected"])

    settings.CLAMAV = NOBODY
    refused = signed_in(maker).get(apply)
    assert (refused.status_code, b"the scanner does not answer" in refused.content) == (409, True)
