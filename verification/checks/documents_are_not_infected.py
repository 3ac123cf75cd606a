from collections.abc import Iterator

from verification.checks.gap import Gap
from verification.models import Application, ScanState


def check(application: Application) -> Iterator[Gap]:
    """What nobody may open is no evidence. A file that still waits for the scan holds nobody up: dates run on."""
    for document in application.documents.filter(removed_at=None, scan_state=ScanState.INFECTED).order_by("id"):
        yield Gap(
            "documents",
            f"Remove {document.name}, which the virus scan found infected, and attach a clean copy.",
            document.kind,
        )
