from collections.abc import Iterator

from verification.checks.gap import Gap
from verification.models import Application
from verification.models.application import FdaStatus


def check(application: Application) -> Iterator[Gap]:
    """The 510(k) or De Novo letter is needed where there is one."""
    if application.fda_status != FdaStatus.CLEARED:
        return
    if not application.fda_submission_number:
        yield Gap("product", "Give the number of FDA's clearance.", "fda_submission_number")
    if not application.documents.filter(removed_at=None, kind="fda-clearance").exists():
        yield Gap("documents", "Attach FDA's clearance letter.", "fda-clearance")
