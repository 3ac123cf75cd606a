"""A manufacturer drops files on the page, good ones and bad ones, and looks at one of them in place."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from accounts.models import User
from tests.applicant.docx_files import docx
from tests.factories.verification import attached, draft, information_requested, pdf_bytes

DROP = """files => {
    const transfer = new DataTransfer();
    files.forEach(([name, text]) => transfer.items.add(new File([text], name)));
    return transfer;
}"""


@pytest.mark.parametrize("width", [1280, 375])
def test_files_are_chosen_dropped_and_shown(visit: Any, tmp_path: Path, width: int) -> None:
    maker = User.objects.get(email="maker@demo.example")
    application = draft(maker)
    attached(application, name="shown.pdf", text="Shown.")
    (tmp_path / "good.pdf").write_bytes(pdf_bytes("Good."))
    (tmp_path / "words.docx").write_bytes(docx(["It moves the leg."]))
    (tmp_path / "wrong.pdf").write_bytes(b"<html>")
    window = visit(width=width)
    page = window.page
    window.sign_in("maker@demo.example", "demo-register-2026")

    page.goto(f"/apply/{application.pk}/documents/")
    field = page.get_by_label("Other evidence")
    field.set_input_files([tmp_path / name for name in ("good.pdf", "wrong.pdf", "words.docx")])
    expect(page.get_by_role("link", name="good.pdf")).to_be_visible()
    expect(page.get_by_role("link", name="words.docx")).to_be_visible()
    expect(page.get_by_text("wrong.pdf is not a PDF")).to_have_count(1)
    expect(page.locator("[data-said]").last).to_have_text("2 attached, 1 not attached.")
    window.check_the_page()

    page.get_by_role("button", name="Dismiss wrong.pdf").press("Enter")
    expect(page.get_by_text("wrong.pdf is not a PDF")).to_have_count(0)
    expect(field).to_be_focused()

    dropped = page.evaluate_handle(DROP, [["dropped.txt", "x"], ["empty.pdf", ""]])
    page.locator("[data-upload-to]").first.dispatch_event("drop", {"dataTransfer": dropped})
    expect(page.get_by_text("dropped.txt is not a PDF, JPEG, PNG or Word (DOCX) file.")).to_be_visible()
    expect(page.get_by_text("empty.pdf is empty.")).to_be_visible()

    page.get_by_role("link", name="words.docx").click()
    expect(page.frame_locator("iframe").get_by_text("It moves the leg.")).to_be_visible()
    window.check_the_page()


def test_a_form_that_waits_for_its_files_says_so_beside_its_button(visit: Any, tmp_path: Path) -> None:
    application = draft(User.objects.get(email="maker@demo.example"))
    (tmp_path / "slow.pdf").write_bytes(pdf_bytes("Slow."))
    window = visit(width=375)
    page = window.page
    window.sign_in("maker@demo.example", "demo-register-2026")
    page.goto(f"/apply/{application.pk}/documents/")
    on_their_way: list[Any] = []
    # Playwright marks the handler, and a method of a list cannot be marked.
    page.route("**/documents/attach/", lambda route: on_their_way.append(route))  # noqa: PLW0108
    with page.expect_request("**/documents/attach/"):
        page.get_by_label("Other evidence").set_input_files(tmp_path / "slow.pdf")

    page.get_by_role("button", name="Save and continue").click()
    said = page.get_by_text("Files are still on their way. The page goes on by itself when they are attached.")
    expect(said).to_be_visible()
    expect(said).to_be_in_viewport()
    on_their_way.pop().continue_()
    expect(page).to_have_url(re.compile(f"/apply/{application.pk}/evidence/"))


def test_a_document_opens_in_place_and_typed_answers_stay(visit: Any, tmp_path: Path) -> None:
    maker = User.objects.get(email="maker@demo.example")
    application = information_requested(maker)
    (tmp_path / "late.pdf").write_bytes(pdf_bytes("Late."))
    window = visit()
    page = window.page
    window.sign_in("maker@demo.example", "demo-register-2026")

    page.goto(application.get_absolute_url())
    page.get_by_label("1. The weight").fill("4 kg")
    page.get_by_text("Attach documents to the answers").click()
    page.get_by_label("Other evidence").set_input_files(tmp_path / "late.pdf")
    expect(page.get_by_role("button", name="Remove late.pdf")).to_be_visible()
    expect(page.get_by_label("1. The weight")).to_have_value("4 kg")

    page.get_by_role("link", name="instructions-for-use.pdf").click()
    expect(page.locator("[data-document-viewer-name]")).to_be_focused()
    page.get_by_role("button", name="Back to where it was opened").press("Enter")
    expect(page.get_by_role("link", name="instructions-for-use.pdf")).to_be_focused()
    expect(page.locator("iframe")).to_have_attribute("title", "instructions-for-use.pdf")
    assert page.url.endswith(application.get_absolute_url())
    page.get_by_label("1. The weight").fill("")
