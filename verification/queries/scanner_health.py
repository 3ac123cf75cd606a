"""How the virus scanner is, and what waits for it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Min, Q
from django.utils import timezone

from verification.models import Document, ScanState
from verification.services import clamd

ANSWERS_WITHIN = 2.0
"""Seconds. Whoever asks how it is does not want to wait."""
USUALLY_SCANNED_WITHIN = timedelta(minutes=10)
WAITS = Q(scan_state__in=[ScanState.WAITING, ScanState.NOT_SCANNED])


@dataclass(frozen=True)
class ScannerHealth:
    is_set_up: bool
    version: str
    """Empty when it does not answer."""
    problem: str
    """Why it does not answer."""
    waiting: int
    """Documents that nobody can open before they are scanned."""
    oldest: datetime | None
    infected: int
    """Attached now; removed ones do not count."""

    @property
    def line(self) -> str:
        """For a monitor: one line without an address or a name."""
        if not self.is_set_up:
            return "scanner: not set up"
        answers = "answers" if self.version else "does not answer"
        return f"scanner: {answers}, {self.waiting} documents wait"


def scanner_health() -> ScannerHealth:
    """Asks the scanner itself, for ANSWERS_WITHIN seconds at most after it was reached."""
    counts = Document.objects.filter(~Q(scan_state=ScanState.CLEAN), removed_at=None).aggregate(
        waiting=Count("pk", filter=WAITS),
        oldest=Min("uploaded_at", filter=WAITS),
        infected=Count("pk", filter=Q(scan_state=ScanState.INFECTED)),
    )
    version = problem = ""
    if settings.CLAMAV:
        try:
            version = clamd.version(settings.CLAMAV, within=ANSWERS_WITHIN)
        except clamd.ScannerAway as error:
            problem = str(error)
    return ScannerHealth(is_set_up=bool(settings.CLAMAV), version=version, problem=problem, **counts)


def waiting_too_long() -> int:
    """How many documents wait although the scanner had time for them."""
    if not settings.CLAMAV:
        return 0
    since = timezone.now() - USUALLY_SCANNED_WITHIN
    return Document.objects.filter(WAITS, removed_at=None, uploaded_at__lt=since).count()
