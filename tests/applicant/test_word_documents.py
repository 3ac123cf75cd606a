"""Word documents are taken when they hold text and pictures, and nothing that runs, fetches or is packed in."""

import io
import zipfile

import pytest

from tests.applicant.docx_files import WORD, docx, relationships
from verification.services import docx_package
from verification.services.docx_inspection import DocxVerdict, verdict_on
from verification.services.docx_text import paragraphs

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
