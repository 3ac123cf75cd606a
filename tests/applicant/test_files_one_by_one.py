"""Files that a script sends one by one, with the words and the list that it shows; and what goes wrong on the way."""

import io
import json
import os
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image

from accounts.models import User
from tests.applicant.docx_files import docx
from tests.applicant.pages import address, signed_in, words
from tests.factories.verification import (
    attached,
    draft,
    in_review,
    information_requested,
    manufacturer,
    pdf_bytes,
    pdf_file,
    submitted,
)
from tests.full_disk import full_disk
from verification.models import Application, Document
from verification.services.documents import attach_document
from verification.services.uploads import UploadRefused


@pytest.fixture
def application(maker: User) -> Application:
    return draft(maker)


def send(client: Client, application: Application, *files: Any, kind: str = "other") -> tuple[int, dict[str, str]]:
    response = client.post(address("attach", application), {"kind": kind, "file": list(files)})
    return response.status_code, json.loads(response.content)


def names(application: Application) -> list[str]:
    return list(application.documents.filter(removed_at=None).values_list("name", flat=True))


def test_a_file_is_attached_and_the_list_shows_it(client: Client, application: Application) -> None:
    status, answer = send(client, application, pdf_file("one.pdf"))

    assert (status, answer["said"]) == (200, "one.pdf is attached.")
    assert "one.pdf" in answer["list"]
    assert "formaction" in answer["list"]
    assert names(application) == ["one.pdf"]


def test_a_file_that_cannot_be_kept(client: Client, application: Application) -> None:
    attached(application, name="before.pdf", text="Before.")
    status, answer = send(client, application, SimpleUploadedFile("page.pdf", b"<html>"))

    assert (status, answer["said"][:26]) == (422, "page.pdf is not a PDF, JPE")
    assert "before.pdf" in answer["list"]
    assert names(application) == ["before.pdf"]


def test_no_file_two_files_and_a_kind_that_is_not_known(client: Client, application: Application) -> None:
    status, answer = send(client, application)
    assert (status, answer["said"], answer["list"].strip()) == (422, "No file arrived. Choose it again.", "")
    assert send(client, application, pdf_file("1.pdf", "1"), pdf_file("2.pdf", "2"))[0] == 422
    assert send(client, application, pdf_file(), kind="no-such") == (422, {"said": "Choose what the document shows."})
    assert names(application) == []


def test_after_submission_nothing_is_attached(client: Client, maker: User) -> None:
    application = submitted(maker)
    before = names(application)

    status, answer = send(client, application, pdf_file("late.pdf", "Late."))

    assert (status, list(answer), names(application)) == (409, ["said"], before)


def test_to_an_answer_only_what_goes_with_it_is_listed(client: Client, maker: User) -> None:
    application = information_requested(maker)

    status, answer = send(client, application, pdf_file("late.pdf", "Late."), kind="instructions-for-use")

    assert (status, "late.pdf" in answer["list"]) == (200, True)
    assert "instructions-for-use.pdf" not in answer["list"]
    assert 'name="remove_document"' in answer["list"]


def test_another_organizations_application_is_not_there(application: Application) -> None:
    other = signed_in(manufacturer())
    assert other.post(address("attach", application), {"kind": "other", "file": pdf_file()}).status_code == 404
    assert names(application) == []


def test_opening_the_address_leads_to_the_application(client: Client, application: Application) -> None:
    assert client.get(address("attach", application)).url == application.get_absolute_url()


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\dana\\report.pdf", "report.pdf"),
        ("bell\x07tab\t.pdf", "belltab.pdf"),
        ("\u202egpj.fdp.pdf", "gpj.fdp.pdf"),
        ("Gerät – Übersicht 膝.pdf", "Gerät – Übersicht 膝.pdf"),
        ("<script>alert(1)</script>.pdf", "script>.pdf"),
        ("x" * 300 + ".pdf", "x" * 251 + ".pdf"),
    ],
)
def test_names(client: Client, application: Application, given: str, kept: str) -> None:
    upload = pdf_file()
    upload._name = given  # as a program sends it that is no browser

    status, answer = send(client, application, upload)

    assert (status, names(application)) == (200, [kept])
    assert "<script>" not in answer["list"]
    stored = Document.objects.get().file.name
    assert stored.startswith(f"documents/{application.pk}/")
    assert stored.count("/") == 2


def test_fifty_at_once_in_a_form(client: Client, application: Application) -> None:
    files = [SimpleUploadedFile(f"{number}.docx", docx([f"File {number}"])) for number in range(50)]

    client.post(address("section", application, "documents"), {"other": files, "list": "1"})

    assert len(names(application)) == 50


def test_files_that_are_too_many_together_are_refused_by_name(
    client: Client, application: Application, settings: Any
) -> None:
    settings.DOCUMENT_MAX_BYTES = settings.DOCUMENTS_MAX_BYTES_PER_APPLICATION = 100_000
    files = [pdf_file("1.pdf", "x" * 60_000), pdf_file("2.pdf", "y" * 60_000)]

    response = client.post(address("section", application, "documents"), {"other": files, "list": "1"})

    assert response.status_code == 422
    assert "2.pdf is larger than" in words(response)
    assert names(application) == ["1.pdf"]


