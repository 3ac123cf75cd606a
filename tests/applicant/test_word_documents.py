"""Word documents are taken when they hold text and pictures, and nothing that runs, fetches or is packed in."""

import io
import os
import struct
import zipfile

import pikepdf
import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from accounts.models import User
from tests.applicant.docx_files import WORD, docx, relationships
from tests.factories.verification import attached, complete_draft
from tests.full_disk import full_disk
from verification.models import Document
from verification.services import docx_package, docx_text
from verification.services.documents import attach_document
from verification.services.docx_inspection import DocxVerdict, verdict_on
from verification.services.docx_text import paragraphs
from verification.services.pdf_pages import count_pages, pages_of
from verification.viewer import answers

RELS = "word/_rels/document.xml.rels"
TEMPLATE = relationships(("attachedTemplate", "http://x/t.dotm", "External"))
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"


def field(*instructions: str) -> str:
    runs = "".join(f"<w:r><w:instrText>{each}</w:instrText></w:r>" for each in instructions)
    begin, end = (f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "end"))
    return f"<w:p>{begin}{runs}{end}</w:p>"


def verdict(content: bytes) -> DocxVerdict:
    return verdict_on(io.BytesIO(content))


@pytest.mark.parametrize(
    "content",
    [
        docx(),
        docx(parts={RELS: relationships(("hyperlink", "https://example.com/a?b=1", "External"))}),
        docx(parts={RELS: relationships(("hyperlink", "mailto:dana@example.com", "External"))}),
        docx(parts={RELS: relationships(("image", "media/image1.png", "")), "word/media/image1.png": b"\x89PNG"}),
        docx(body=field(" PAGE ")),
        docx(body=field(' HYPERLINK "https://example.com" ')),
        docx(body=f"{field(' DATE ')}<w:p><w:r><w:t>DDEAUTO is a word of this text.</w:t></w:r></w:p>"),
    ],
)
def test_what_is_taken(content: bytes) -> None:
    assert verdict(content) == DocxVerdict.FINE


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (docx(parts={"word/vbaProject.bin": b"x"}), DocxVerdict.MACROS),
        (docx(parts={"word/VBAPROJECT.BIN": b"x"}), DocxVerdict.MACROS),
        (docx(parts={RELS: relationships(("vbaProject", "some.bin", ""))}), DocxVerdict.MACROS),
        (docx(main="application/vnd.ms-word.document.macroEnabled.main+xml"), DocxVerdict.MACROS),
        (docx(types='<Default Extension="x" ContentType="application/vnd.ms-office.vbaProject"/>'), DocxVerdict.MACROS),
        (docx(parts={"word/embeddings/oleObject1.bin": b"x"}), DocxVerdict.HOLDS_FILES),
        (docx(parts={"word/embeddings/sheet.xlsx": b"x"}), DocxVerdict.HOLDS_FILES),
        (docx(parts={RELS: relationships(("aFChunk", "part.htm", ""))}), DocxVerdict.HOLDS_FILES),
        (docx(parts={"word/activeX/activeX1.xml": "<x/>"}), DocxVerdict.CONTROLS),
        (docx(parts={RELS: relationships(("control", "a.xml", ""))}), DocxVerdict.CONTROLS),
        (
            docx(parts={"word/_rels/settings.xml.rels": TEMPLATE}),
            DocxVerdict.LEADS_OUTSIDE,
        ),
        (docx(parts={RELS: relationships(("image", "http://x/pixel.png", "external"))}), DocxVerdict.LEADS_OUTSIDE),
        (
            docx(parts={RELS: relationships(("hyperlink", "file://s/x", "External"))}),
            DocxVerdict.LEADS_OUTSIDE,
        ),
        (docx(parts={RELS: relationships(("hyperlink", "\\\\server\\share", "External"))}), DocxVerdict.LEADS_OUTSIDE),
        (docx(body=field(' DDEAUTO c:\\\\windows "x" ')), DocxVerdict.FETCHES),
        (docx(body=field(" DDE", "AUTO x ")), DocxVerdict.FETCHES),
        (docx(body=field(' includepicture "http://x/y.png" ')), DocxVerdict.FETCHES),
        (docx(body='<w:p><w:fldSimple w:instr=" INCLUDETEXT x "/></w:p>'), DocxVerdict.FETCHES),
        (
            docx(
                types='<Override PartName="/word/header1.xml" ContentType="application/'
                'vnd.openxmlformats-officedocument.wordprocessingml.header+xml"/>',
                parts={"word/header1.xml": f'<w:hdr xmlns:w="{WORD}">{field(" LINK Excel.Sheet ")}</w:hdr>'},
            ),
            DocxVerdict.FETCHES,
        ),
        (
            docx(main="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"),
            DocxVerdict.ANOTHER_KIND,
        ),
        (docx(parts={"../evil.xml": "<x/>"}), DocxVerdict.DAMAGED),
        (docx(parts={"word/document.xml": "<w:document"}), DocxVerdict.DAMAGED),
        (docx(parts={"word/document.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}), DocxVerdict.DAMAGED),
        (docx()[:-40], DocxVerdict.DAMAGED),
        (b"PK\x03\x04 and nothing else", DocxVerdict.DAMAGED),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 an envelope", DocxVerdict.ENCRYPTED),
    ],
)
def test_what_is_refused(content: bytes, expected: DocxVerdict) -> None:
    assert verdict(content) == expected


def zipped(**parts: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return file.getvalue()


def test_a_zip_file_of_another_kind() -> None:
    assert verdict(zipped(readme=b"x")) == DocxVerdict.ANOTHER_KIND


def test_a_small_file_that_unfolds_to_fill_a_disk() -> None:
    bomb = docx(parts={"word/media/image1.bmp": b"\0" * (docx_package.MOST_BYTES + 1)})
    assert len(bomb) < 1024 * 1024
    assert verdict(bomb) == DocxVerdict.TOO_MUCH


def test_too_many_parts() -> None:
    assert verdict(docx(parts={f"word/{number}": b"" for number in range(5001)})) == DocxVerdict.TOO_MUCH


def test_a_part_that_is_not_what_its_checksum_says() -> None:
    content = bytearray(docx(parts={"word/media/image1.png": bytes(range(256)) * 40}))
    at = content.index(b"word/media/image1.png") + 60
    content[at] ^= 0xFF
    assert verdict(bytes(content)) == DocxVerdict.DAMAGED


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_parts_of_one_name() -> None:
    file = io.BytesIO(docx())
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("word/document.xml", f'<w:document xmlns:w="{WORD}"/>')
    assert verdict(file.getvalue()) == DocxVerdict.DAMAGED


def test_the_words_of_a_document() -> None:
    drawing = (
        '<w:p><mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        "<mc:Choice><w:p><w:r><w:t>In a box.</w:t></w:r></w:p></mc:Choice>"
        "<mc:Fallback><w:p><w:r><w:t>In a box.</w:t></w:r></w:p></mc:Fallback></mc:AlternateContent></w:p>"
    )
    lines = (
        "<w:p><w:r><w:t>One</w:t><w:br/><w:t>two</w:t></w:r><w:del><w:r><w:delText>gone</w:delText></w:r></w:del></w:p>"
    )
    content = docx(["First.", ""], body=lines + drawing + field(" PAGE "))

    assert paragraphs(io.BytesIO(content), most=10) == ["First.", "One\ntwo", "In a box."]
    assert paragraphs(io.BytesIO(content), most=1) == ["First."]


def with_flag(content: bytes, *, bits: int = 0, method: int | None = None) -> bytes:
    """The same file, whose directory and headers say of each part that it needs a password, or another method."""
    changed = bytearray(content)
    for mark, flag_at, method_at in ((b"PK\x01\x02", 8, 10), (b"PK\x03\x04", 6, 8)):
        at = changed.find(mark)
        while at >= 0:
            changed[at + flag_at] |= bits
            if method is not None:
                changed[at + method_at : at + method_at + 2] = method.to_bytes(2, "little")
            at = changed.find(mark, at + 4)
    return bytes(changed)


def test_a_part_with_a_password() -> None:
    assert verdict(with_flag(docx(), bits=1)) == DocxVerdict.ENCRYPTED


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA, 99])
def test_a_part_that_is_packed_as_word_never_does(method: int) -> None:
    assert verdict(with_flag(docx(), method=method)) == DocxVerdict.DAMAGED


