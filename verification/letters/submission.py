"""All that an applicant sent, on paper: an accessible PDF (PDF/UA-1) of what was kept when it was sent."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.utils.dateparse import parse_datetime

from pcl.dates import instant_in_words
from pcl.documents.typeset import showable, typeset
from verification.models import Application, Submission
from verification.queries.said import said_sections
from verification.queries.submissions import documents_of, newest_submission

TEMPLATE = Path(__file__).with_name("submission.typ")
NOT_STATED = "not stated"


def submission_pdf(application: Application) -> bytes:
    """What was sent last, with everything sent before it. The same submission gives the same bytes.

    Nothing of the contractor's side is in it: it holds what the applicant said, and what was asked of the applicant.
    """
    return typeset(TEMPLATE, {"submission": json.dumps(submission_text(application), sort_keys=True)})


def submission_text(application: Application) -> dict[str, Any]:
    """What the document says; characters that its fonts lack as their numbers, such as [U+4E2D]."""
    sent = newest_submission(application)
    said: dict[str, Any] = showable(
        {
            "dcn": application.dcn or "",
            "kind": application.get_kind_display(),
            "product": application.product_name,
            "organization": application.organization.name,
            "submitted": instant_in_words(application.submitted_at) if application.submitted_at else "",
            "sections": [_section(each) for each in (sent.sections if sent else said_sections(application))],
            "requests": [_request(each) for each in (sent.answers if sent else [])],
            "documents": [_document(each) for each in (sent.documents if sent else documents_of(application))],
            "fingerprint": _fingerprint(sent),
        }
    )
    at = _instant(sent, application)
    said["at"] = [at.year, at.month, at.day, at.hour, at.minute, at.second]
    return said


def _instant(sent: Submission | None, application: Application) -> datetime:
    at = sent.at if sent else application.submitted_at
    assert at is not None, "a draft was not sent"  # noqa: S101
    return at


def _section(said: dict[str, Any]) -> dict[str, Any]:
    return {
        "title": said["title"],
        "rows": [[field["label"], field["text"] or NOT_STATED] for field in said["fields"]],
    }


def _request(said: dict[str, Any]) -> dict[str, Any]:
    return {
        "asked": _in_words(said["asked_at"]),
        "answered": _in_words(said["answered_at"]),
        "rows": [[answered["item"], answered["answer"]] for answered in said["items"]],
    }


def _in_words(instant: str) -> str:
    at = parse_datetime(instant)
    return instant_in_words(at) if at else instant


def _document(said: dict[str, Any]) -> list[str]:
    size = filesizeformat(said["size"]).replace("\xa0", " ")
    return [said["label"], said["name"], size, said["sha256"]]


def _fingerprint(sent: Submission | None) -> str:
    if sent is None:
        return ""
    return f"SHA-256 of all of it as it was kept (submission {sent.number} of this application): {sent.sha256}"