def test_half_an_upload_is_none(client: Client, application: Application) -> None:
    """Half a picture looks like a whole one to most programs."""
    picture = io.BytesIO()
    Image.effect_noise((400, 400), 90).save(picture, "JPEG")
    head = (
        b'--cut\r\nContent-Disposition: form-data; name="kind"\r\n\r\nother\r\n--cut\r\nContent-Disposition: form-data;'
    )
    head += b' name="file"; filename="device.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'
    body = head + picture.getvalue()[:20_000]

    response = client.generic(
        "POST",
        address("attach", application),
        body,
        content_type="multipart/form-data; boundary=cut",
        **{"CONTENT_LENGTH": str(len(body) + 50_000), "wsgi.input": io.BytesIO(body)},
    )

    assert response.status_code == 400
    assert names(application) == []


class TestAFullDisk:
    def test_it_is_said_and_nothing_is_half_attached(
        self, client: Client, application: Application, settings: Any, tmp_path: Path
    ) -> None:
        settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
        attached(application, name="before.pdf", text="Before.")
        small, large = pdf_file("small.pdf", "Small."), pdf_file("large.pdf", "x" * 400_000)
        content = {"other": [large, small], "list": "1"}

        with full_disk():
            response = client.post(address("section", application, "documents"), content)

        assert response.status_code == 422
        assert "large.pdf could not be stored: the register has no room for it" in words(response)
        assert names(application) == ["before.pdf", "small.pdf"]
        kept = Path(settings.STORAGES["default"]["OPTIONS"]["location"])
        assert len([each for each in kept.rglob("*") if each.is_file()]) == 2

    def test_the_store_itself_is_full(self, application: Application, settings: Any) -> None:
        upload = SimpleUploadedFile("large.docx", docx(parts={"word/media/image1.png": os.urandom(400_000)}))

        with (
            full_disk(),
            pytest.raises(UploadRefused, match=r"large\.docx could not be stored: the register has no room"),
        ):
            attach_document(application=application, kind="other", upload=upload, by=application.created_by)

        assert names(application) == []
        kept = Path(settings.STORAGES["default"]["OPTIONS"]["location"])
        assert [each for each in kept.rglob("*") if each.is_file()] == []


@pytest.mark.parametrize("change", ["sha256", "file", "name", "kind", "delete", "remove"])
def test_what_was_submitted_is_swapped_by_nobody(maker: User, change: str) -> None:
    """Not even beside the services: the database itself refuses."""
    document = in_review(maker).documents.all()[0]
    found = Document.objects.filter(pk=document.pk)

    acts = {
        "delete": lambda: found._raw_delete("default"),
        "remove": lambda: found.update(removed_at=timezone.now()),
    }
    act = acts.get(change) or (lambda: found.update(**{change: "other"}))
    with pytest.raises(IntegrityError), transaction.atomic():
        act()

    document.refresh_from_db()
    assert document.removed_at is None


def test_a_file_that_was_swapped_in_the_store_is_not_shown(client: Client, maker: User) -> None:
    application = submitted(maker)
    document = application.documents.all()[0]
    Path(document.file.path).write_bytes(pdf_bytes("Something else."))

    for part in ("", "frame/"):
        response = client.get(address("document", application, document.pk) + part)
        assert (response.status_code, b"Something else." in response.content) == (409, False)
        assert "The stored file is not the one that was kept first" in response.content.decode()
    viewed = client.get(address("document_view", application, document.pk)).content.decode()
    assert f'data-copy="{document.sha256}"' in viewed


def test_a_view_for_each_kind_of_file(client: Client, application: Application) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (4, 4)).save(picture, "PNG")
    send(client, application, pdf_file("one.pdf"))
    send(client, application, SimpleUploadedFile("two.png", picture.getvalue()))
    send(client, application, SimpleUploadedFile("three.docx", docx(["First <b>words</b>.", "Second."])))

    frames = [frame(client, each) for each in application.documents.order_by("id")]
    assert b"".join(frames[0]) == pdf_bytes()

    assert [each["Content-Type"].split(";")[0] for each in frames] == ["application/pdf", "text/html", "text/html"]
    assert "sandbox" in frames[0]["Content-Security-Policy"]
    assert f'<img src="{address("document", application, Document.objects.get(name="two.png").pk)}"' in (
        frames[1].content.decode()
    )
    assert "<p>First &lt;b&gt;words&lt;/b&gt;.</p>" in frames[2].content.decode()
    assert [each["Content-Security-Policy"][:18] for each in frames[1:]] == ["default-src 'none'"] * 2


def frame(client: Client, document: Document) -> HttpResponse:
    return client.get(address("document_frame", document.application_id, document.pk))


@pytest.mark.parametrize(("asked", "shown"), [("3", "#page=3"), ("", ""), ("0", ""), ("-1", ""), ("x", ""), ("٣", "")])
def test_a_link_to_a_page(client: Client, application: Application, asked: str, shown: str) -> None:
    document = attached(application)

    page = client.get(address("document_view", application, document.pk), {"page": asked}).content.decode()

    assert f'src="{address("document_frame", application, document.pk)}{shown}"' in page


def test_a_list_asks_no_question_per_document(client: Client, application: Application) -> None:
    def asked(name: str, *arguments: Any) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address(name, application, *arguments)).status_code == 200
        return len(queries)

    first = attached(application, name="1.pdf", text="1")
    one = asked("section", "documents"), asked("document_view", first.pk)
    attached(application, name="2.pdf", text="2")
    attached(application, name="3.pdf", text="3")

    assert (asked("section", "documents"), asked("document_view", first.pk)) == one
