"""Keeping what an applicant sends, in the transaction in which it is sent."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from verification.models import Application, Submission
from verification.queries.said import said_sections
from verification.queries.submissions import documents_of, fingerprint, newest_submission

FORMAT = 1


def keep_submission(application: Application, *, at: datetime) -> Submission:
    """Keep `application` as it is submitted at `at`. Its row need not be saved yet, its sections must be."""
    return _keep(application, at=at, sections=said_sections(application), answers=[])


def keep_answers(
    application: Application, *, at: datetime, asked_at: datetime, items: Sequence[str], answers: Sequence[str]
) -> Submission:
    """Keep the answers to the request of `asked_at`, beside all that was said before, and the documents as they are."""
    earlier = newest_submission(application)
    answered = {
        "asked_at": asked_at.isoformat(),
        "answered_at": at.isoformat(),
        "items": [{"item": item, "answer": answer} for item, answer in zip(items, answers, strict=True)],
    }
    return _keep(
        application,
        at=at,
        sections=earlier.sections if earlier else said_sections(application),
        answers=[*(earlier.answers if earlier else []), answered],
    )


def _keep(
    application: Application, *, at: datetime, sections: list[dict[str, Any]], answers: list[dict[str, Any]]
) -> Submission:
    content = _as_kept(
        {
            "format": FORMAT,
            "dcn": application.dcn,
            "organization": application.organization.name,
            "product_group": {
                "slug": application.group.slug,
                "title": application.group.title,
                "version": application.group.version,
            },
            "sections": sections,
            "answers": answers,
        }
    )
    documents = documents_of(application)
    last = newest_submission(application)
    return Submission.objects.create(
        application=application,
        number=last.number + 1 if last else 1,
        at=at,
        content=content,
        documents=documents,
        sha256=fingerprint(content, documents),
    )


def _as_kept(value: Any) -> Any:
    """`value` as the database gives it back: it keeps 5.0 and 5e3 as numbers, not as they were written."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {key: _as_kept(each) for key, each in value.items()}
    return [_as_kept(each) for each in value] if isinstance(value, list | tuple) else value
