"""Where a document is shown. The same at both doors: `/apply/` for its applicant, `/review/` for the contractor."""

from typing import Literal

from django.urls import reverse

from pcl.text import number_in
from verification.models import Document

Door = Literal["apply", "review"]
# Further than any document goes: what lies behind it is a slip of the keyboard.
LAST_PAGE = 9999


def document_at_page(document: Document, page: int | None = None, *, door: Door = "review") -> str:
    """The page on which `document` is shown in a viewer, opened at its page `page` (the first is 1)."""
    address = reverse(f"{door}:document_view", args=[document.application_id, document.pk])
    return f"{address}?page={page}" if page else address


def frame_at_page(document: Document, page: int | None = None, *, door: Door = "review") -> str:
    """What the viewer's frame shows. Pages are counted in PDF files only; elsewhere the page is without effect."""
    address = reverse(f"{door}:document_frame", args=[document.application_id, document.pk])
    return f"{address}#page={page}" if page else address


def page_asked_for(text: str) -> int | None:
    """The number of a page as it stands in an address; None for what is none."""
    page = number_in(text)
    return page if page is not None and 0 < page <= LAST_PAGE else None
