"""The virus scan of documents: asked for in the transaction that attaches one, and again until there is an answer."""

import logging

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.jobs import Job

from verification.models import Document, ScanState
from verification.queries.document_content import DocumentUnreadable, open_document
from verification.services import clamd
from verification.services.notify import notify_applicant

FIRST_PAUSE, LONGEST_PAUSE = 15, 600
"""Seconds between two tries: doubled from one to the next."""
MOST_AT_A_TIME = 1000
LONGEST_PROBLEM = 300
LONGEST_NAME = 200

logger = logging.getLogger(__name__)


class NotScannedYet(Exception):
    """Why the scanner gave no word. The job is tried again."""


class UntilItAnswers(BaseRetryStrategy):
    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision:
        pause = min(FIRST_PAUSE * 2 ** min(job.attempts, 10), LONGEST_PAUSE)
        return RetryDecision(retry_in={"seconds": pause})


def ask_for_scan(document: Document) -> None:
    """In the caller's transaction. Without a scanner nothing is asked."""
    if settings.CLAMAV:
        scan_document.defer(document_id=document.pk)


@app.task(queue="scans", retry=UntilItAnswers())
def scan_document(*, document_id: int) -> None:
    """Have document `document_id` scanned. Raises NotScannedYet as long as there is no answer."""
    if not settings.CLAMAV:
        # It was unset meanwhile. When it is set again, `ask_again` finds what still waits.
        return
    document = Document.objects.get(pk=document_id)
    try:
        with open_document(document) as file:
            scanner = clamd.version(settings.CLAMAV)
            word = clamd.scan(settings.CLAMAV, file)
    except clamd.TooLargeForScanner as error:
        raise _note(document, "It is larger than clamd takes: raise its StreamMaxLength.") from error
    except (clamd.ScannerAway, DocumentUnreadable) as error:
        raise _note(document, str(error)) from error
    record_word(document_id=document_id, found=word.found, scanner=scanner)


def _note(document: Document, problem: str) -> NotScannedYet:
    """Kept beside the document, for whoever looks after the scanner."""
    Document.objects.filter(pk=document.pk, scanned_at=None).update(
        scan_state=ScanState.WAITING, scan_problem=problem[:LONGEST_PROBLEM]
    )
    return NotScannedYet(problem)


@transaction.atomic
def record_word(*, document_id: int, found: str, scanner: str) -> None:
    """Keep what the scanner said of a document; `found` is empty for a clean one. The applicant is told once."""
    document = Document.objects.select_for_update(of=("self",)).select_related("application").get(pk=document_id)
    is_news = bool(found) and document.scan_state != ScanState.INFECTED
    document.scan_state = ScanState.INFECTED if found else ScanState.CLEAN
    document.scan_found = found[:LONGEST_NAME]
    document.scanned_by = scanner[:100]
    document.scanned_at = timezone.now()
    document.scan_problem = ""
    document.save(update_fields=["scan_state", "scan_found", "scanned_by", "scanned_at", "scan_problem"])
    if is_news:
        logger.warning("Document %s is infected with %s.", document.pk, found)
        if document.removed_at is None:
            notify_applicant(document.application, "document_infected")


def ask_again(*, everything: bool = False) -> int:
    """Have all documents scanned that no scanner has found clean and for which no job waits; answers how many.

    With `everything` also those that were scanned: with newer signatures. They stay open meanwhile.
    """
    if not settings.CLAMAV:
        return 0
    wanted = Document.objects.filter(removed_at=None)
    if not everything:
        wanted = wanted.exclude(scan_state__in=[ScanState.CLEAN, ScanState.INFECTED])
    jobs = ProcrastinateJob.objects.filter(task_name=scan_document.name, status__in=["todo", "doing"])
    waiting = {args["document_id"] for args in jobs.values_list("args", flat=True)}
    asked = 0
    for document_id in wanted.order_by("pk").values_list("pk", flat=True).iterator(chunk_size=MOST_AT_A_TIME):
        if document_id not in waiting:
            scan_document.defer(document_id=document_id)
            asked += 1
    return asked
