"""Reports of discrepancies: how they come in, and each thing that registrars do with them.

Every function writes a step beside the report, which says who did what and when, and stands for ever.
"""

import secrets
from collections.abc import Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from pcl.errors import RegisterError
from pcl.models import (
    DiscrepancyKind,
    DiscrepancyOutcome,
    DiscrepancyReport,
    DiscrepancyStep,
    DiscrepancyStepKind,
    Listing,
    ListingChange,
)
from pcl.models.discrepancy_report import NAMING

if TYPE_CHECKING:
    from accounts.models import User

# No vowels and nothing that is mistaken for another sign when it is read out.
_SIGNS = "23456789CDFGHJKMNPQRTVWX"


class Stale(RegisterError):
    """Somebody else did something with the report since the page was opened."""


@transaction.atomic
def file_report(
    *,
    submission: UUID,
    kind: DiscrepancyKind,
    text: str,
    listing: Listing | None = None,
    code: str = "",
    about: str = "",
    named: str = "",
    evidence_url: str = "",
    email: str = "",
) -> DiscrepancyReport:
    """Keep what somebody reports. The same form sent twice (`submission`) is one report, with what came first.

    `about` says what it is about where no `listing` is named; `named` is kept only of kinds that say another name.
    """
    report, is_new = DiscrepancyReport.objects.get_or_create(
        submission=submission,
        defaults={
            "reference": _new_reference(),
            "kind": kind,
            "listing": listing,
            "code": listing.code.code if listing else code,
            "about": "" if listing else about,
            "named": named if kind in NAMING else "",
            "text": text,
            "evidence_url": evidence_url,
            "email": email,
        },
    )
    if is_new:
        DiscrepancyStep.objects.create(report=report, kind=DiscrepancyStepKind.RECEIVED)
    return report


def _new_reference() -> str:
    signs = "".join(secrets.choice(_SIGNS) for _ in range(8))
    return f"D-{signs[:4]}-{signs[4:]}"


@transaction.atomic
def add_note(*, report: DiscrepancyReport, note: str, by: "User") -> DiscrepancyStep:
    """An internal note; two at once do not disturb each other."""
    if not note.strip():
        raise RegisterError("Write the note.")
    return DiscrepancyStep.objects.create(report=report, kind=DiscrepancyStepKind.NOTED, note=note, by=by)


@transaction.atomic
def close_report(
    *,
    report: DiscrepancyReport,
    seen_version: int,
    outcome: DiscrepancyOutcome,
    note: str,
    by: "User",
    changes: Sequence[ListingChange] = (),
    duplicate_of: DiscrepancyReport | None = None,
    passed_on_to: str = "",
    answer: str = "",
) -> DiscrepancyReport:
    """Close `report` with its outcome and, where the reporter left an address, mail them `answer`.

    Raises RegisterError where the outcome lacks what it needs (see `refuse_impossible_outcome`) or no note says why;
    Stale when the report is no longer what `seen_version` was.
    """
    report = _locked(report, seen_version)
    if not report.is_open:
        raise Stale("This report is closed already. Reopen it to decide again.")
    if not note.strip():
        raise RegisterError("Write down for your colleagues why.")
    refuse_impossible_outcome(
        report=report,
        outcome=outcome,
        changes=changes,
        duplicate_of=duplicate_of,
        passed_on_to=passed_on_to,
        answer=answer,
    )
    report.outcome = outcome
    report.closed_at = timezone.now()
    report.closed_by = by
    report.duplicate_of = duplicate_of
    report.passed_on_to = passed_on_to
    report.version += 1
    report.save()
    report.changes.set(changes)
    DiscrepancyStep.objects.create(
        report=report,
        kind=DiscrepancyStepKind.CLOSED,
        note=note,
        outcome=outcome,
        detail=_detail(changes, duplicate_of, passed_on_to),
        answer=answer,
        by=by,
    )
    if answer:
        subject, body = answer_mail(report=report, answer=answer)
        send_mail(subject, body, None, [report.email])
    return report


