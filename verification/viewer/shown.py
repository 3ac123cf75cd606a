"""A document as the viewer shows it."""

from dataclasses import dataclass

from django.urls import reverse

from verification.models import Document
from verification.queries.document_standing import Scan, scan_of, why_withheld
from verification.viewer.addresses import Door, document_at_page, frame_at_page


@dataclass(frozen=True)
class ShownDocument:
    """What `components/document_viewer.html` needs, as `shown`."""

    document: Document
    label: str
    """What it is evidence of."""
    page: int | None
    page_url: str
    frame_url: str
    file_url: str
    withheld: str
    """Why it is not shown; empty when it is."""
    scan: Scan


def shown_document(document: Document, *, door: Door = "review", page: int | None = None) -> ShownDocument:
    """Asks no question of the database when `document.application` is there already."""
    return ShownDocument(
        document=document,
        label=document.application.group.document_label(document.kind),
        page=page,
        page_url=document_at_page(document, page, door=door),
        frame_url=frame_at_page(document, page, door=door),
        file_url=reverse(f"{door}:document", args=[document.application_id, document.pk]),
        withheld=why_withheld(document),
        scan=scan_of(document),
    )
