"""Files made to do harm are refused with the reason, and neither break the page nor fill the machine."""

import logging
from typing import Any

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pikepdf import Array, Dictionary, Name
from PIL import Image

from accounts.models import User
from tests.applicant import hostile_files as hostile
from tests.applicant.pages import address, words
from tests.factories.verification import attached, draft, pdf_file
from verification.models import Application
from verification.services import pdf_inspection
from verification.services.documents import remove_document
from verification.services.uploads import UploadRefused, check_upload

FILE = Dictionary(Type=Name.Filespec, F="other.pdf")


def refusal(content: bytes, name: str = "file.pdf") -> str:
    """What is said about it; empty when it is taken."""
    try:
        check_upload(SimpleUploadedFile(name, content))
    except UploadRefused as refused:
        return str(refused)
    return ""


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (hostile.with_link(Dictionary(S=Name.JavaScript, JS="1")), "file.pdf contains a script or starts a program."),
        (hostile.with_link(Dictionary(S=Name.Launch, F=FILE)), "file.pdf contains a script or starts a program."),
        (hostile.with_link(Dictionary(S=Name.Rendition, JS="1")), "file.pdf contains a script or starts a program."),
        (hostile.with_link(Dictionary(S=Name.SubmitForm, F=FILE)), "file.pdf contains a form that sends or loads"),
        (hostile.with_link(Dictionary(S=Name.ImportData, F=FILE)), "file.pdf contains a form that sends or loads"),
        (hostile.with_link(Dictionary(S=Name.GoToR, F=FILE)), "file.pdf contains a link into another file."),
        (hostile.with_link(Dictionary(S=Name.GoToE, F=FILE)), "file.pdf contains a link into another file."),
        (hostile.with_file_inside(), "file.pdf has other files inside."),
        (hostile.with_file_pinned_on(), "file.pdf has other files inside."),
        (hostile.with_dynamic_form(), "file.pdf is a dynamic form (XFA), which not every program shows."),
        (hostile.with_video(), "file.pdf contains a video, a sound or a model."),
        (hostile.with_names(Dictionary(JavaScript=Dictionary())), "file.pdf contains a script or starts a program."),
    ],
)
def test_what_a_pdf_must_not_hold(content: bytes, said: str) -> None:
    refused = refusal(content)
    assert refused.startswith(said)
    assert "Print it to a new PDF" in refused


def test_a_link_to_a_web_address_is_taken() -> None:
    assert refusal(hostile.with_link(Dictionary(S=Name.URI, URI="https://www.fda.gov/"))) == ""


def test_a_font_that_is_called_like_a_file_is_taken() -> None:
    def add(pdf: pikepdf.Pdf) -> None:
        font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
        pdf.pages[0].obj.Resources = Dictionary(Font=Dictionary(EF=pdf.make_indirect(font)))

    assert refusal(hostile.pdf_with(add)) == ""


@pytest.mark.parametrize("names", [7, Array([1]), Name.JavaScript, "JavaScript"])
def test_names_that_are_no_dictionary_do_not_break_the_page(names: Any) -> None:
    assert refusal(hostile.with_names(names)) == ""


def test_a_script_beside_such_names_is_still_found() -> None:
    def add(pdf: pikepdf.Pdf) -> None:
        pdf.Root.Names = 7
        pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS="1")

    assert refusal(hostile.pdf_with(add)).startswith("file.pdf contains a script")


@pytest.mark.parametrize("make", [hostile.png_with_short_header, hostile.png_with_large_text])
def test_a_broken_picture_is_damaged(make: Any) -> None:
    assert refusal(make(), "file.png") == "file.png is damaged and cannot be shown. Save it again."


def test_whatever_a_parser_raises_the_file_is_damaged(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def open_(file: Any) -> None:
        raise RuntimeError("nobody thought of this")

    monkeypatch.setattr(Image, "open", open_)

    content = hostile.PNG_BEGIN + hostile.PNG_HEADER + hostile.PNG_END
    assert refusal(content, "file.png").startswith("file.png is damaged")
    assert "nobody thought of this" in caplog.text


@pytest.mark.parametrize("inside", [b"<<>>", b"<</O<</S/JavaScript/JS(1)>>>>"])
def test_a_small_pdf_that_unfolds_to_fill_the_memory(inside: bytes) -> None:
    """qpdf goes on without what it could not unfold, so a script in there must not pass for nothing."""
    content = hostile.bomb(400, inside=inside)
    assert len(content) < 500_000

    assert refusal(content) == (
        "file.pdf cannot be checked, because it takes too much memory or time to open. Print it to a new PDF."
    )


def test_the_same_form_of_file_at_an_ordinary_size() -> None:
    assert refusal(hostile.bomb(1)) == ""
    assert refusal(hostile.bomb(1, inside=b"<</O<</S/JavaScript/JS(1)>>>>")).startswith("file.pdf contains a script")


def test_what_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_inspection, "LONGEST", 0.001)

    assert refusal(hostile.bomb(1)).startswith("file.pdf cannot be checked")


def test_an_inspection_that_says_nothing_is_no_permission(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any, caplog: pytest.LogCaptureFixture
) -> None:
    silent = tmp_path / "silent.py"
    silent.write_text("raise SystemExit('killed')")
    monkeypatch.setattr(pdf_inspection, "__file__", str(silent))

    assert refusal(hostile.bomb(1)).startswith("file.pdf cannot be checked")
    assert [record.levelno for record in caplog.records] == [logging.WARNING]


# What an application holds together


@pytest.fixture
def application(maker: User) -> Application:
    return draft(maker)


def attach(client: Client, application: Application, name: str) -> str:
    response: Any = client.post(
        address("section", application, "documents"), {"other": [pdf_file(name, name)], "list": "1"}, follow=True
    )
    return words(response)


def count(application: Application) -> int:
    return application.documents.filter(removed_at=None).count()


def test_an_application_has_so_many_documents(client: Client, application: Application, settings: Any) -> None:
    settings.DOCUMENTS_MAX_PER_APPLICATION = 2
    attached(application, name="1.pdf", text="1")
    second = attached(application, name="2.pdf", text="2")

    said = attach(client, application, "3.pdf")

    assert "3.pdf was not attached: an application has at most 2 documents. Join several into one PDF" in said
    assert count(application) == 2
    remove_document(document=second)
    assert "1 file attached." in attach(client, application, "3.pdf")
    restored: Any = client.post(address("restore_document", application, second.pk), follow=True)
    assert "2.pdf was not attached: an application has at most 2 documents." in words(restored)
    assert count(application) == 2


def test_an_application_has_documents_of_so_many_bytes(client: Client, application: Application, settings: Any) -> None:
    first = attached(application, name="1.pdf", text="1")
    settings.DOCUMENTS_MAX_BYTES_PER_APPLICATION = first.size

    said = attach(client, application, "2.pdf")

    assert "2.pdf was not attached: the documents of an application have at most 0 MB together." in said
    assert count(application) == 1


def test_attaching_and_removing_does_not_fill_the_disk(client: Client, application: Application, settings: Any) -> None:
    settings.DOCUMENTS_MAX_PER_APPLICATION = 2
    for number in range(4):
        remove_document(document=attached(application, name=f"{number}.pdf", text=str(number)))

    said = attach(client, application, "5.pdf")

    assert "5.pdf was not attached: too many files were attached to this application and removed again." in said
    assert application.documents.count() == 4