@transaction.atomic
def reopen_report(*, report: DiscrepancyReport, seen_version: int, note: str, by: "User") -> DiscrepancyReport:
    """Take the outcome back; what it was stays among the steps. Raises RegisterError while the report is open."""
    report = _locked(report, seen_version)
    if report.is_open:
        raise Stale("This report is open already.")
    if not note.strip():
        raise RegisterError("Write down for your colleagues why.")
    report.outcome = ""
    report.closed_at = report.closed_by = report.duplicate_of = None
    report.passed_on_to = ""
    report.version += 1
    report.save()
    report.changes.clear()
    DiscrepancyStep.objects.create(report=report, kind=DiscrepancyStepKind.REOPENED, note=note, by=by)
    return report


def refuse_impossible_outcome(
    *,
    report: DiscrepancyReport,
    outcome: DiscrepancyOutcome,
    changes: Sequence[ListingChange],
    duplicate_of: DiscrepancyReport | None,
    passed_on_to: str,
    answer: str,
) -> None:
    """Raise RegisterError unless `outcome` comes with exactly what belongs to it.

    A correction: the changes that resulted, of the listing that the report is about (any, where it names none), and
    none from before the report came. A duplicate: the other report. Passed on: to whom. An answer: wherever, and only
    where, the reporter left an address.
    """
    if (outcome == DiscrepancyOutcome.CORRECTED) is not bool(changes):
        raise RegisterError(
            "Choose the changes of the register that resulted."
            if not changes
            else "Changes result from a correction only. Choose “The list was corrected”, or no change."
        )
    for change in changes:
        if report.listing_id and change.listing_id != report.listing_id:
            raise RegisterError(f"Change {change.seq} is of another listing. Choose among those of this one.")
        if change.at < report.received_at:
            raise RegisterError(f"Change {change.seq} was made before the report came, so it did not result from it.")
    if (outcome == DiscrepancyOutcome.DUPLICATE) is not (duplicate_of is not None):
        raise RegisterError("Give the reference of the report that this one repeats, and only of a duplicate.")
    if duplicate_of is not None and duplicate_of.pk == report.pk:
        raise RegisterError("A report cannot repeat itself. Give the reference of the other one.")
    if (outcome == DiscrepancyOutcome.PASSED_ON) is not bool(passed_on_to):
        raise RegisterError("Say to whom it was passed on, and only where it was.")
    if report.email and not answer:
        raise RegisterError("The reporter asked for an answer. Write it.")
    if answer and not report.email:
        raise RegisterError("The reporter left no address to answer to. Leave the answer empty.")


def answer_mail(*, report: DiscrepancyReport, answer: str) -> tuple[str, str]:
    """Subject and text of the mail that answers a report, as it would be sent."""
    context = {
        "report": report,
        "answer": answer,
        "listing_url": settings.SITE_URL + report.listing.get_absolute_url() if report.listing else "",
        "receipt_url": settings.SITE_URL + reverse("public:report_received", args=[report.reference]),
    }
    return f"Your discrepancy report {report.reference}", render_to_string("registrar/mail/answer.txt", context)


def _locked(report: DiscrepancyReport, seen_version: int) -> DiscrepancyReport:
    locked = DiscrepancyReport.objects.select_for_update().get(pk=report.pk)
    if locked.version != seen_version:
        raise Stale("Another registrar dealt with this report after you opened it. See what was done, then decide.")
    return locked


def _detail(changes: Sequence[ListingChange], duplicate_of: DiscrepancyReport | None, passed_on_to: str) -> str:
    if changes:
        numbers = ", ".join(str(change.seq) for change in changes)
        return f"Change {numbers}" if len(changes) == 1 else f"Changes {numbers}"[:300]
    return f"Same as {duplicate_of.reference}" if duplicate_of else f"To {passed_on_to}" if passed_on_to else ""
