"""What happened to an application, step by step: who, when, and what was given."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.dateformat import format as format_date

from verification.models import Application, TransitionLog
from verification.product_groups import reasons
from verification.workflow.states import Status
from verification.workflow.table import BY_NAME, Given, Kind


@dataclass(frozen=True)
class Event:
    at: datetime
    what: str
    by: str
    state: str
    """Where the application stood after it."""
    given: list[tuple[str, list[str]]]
    """Label and lines of each thing given with it."""


def timeline(application: Application) -> list[Event]:
    """Every step, the newest first."""
    events: list[Event] = []
    asked: list[str] = []
    for log in application.log.select_related("by").order_by("number"):
        if log.transition == "request_information":
            asked = log.given["items"]
        events.append(
            Event(
                at=log.at,
                what=log.label,
                by=str(log.by) if log.by else "The system",
                state=Status(log.target).label,
                given=list(_given(log, asked)),
            )
        )
    return events[::-1]


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
