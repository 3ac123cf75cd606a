"""The documents of the demonstration: small PDFs that say what they are, and that they are made up."""

import io
import textwrap
from collections.abc import Iterable, Sequence

import pikepdf
from django.core.files.uploadedfile import SimpleUploadedFile

PAGES = 3
_WIDE = 84
_MOST_LINES = 44


def paper(*, name: str, title: str, pages: Sequence[Iterable[str]]) -> SimpleUploadedFile:
    """A PDF of as many letter pages, each with `title` above its paragraphs; the same words give the same file."""
    pdf = pikepdf.new()
    font = pdf.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Font,
            Subtype=pikepdf.Name.Type1,
            BaseFont=pikepdf.Name.Helvetica,
            Encoding=pikepdf.Name.WinAnsiEncoding,
        )
    )
    for number, paragraphs in enumerate(pages, start=1):
        lines = [line for each in paragraphs for line in (*textwrap.wrap(each, _WIDE), "")][:_MOST_LINES]
        pdf.add_blank_page(page_size=(612, 792))
        page = pdf.pages[-1]
        page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        page.Contents = pdf.make_stream(_drawn(title, lines, f"Page {number} of {len(pages)}"))
    pdf.docinfo["/Title"] = title
    content = io.BytesIO()
    pdf.save(content, deterministic_id=True)
    return SimpleUploadedFile(name, content.getvalue(), content_type="application/pdf")


def _drawn(title: str, lines: Iterable[str], foot: str) -> bytes:
    body = "\n".join(f"{_string(line)} Tj T*" for line in lines)
    made_up = "Made up for the demonstration of the register."
    return (
        f"BT /F1 17 Tf 60 724 Td {_string(title)} Tj ET\n"
        f"BT /F1 11 Tf 14.5 TL 60 690 Td\n{body}\nET\n"
        f"BT /F1 9 Tf 60 40 Td {_string(f'{made_up} {foot}.')} Tj ET"
    ).encode("cp1252", "replace")


def _string(text: str) -> str:
    escaped = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
    return f"({escaped})"
