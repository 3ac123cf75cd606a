"""Files are attached, taken off, put back, and refused one by one with the reason."""

import io
from typing import Any

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from PIL import Image

from accounts.models import User
from tests.applicant.pages import address, words
from tests.factories.verification import again, attached, complete_draft, draft, pdf_bytes, pdf_file
from verification.models import Application, Document
from verification.viewer.answers import NOTHING_RUNS


@pytest.fixture
def application(maker: User) -> Application:
    return draft(maker)


def attach(client: Client, application: Application, kind: str, *files: SimpleUploadedFile) -> HttpResponse:
    return client.post(address("section", application, "documents"), {kind: list(files), "list": "1"})


def names(application: Application, kind: str = "other") -> list[str]:
    return [document.name for document in application.documents.filter(kind=kind, removed_at=None)]


def written(pdf: pikepdf.Pdf, **how: Any) -> bytes:
    content = io.BytesIO()
    pdf.save(content, **how)
    return content.getvalue()


def encrypted_pdf() -> bytes:
    pdf = pikepdf.new()
    pdf.add_blank_page()
    return written(pdf, encryption=pikepdf.Encryption(owner="secret", user="secret"))


def scripted_pdf() -> bytes:
    pdf = pikepdf.new()
    pdf.add_blank_page()
    script = pikepdf.Dictionary(Type=pikepdf.Name.Action, S=pikepdf.Name.JavaScript, JS="app.alert(1)")
    pdf.Root.OpenAction = pdf.make_indirect(script)
    return written(pdf)


def directly_scripted_pdf() -> bytes:
    """The action stands inside the catalogue and is no object of its own."""
    pdf = pikepdf.new()
    pdf.add_blank_page()
    pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
    return written(pdf)


def png() -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (4, 4)).save(content, "PNG")
    return content.getvalue()


def test_several_files_of_several_kinds_at_once(client: Client, application: Application) -> None:
    response = client.post(
        address("section", application, "documents"),
        {
            "other": [pdf_file("one.pdf", "1"), pdf_file("two.pdf", "2")],
            "photograph": [SimpleUploadedFile("device.png", png())],
            "list": "1",
        },
    )

    assert response.url == application.get_absolute_url()
    assert names(application) == ["one.pdf", "two.pdf"]
    assert list(application.documents.values_list("kind", "content_type")) == [
        ("photograph", "image/png"),
        ("other", "application/pdf"),
        ("other", "application/pdf"),
    ]
    assert "3 files attached." in words(client.get(response.url))


def test_going_on_without_a_file_is_no_error(client: Client, application: Application) -> None:
    assert attach(client, application, "other").status_code == 302


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("empty.pdf", b"", "empty.pdf is empty."),
        ("page.pdf", b"<html><script>alert(1)</script></html>", "page.pdf is not a PDF, JPEG, PNG or Word (DOCX) file"),
        ("picture.pdf", png(), "picture.pdf is named as another kind of file than it is."),
        ("program.exe", pdf_bytes("p"), "program.exe is named as another kind of file than it is."),
        ("cut.pdf", pdf_bytes("c")[:60], "cut.pdf is damaged and cannot be opened."),
        ("secret.pdf", encrypted_pdf(), "secret.pdf is encrypted."),
        ("script.pdf", scripted_pdf(), "script.pdf contains a script or starts a program."),
        ("direct.pdf", directly_scripted_pdf(), "direct.pdf contains a script or starts a program."),
        ("cut.png", png()[:40], "cut.png is damaged and cannot be shown."),
    ],
)
def test_a_file_that_cannot_be_kept_is_refused_by_name_and_the_good_one_is_kept(
    client: Client, application: Application, name: str, content: bytes, said: str
) -> None:
    response = attach(client, application, "other", SimpleUploadedFile(name, content), pdf_file("good.pdf"))

    assert response.status_code == 422
    page = words(response)
    assert said in page
    assert "1 file attached." in page
    assert names(application) == ["good.pdf"]


def test_a_file_that_is_too_large_is_refused(client: Client, application: Application, settings: Any) -> None:
    settings.DOCUMENT_MAX_BYTES = 1024 * 1024
    large = pdf_bytes("large") + b"\n%" + b"x" * 1024 * 1024

    response = attach(client, application, "other", SimpleUploadedFile("large.pdf", large), pdf_file("good.pdf"))

    assert "large.pdf is larger than 1 MB." in words(response)
    assert names(application) == ["good.pdf"]


