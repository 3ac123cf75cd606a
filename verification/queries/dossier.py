"""One application with everything that its dossier shows, in a number of questions that no content raises."""

from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Prefetch, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, JSONObject
from django.shortcuts import get_object_or_404

from accounts.models import User
from verification.models import (
    Application,
    CodeEvidence,
    Document,
    Finding,
    Letter,
    Reading,
    Remark,
    Submission,
)
from verification.queries.conflicts import in_conflict
from verification.queries.kept_out import not_to_take
from verification.queries.queue import submitted_applications
from verification.queries.reconsideration import TOOK_PART, deciding_steps
from verification.workflow.states import Status

FINDING = ("id", "application_id", "code_id", "requirement", "met", "evidence", "shown_in", "at", "by_id")
EVIDENCE = ("id", "application_id", "element", "stands", "document_id", "page", "note")


def dossier_of(application_id: int, *, reader: User) -> Application:
    """The submitted application of that number, as `dossiers` has it. Raises Http404."""
    found = get_object_or_404(dossiers(reader), pk=application_id)
    found.__dict__[TOOK_PART] = {reader.pk: found.took_part_in_the_first}  # type: ignore[attr-defined]  # annotated
    documents = {document.pk: document for document in found.documents.all()}
    said = [CodeEvidence(**row) for row in found.evidence_said]  # type: ignore[attr-defined]  # annotated
    for each in said:
        if each.document_id is not None:
            each.document = documents[each.document_id]
    _at_hand(found, "code_evidence", said)
    _at_hand(found, "findings", [_finding(row) for row in found.findings_said])  # type: ignore[attr-defined]  # annotated
    return found


def _at_hand(found: Application, name: str, rows: list[Any]) -> None:
    """As prefetching leaves it."""
    kept = getattr(found, name).none()
    kept._result_cache = rows  # noqa: SLF001
    found._prefetched_objects_cache[name] = kept  # type: ignore[attr-defined]  # noqa: SLF001


def _finding(said: dict[str, Any]) -> Finding:
    by = User(pk=said.pop("by_id"), name=said.pop("by_name"), email=said.pop("by_email"))
    return Finding(**said | {"at": datetime.fromisoformat(said["at"])}, by=by)


def dossiers(reader: User) -> QuerySet[Application]:
    """Submitted applications, each with its parts at hand, and with

    `letter_id` and `letter_written_at` (of the newest letter), `read_up_to` (the last message `reader` has seen),
    `is_in_conflict` (whether `reader` must keep out of it), `took_part_in_the_first` (of what it reconsiders),
    `reconsidered_by_id`, `kept_out` (the numbers of what `reader` is not offered to take), and `evidence_said` and
    `findings_said` (see dossier_of). The documents are there with those that were removed:
    evidence may point to one.
    """
    letters = Letter.objects.filter(determination__application=OuterRef("pk")).order_by("-pk")
    evidence = CodeEvidence.objects.filter(application=OuterRef("pk")).order_by("pk")
    findings = Finding.objects.filter(application=OuterRef("pk")).order_by("pk")
    found_by = {"by_name": "by__name", "by_email": "by__email"}
    followed = Application.objects.filter(reconsiders=OuterRef("determination")).exclude(status=Status.DRAFT)
    reading = Reading.objects.filter(application=OuterRef("pk"), user=reader)
    return (
        submitted_applications()
        .select_related("determination__recommended_by", "determination__approved_by", "reconsiders__application")
        .annotate(
            is_in_conflict=Exists(in_conflict(reader, Application.objects.filter(pk=OuterRef("pk")))),
            took_part_in_the_first=Exists(
                deciding_steps(reader).filter(application=OuterRef("reconsiders__application"))
            ),
            evidence_said=ArraySubquery(evidence.values(said=JSONObject(**{name: name for name in EVIDENCE}))),
            findings_said=ArraySubquery(
                findings.values(said=JSONObject(**{name: name for name in FINDING}, **found_by))
            ),
            kept_out=ArraySubquery(not_to_take(reader)),
            reconsidered_by_id=Subquery(followed.order_by("-pk").values("pk")[:1]),
            letter_id=Subquery(letters.values("pk")[:1]),
            letter_written_at=Subquery(letters.values("written_at")[:1]),
            read_up_to=Coalesce(Subquery(reading.values("up_to")[:1]), Value(0)),
        )
        .prefetch_related(
            "requested_codes",
            Prefetch("documents", Document.objects.select_related("uploaded_by")),
            Prefetch("remarks", Remark.objects.select_related("by").order_by("at", "id")),
            Prefetch("submissions", Submission.objects.order_by("number")),
        )
    )
