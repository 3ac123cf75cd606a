"""May this document be opened, and if not, why? And what of the virus scan?"""

from dataclasses import dataclass

from django.conf import settings
from django.utils import timezone
from django.utils.dateformat import format as format_date

from verification.models import Document, ScanState

INFECTED = "The virus scan found something in this file, so nobody can open it here."
WAITS = "This file waits for the virus scan. It can be opened once it was found clean, usually within a minute."


def why_withheld(document: Document) -> str:
    """Empty when it may be opened. Infected files never are; others that are not scanned only where nothing scans."""
    if document.scan_state == ScanState.INFECTED:
        return INFECTED
    if settings.CLAMAV and document.scan_state != ScanState.CLEAN:
        return WAITS
    return ""


@dataclass(frozen=True)
class Scan:
    text: str
    tag: str
    """Kind of components/status_tag.html."""
    sentence: str


def scan_of(document: Document) -> Scan:
    """What is known of the virus scan, for the applicant and the contractor alike."""
    when = format_date(timezone.localtime(document.scanned_at), "F j, Y") if document.scanned_at else ""
    match document.scan_state:
        case ScanState.INFECTED:
            return Scan("Infected", "bad", f"Infected with {document.scan_found}, found on {when}.")
        case ScanState.CLEAN:
            return Scan("Scanned", "good", f"Nothing was found on {when}.")
        case _ if settings.CLAMAV:
            return Scan("Waiting for the scan", "waiting", "Waiting for the virus scan.")
    return Scan("Not scanned", "past", "Not scanned: no virus scanner is set up.")
