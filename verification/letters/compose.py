"""The letter of a determination as an accessible PDF (PDF/UA-1)."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import typst

from verification.models import Determination

TEMPLATE = Path(__file__).with_name("determination.typ")
# A reconsideration is accepted up to and including this day after the letter date.
RECONSIDERATION_DAYS = 45
NOTICE_DAYS = 30


def in_words(day: date) -> str:
    return f"{day:%B} {day.day}, {day.year}"


def letter_text(determination: Determination, *, draft_of: date | None = None) -> dict[str, Any]:
    """What the letter says, or with `draft_of` what it would say if it were dated that day.

    Nothing internal goes in: no reviewer, no recommendation, no checklist.
    """
    application = determination.application
    letter_date = determination.letter_date or draft_of
    assert letter_date is not None, "a letter is written after the determination"  # noqa: S101
    last_day = letter_date + timedelta(days=RECONSIDERATION_DAYS)
    begins = in_words(determination.begins) if determination.begins else "set with the determination"
    return {
        "draft": determination.letter_date is None,
        "title": "Coding Verification Review: Determination",
        "dcn": application.dcn,
        "letter_date": in_words(letter_date),
        "recipient": [application.manufacturer_name, *application.manufacturer_address.splitlines()],
        "contact": application.contact_name,
        "product": application.product_name,
        "manufacturer": application.manufacturer_name,
        "opening": "The review of the product named above is complete. This is the determination.",
        "codes": [
            {
                "model": row.model.model_number,
                "code": row.code.code,
                "description": row.code.long_description,
                "begins": begins,
            }
            for row in determination.codes.select_related("model", "code")
        ],
        "rationale": [part.strip() for part in determination.rationale.split("\n\n") if part.strip()],
        "not_coverage": (
            "It says under which HCPCS code the product is billed. It does not say that Medicare covers the product "
            "or pays for it; that is decided by the DME MACs under their policies. Suppliers do not need this letter: "
            "they look the product up on the Product Classification List."
        ),
        "reconsideration": (
            f"You may ask for a reconsideration up to and including {in_words(last_day)}, {RECONSIDERATION_DAYS} days "
            "after the date of this letter, with information on features that was not submitted before, or with "
            "evidence that the design changed. After that day, submit a new application."
        ),
        "changes": (
            f"Tell us within {NOTICE_DAYS} days when the product, its name, its model numbers or its manufacturer "
            "change."
        ),
    }


def letter_pdf(determination: Determination, *, draft_of: date | None = None) -> bytes:
    """The letter as PDF/UA-1; with `draft_of`, marked as a draft of that day. Raises typst.TypstError."""
    text = json.dumps(letter_text(determination, draft_of=draft_of))
    return typst.compile(str(TEMPLATE), sys_inputs={"letter": text}, pdf_standards=["ua-1"])
