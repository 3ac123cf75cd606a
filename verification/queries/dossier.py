"""One application with everything that its dossier shows, in a number of questions that no content raises."""

from typing import TYPE_CHECKING

from django.db.models import OuterRef, Prefetch, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from verification.models import (
    Application,
    CodeEvidence,
    DeterminedCode,
    Document,
    Finding,
    Letter,
    Reading,
    Remark,
    Submission,
)
from verification.queries.queue import submitted_applications

if TYPE_CHECKING:
    from accounts.models import User


def dossiers(reader: "User") -> QuerySet[Application]:
    """Submitted applications, each with its parts at hand, and with

    `letter_id` and `letter_written_at` (of the newest letter), and `read_up_to` (the last message `reader` has seen).
    """
    letters = Letter.objects.filter(determination__application=OuterRef("pk")).order_by("-pk")
    reading = Reading.objects.filter(application=OuterRef("pk"), user=reader)
    return (
        submitted_applications()
        .annotate(
            letter_id=Subquery(letters.values("pk")[:1]),
            letter_written_at=Subquery(letters.values("written_at")[:1]),
            read_up_to=Coalesce(Subquery(reading.values("up_to")[:1]), Value(0)),
        )
        .prefetch_related(
            "requested_codes",
            Prefetch("code_evidence", CodeEvidence.objects.select_related("document")),
            Prefetch("findings", Finding.objects.select_related("by")),
            Prefetch("documents", Document.objects.filter(removed_at=None).select_related("uploaded_by")),
            Prefetch("remarks", Remark.objects.select_related("by").order_by("at", "id")),
            Prefetch("submissions", Submission.objects.order_by("number")),
            Prefetch("determination__codes", DeterminedCode.objects.select_related("model", "code")),
        )
    )
