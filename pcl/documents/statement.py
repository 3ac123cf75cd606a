"""A statement of listing as an accessible PDF (PDF/UA-1), made of what the statement keeps."""

import io
import json
from datetime import UTC
from functools import lru_cache
from pathlib import Path
from typing import Any

import segno
from django.conf import settings

from pcl.dates import instant_in_words
from pcl.documents.typeset import showable, typeset
from pcl.models import Statement

TEMPLATE = Path(__file__).with_name("statement.typ")
NOT_COVERED = (
    "A listing says under which HCPCS code a product is billed. It does not say that Medicare covers the product or "
    "pays for it. The DME MACs decide that claim by claim, under the local coverage determinations (LCDs) and policy "
    "articles."
)


def statement_pdf(statement: Statement) -> bytes:
    """The document. The same statement gives the same bytes, as long as the same typst sets it (it takes 0.02 s)."""
    return _set(json.dumps(statement_text(statement), sort_keys=True), statement_address(statement))


def statement_address(statement: Statement) -> str:
    """Where anybody can have it confirmed."""
    return f"{settings.SITE_URL}{statement.get_absolute_url()}"


def statement_text(statement: Statement) -> dict[str, Any]:
    """What the document says; characters that its fonts lack as their numbers, such as [U+4E2D]."""
    said, then = statement.said, statement.said["then"]
    changes = [change for change in (said["now"]["change"], then and then["change"]) if change]
    if len(changes) == 2 and changes[0] == changes[1]:
        changes.pop()
    issued = statement.issued_at.astimezone(UTC)
    text = {
        "number": statement.number,
        "issued": f"{instant_in_words(statement.issued_at)} ({issued:%Y-%m-%d %H:%M:%S} UTC)",
        "issued_at": [issued.year, issued.month, issued.day, issued.hour, issued.minute, issued.second],
        "question": said["question"],
        "answer": said["answer"],
        "by_the_list": said["by_the_list"],
        "remarks": [*said["names"], *said["elsewhere"], said["requirement"]],
        "has_then": then is not None,
        "then_title": f"The list of {instant_in_words(statement.as_published)}" if statement.as_published else "",
        "rows": statement_rows(statement),
        "changes": [f"Change {change['seq']} of the register, {change['at']}" for change in changes],
        "hashes": [change["hash"] for change in changes],
        "not_covered": NOT_COVERED,
        "address": statement_address(statement),
    }
    shown: dict[str, Any] = showable(text)
    return shown


def statement_rows(statement: Statement) -> list[list[str]]:
    """Field by field what the list showed when it was issued, and at the moment asked about: empty where none is."""
    then = statement.said["then"]
    then_facts = dict(then["facts"]) if then else {}

    def beside(name: str, value: str) -> str:
        if not then:
            return ""
        shown = then_facts.get(name, "not on the list")
        return "the same" if shown == value else shown

    return [[name, value, beside(name, value)] for name, value in statement.said["now"]["facts"]]


# Asked for again mostly by whoever has just asked for it.
@lru_cache(maxsize=64)
def _set(text: str, address: str) -> bytes:
    picture = io.BytesIO()
    segno.make(address, error="m").save(picture, kind="svg", border=2, scale=4)
    return typeset(TEMPLATE, {"statement": text, "qr": picture.getvalue().decode()})
