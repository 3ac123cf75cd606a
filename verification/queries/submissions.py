"""What was sent, and whether it still is what was sent."""

import hashlib
import json
from typing import Any

from verification.models import Application, Submission


def fingerprint(content: Any, documents: Any) -> str:
    """The sha256, as hexadecimal digits, of both as canonical JSON (keys sorted, no blanks, UTF-8)."""
    said = json.dumps(
        {"content": content, "documents": documents}, sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )
    return hashlib.sha256(said.encode()).hexdigest()


def is_whole(submission: Submission) -> bool:
    """Whether it says what it said when it was kept."""
    return fingerprint(submission.content, submission.documents) == submission.sha256


def newest_submission(application: Application) -> Submission | None:
    """What was sent last; None for a draft, and for what was submitted before submissions were kept."""
    return application.submissions.order_by("-number").first()


def documents_of(application: Application) -> list[dict[str, Any]]:
    """The files attached now, as a submission keeps them."""
    return [
        {
            "id": document.pk,
            "kind": document.kind,
            "label": application.group.document_label(document.kind),
            "name": document.name,
            "sha256": document.sha256,
            "size": document.size,
        }
        for document in application.documents.filter(removed_at=None).order_by("pk")
    ]