def test_of_a_file_that_is_too_large_only_the_permitted_part_is_stored(
    client: Client, application: Application, settings: Any, tmp_path: Any
) -> None:
    settings.DOCUMENT_MAX_BYTES = 1024 * 1024
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    # The part that is kept is a whole PDF: the rest, which would say how large it is, went by.
    large = pdf_bytes("large") + b"\n%" + b"x" * 3 * 1024 * 1024

    response = attach(client, application, "other", SimpleUploadedFile("large.pdf", large))

    assert "large.pdf is larger than 1 MB." in words(response)
    assert Document.objects.count() == 0


def test_the_same_file_twice_is_attached_once(client: Client, application: Application) -> None:
    attach(client, application, "other", pdf_file("one.pdf"))

    response = attach(client, application, "other", pdf_file("again.pdf"))

    assert "again.pdf is attached already." in words(response)
    assert names(application) == ["one.pdf"]


def test_the_same_file_may_show_two_things(client: Client, application: Application) -> None:
    attach(client, application, "other", pdf_file("one.pdf"))

    assert attach(client, application, "product-literature", pdf_file("one.pdf")).status_code == 302


def test_taking_a_document_off_and_putting_it_back(client: Client, application: Application) -> None:
    document = attached(application, name="one.pdf")
    attached(application, name="two.pdf", text="Another page.")

    client.post(address("remove_document", application, document.pk))
    page = words(client.get(address("section", application, "documents")))
    assert (names(application), "Removed: one.pdf Put back" in page) == (["two.pdf"], True)

    client.post(address("restore_document", application, document.pk))
    assert names(application) == ["one.pdf", "two.pdf"]


def test_opening_the_addresses_changes_nothing(client: Client, application: Application) -> None:
    document = attached(application)

    client.get(address("remove_document", application, document.pk))

    assert names(application) == ["evidence.pdf"]


def test_a_file_that_was_attached_again_is_not_put_back_beside_it(client: Client, application: Application) -> None:
    document = attached(application, name="one.pdf")
    client.post(address("remove_document", application, document.pk))
    attached(application, name="again.pdf")

    response = client.post(address("restore_document", application, document.pk), follow=True)

    assert "one.pdf is attached already." in words(response)
    assert names(application) == ["again.pdf"]
    assert "Put back" not in words(response)


def test_removing_twice_takes_no_later_signature_back(client: Client, maker: User) -> None:
    application = complete_draft(maker, signed=False)
    extra = attached(application, name="extra.pdf", text="Extra.")
    client.post(address("remove_document", application, extra.pk))
    version = again(application).version

    client.post(address("remove_document", application, extra.pk))

    assert again(application).version == version


@pytest.mark.parametrize("name", ["remove_document", "restore_document"])
def test_nothing_is_changed_after_submission(client: Client, maker: User, name: str) -> None:
    application = complete_draft(maker)
    document = application.documents.first()
    removed = attached(application, name="extra.pdf", text="Extra.")
    client.post(address("remove_document", application, removed.pk))
    sign_and_submit(client, application)

    target = document if name == "remove_document" else removed
    assert target is not None
    response = client.post(address(name, application, target.pk), follow=True)

    assert "cannot be done any more" in words(response)
    assert len(names(application, "other")) == 0
    assert application.documents.filter(removed_at=None).count() == 3
    assert attach(client, application, "other", pdf_file("late.pdf", "Late.")).status_code == 409


def sign_and_submit(client: Client, application: Application) -> None:
    said = {"signed_name": "Dana", "signed_title": "Director", "attested": "on"}
    client.post(
        address("section", application, "signature"), {**said, "seen_version": again(application).version, "list": "1"}
    )
    client.post(address("submit", application), {"seen_version": again(application).version})
    assert again(application).status == "submitted"


def test_a_document_is_sent_as_a_file_that_runs_nothing(client: Client, application: Application) -> None:
    document = attached(application, name='odd "name" ü.pdf', text="Content.")

    response = client.get(address("document", application, document.pk))

    assert b"".join(response) == pdf_bytes("Content.")
    assert {name: response[name] for name in ("Content-Type", "X-Content-Type-Options", "Content-Security-Policy")} == {
        "Content-Type": "application/pdf",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": NOTHING_RUNS,
    }
    assert response["Content-Disposition"] == "attachment; filename*=utf-8''odd%20%22name%22%20%C3%BC.pdf"


def test_a_removed_document_is_not_sent(client: Client, application: Application) -> None:
    document = attached(application)
    client.post(address("remove_document", application, document.pk))

    assert client.get(address("document", application, document.pk)).status_code == 404