def test_the_form_of_file_for_more_than_four_gigabytes() -> None:
    """Its own count of parts would be believed, and is anything that somebody wrote there."""
    content = docx()
    at = content.rindex(b"PK\x05\x06")
    locator = b"PK\x06\x07" + struct.pack("<LQL", 0, 0, 1)
    assert verdict(content[:at] + locator + content[at:]) == DocxVerdict.TOO_MUCH


def test_a_part_that_is_larger_than_its_directory_says() -> None:
    """A directory that promises little must not let much through."""
    content = bytearray(docx(parts={"word/media/image1.bmp": b"\0" * 1_000_000}))
    at = content.rindex(b"PK\x01\x02", 0, content.rindex(b"word/media/image1.bmp"))
    content[at + 24 : at + 28] = (10).to_bytes(4, "little")
    assert verdict(bytes(content)) == DocxVerdict.DAMAGED


@pytest.mark.parametrize(
    "rels",
    [
        relationships(("officeDocument", "http://x/document.xml", "External")),
        relationships(("image", "word/document.xml", "")),
        relationships(),
        "<Relationships",
    ],
)
def test_a_document_that_does_not_say_where_its_text_is(rels: str) -> None:
    content = docx(parts={"_rels/.rels": rels})
    assert verdict(content) == DocxVerdict.DAMAGED
    assert paragraphs(io.BytesIO(content), most=10) == []


