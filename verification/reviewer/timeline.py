"""Everything that happened to an application: who, when, and what was given or said."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.utils.dateformat import format as format_date

from verification.models import Application, Letter, LetterCorrection, SampleEvent, TransitionLog
from verification.product_groups import reasons
from verification.workflow.states import Status
from verification.workflow.table import BY_NAME, Given, Kind

THE_SYSTEM = "The system"


@dataclass(frozen=True)
class Event:
    at: datetime
    what: str
    by: str
    state: str = ""
    """Where the application stood after it; empty where it moved nothing."""
    given: list[tuple[str, list[str]]] = field(default_factory=list)
    """Label and lines of each thing given with it; the label of what speaks for itself is empty."""


def timeline(application: Application) -> list[Event]:
    """Steps, messages, remarks, samples, documents that came later, letters and their corrections; the newest first."""
    events = [
        *_steps(application),
        *_said(application),
        *_samples(application),
        *_documents(application),
        *_letters(application),
        *_corrections(application),
    ]
    # Sorting keeps steps of one instant in their order.
    return sorted(events, key=lambda event: event.at)[::-1]


def _steps(application: Application) -> Iterator[Event]:
    asked: list[str] = []
    for log in application.log.select_related("by").order_by("number"):
        if log.transition == "request_information":
            asked = log.given["items"]
        yield Event(
            at=log.at,
            what=log.label,
            by=str(log.by) if log.by else THE_SYSTEM,
            state=Status(log.target).label,
            given=list(_given(log, asked)),
        )


def _said(application: Application) -> Iterator[Event]:
    for remark in application.remarks.select_related("by"):
        what = "Message of the applicant" if remark.from_applicant else "Message to the applicant"
        if remark.is_internal:
            what = "Internal remark"
        yield Event(at=remark.at, what=what, by=str(remark.by), given=[("", [remark.text])])


def _samples(application: Application) -> Iterator[Event]:
    of_it = Q(application=application) | Q(sample__application=application)
    for event in SampleEvent.objects.filter(of_it).select_related("by", "sample"):
        detail = [("", [event.detail])] if event.detail else []
        by = str(event.by) if event.by else THE_SYSTEM
        yield Event(at=event.at, what=f"Sample ({event.sample.what}): {event.what}", by=by, given=detail)


def _documents(application: Application) -> Iterator[Event]:
    """What was attached and taken off after submission; a draft is its applicant's own."""
    submitted_at = application.submitted_at
    for document in application.documents.filter(uploaded_at__gt=submitted_at).select_related("uploaded_by"):
        by = str(document.uploaded_by)
        label = application.group.document_label(document.kind)
        yield Event(at=document.uploaded_at, what="Document attached", by=by, given=[(label, [document.name])])
        if document.removed_at:
            yield Event(at=document.removed_at, what="Document taken off", by=by, given=[(label, [document.name])])


def _letters(application: Application) -> Iterator[Event]:
    for letter in Letter.objects.filter(determination__application=application, written_at__isnull=False):
        assert letter.written_at is not None  # noqa: S101
        what = "Letter" if letter.replaces_id is None else "Corrected letter"
        yield Event(at=letter.written_at, what=f"{what} written and the applicant told", by=THE_SYSTEM)


def _corrections(application: Application) -> Iterator[Event]:
    """Proposed by one person; approved by another, not made, or taken back by the first."""
    corrections = LetterCorrection.objects.filter(letter__determination__application=application)
    for each in corrections.select_related("proposed_by", "decided_by"):
        given = [("", [each.what])]
        if each.on_the_register:
            given.append(("", ["The listings are to be corrected with it."]))
        yield Event(
            at=each.proposed_at, what="Correction of the letter proposed", by=str(each.proposed_by), given=given
        )
        if each.decided_at is None:
            continue
        if not each.refusal:
            what = "Correction of the letter approved"
        elif each.decided_by_id == each.proposed_by_id:
            what = "Correction of the letter taken back"
        else:
            what = "Correction of the letter not approved"
        why = [("", [each.refusal])] if each.refusal else []
        yield Event(at=each.decided_at, what=what, by=str(each.decided_by), given=why)


def _given(log: TransitionLog, asked: list[str]) -> Iterator[tuple[str, list[str]]]:
    if log.transition == "respond":
        for item, answer in zip(asked, log.given["answers"], strict=False):
            yield item, [answer]
        return
    step = BY_NAME.get(log.transition)
    for wanted in step.given if step else ():
        if wanted.name in log.given:
            yield wanted.label, _lines(wanted, log.given[wanted.name])


def _lines(wanted: Given, value: Any) -> list[str]:
    if wanted.kind is Kind.DAY:
        return [format_date(date.fromisoformat(value), "F j, Y")]
    if wanted.kind is Kind.REJECTION_REASON:
        reason = reasons().for_rejection(value)
        return [reason.label if reason else value]
    if wanted.kind is Kind.REVIEWER:
        return [value["name"]]
    return list(value) if wanted.kind is Kind.ITEMS else [value]