def test_the_part_named_as_the_text_is_missing() -> None:
    content = docx(parts={"_rels/.rels": relationships(("officeDocument", "word/other.xml", ""))})
    assert verdict(content) == DocxVerdict.ANOTHER_KIND
    assert paragraphs(io.BytesIO(content), most=10) == []


def test_a_long_text_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(docx_text, "MOST_CHARACTERS", 10)
    assert paragraphs(io.BytesIO(docx(["12345", "67890", "more", "and more"])), most=10) == ["12345", "67890", "more"]


def test_a_text_of_which_only_the_first_part_is_shown_says_so(
    client: Client, maker: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "SHOWN_PARAGRAPHS", 2)
    application = complete_draft(maker)
    frames = []
    for count in (1, 2, 3):
        content = docx([f"Paragraph {number}." for number in range(count)])
        upload = SimpleUploadedFile(f"{count}.docx", content)
        document = attach_document(application=application, kind="other", upload=upload, by=maker)
        address = f"/apply/{application.pk}/documents/{document.pk}/frame/"
        frames.append(client.get(address).content.decode())
    assert ["The text goes on" in each for each in frames] == [False, True, True]
    assert ["Paragraph 2." in each for each in frames] == [False, False, False]


def test_pages_are_counted_once_and_of_pages_only(maker: User) -> None:
    application = complete_draft(maker)
    with pikepdf.new() as pdf:
        for _ in range(3):
            pdf.add_blank_page()
        small, large = io.BytesIO(), io.BytesIO()
        pdf.save(small)
        pdf.Root.Note = pdf.make_stream(os.urandom(80_000))
        pdf.save(large)
    kept = {
        name: attach_document(application=application, kind="other", upload=SimpleUploadedFile(name, content), by=maker)
        for name, content in (("s.pdf", small.getvalue()), ("l.pdf", large.getvalue()), ("t.docx", docx()))
    }

    assert {name: pages_of(document) for name, document in kept.items()} == {"s.pdf": 3, "l.pdf": 3, "t.docx": None}
    default_storage.delete(str(kept["l.pdf"].file))
    assert pages_of(Document.objects.get(pk=kept["l.pdf"].pk)) == 3
    Document.objects.update(pages=None)
    assert pages_of(Document.objects.get(pk=kept["l.pdf"].pk)) is None
    Document.objects.filter(pk=kept["s.pdf"].pk).update(
        scan_state="infected", scan_found="Eicar-Test-Signature", scanned_at=timezone.now()
    )
    assert pages_of(Document.objects.get(pk=kept["s.pdf"].pk)) is None


def test_pages_that_cannot_be_counted() -> None:
    assert count_pages(io.BytesIO(b"%PDF-1.7 nothing")) is None
    assert count_pages(io.BytesIO(b"%PDF-1.7 /Filter nothing" + b"x" * 80_000)) is None


def test_no_pages_are_counted_where_the_temporary_folder_is_full(maker: User) -> None:
    document = attached(complete_draft(maker), text="x" * 400_000)
    with full_disk():
        assert pages_of(document) is None
    assert pages_of(document) == 1
