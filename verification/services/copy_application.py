"""A new application from an earlier one: everything that still fits, and a word on everything that does not."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from verification.models import (
    Application,
    ApplicationKind,
    CodeEvidence,
    Document,
    RequestedCode,
    ScanState,
)
from verification.product_groups import Question, group, reasons
from verification.queries.reconsideration import clock
from verification.queries.representation import may_act_on
from verification.services.begin_after import begins_through, copy_models, taken_over
from verification.services.drafts import untouched_draft
from verification.services.scan import ask_for_scan
from verification.workflow.errors import NotAllowed
from verification.workflow.perform import start
from verification.workflow.states import Status

if TYPE_CHECKING:
    from accounts.models import User

COPIED_KINDS = frozenset({ApplicationKind.INITIAL, ApplicationKind.RECONSIDERATION})


@dataclass
class Copied:
    application: Application
    not_taken_over: list[str] = field(default_factory=list)
    """What did not fit any more, as sentences that say what to do."""


@transaction.atomic
def copy_application(*, application: Application, by: "User", reason: str = "") -> Copied:
    """A new draft with what `application` says, which cites it. It is never signed.

    Answers and documents are taken over where the newest questions of the product group still ask them, codes where
    they are in force today. A document is the same file, kept once: removed from the draft, it stays with the earlier
    application. `reason` is a key of reasons.toml; empty takes the one that fits. A double click begins one draft.
    Begun for the same organization, through the same representative where `by` is one of its people.
    Raises NotAllowed for a kind of application that says nothing of a product, and for a representative whose
    authorization does not extend to new applications.
    """
    if application.kind not in COPIED_KINDS:
        raise NotAllowed("Only an application for review can be copied. Begin this one again from My listings.")
    made_by = begins_through(by, application.organization, kind=ApplicationKind.INITIAL, after=application)
    cites = application.dcn or ""
    untouched = untouched_draft(
        kind=ApplicationKind.INITIAL,
        organization=application.organization,
        by=by,
        made_by=made_by,
        previous_dcn=cites,
        product_name=application.product_name,
    )
    if untouched is not None and cites:
        return Copied(untouched)
    chosen = group(application.product_group)
    # A reconsideration asks questions of its own; those on the product were answered in the first application.
    first = application.reconsiders.application if application.reconsiders else None
    # Of the manufacturer's reconsideration the first application may be its distributor's, and is not for reading.
    answered = first if first is not None and may_act_on(by, first) else application
    said = answered.answers if first is None or answered == first else {}
    answers, lost = _still_fitting(said, chosen.questions, answered.group.questions)
    draft = start(
        Application(
            organization=application.organization,
            made_by=made_by,
            applies_as=application.applies_as,
            created_by=by,
            product_group=chosen.slug,
            product_group_version=chosen.version,
            answers=answers,
            previous_dcn=cites,
            reason=reason if reasons().for_application(reason) else _reason(application),
            **taken_over(application, made_by=made_by),
        ),
        by=by,
    )
    copied = Copied(draft, lost)
    copied.not_taken_over += _codes(application, draft)
    copy_models(application, draft)
    copied.not_taken_over += _documents({application.pk, answered.pk}, draft, {kind.key for kind in chosen.documents})
    return copied


def _reason(application: Application) -> str:
    if application.status == Status.REJECTED:
        return "rejected-before"
    determination = application.draft_determination()
    if application.status == Status.DETERMINED and determination is not None:
        time = clock(determination, today=timezone.localdate())
        return "reviewed-over-45-days-ago" if time is not None and time.has_run_out else ""
    return ""


def _still_fitting(
    answers: dict[str, Any], asked: tuple[Question, ...], asked_then: tuple[Question, ...]
) -> tuple[dict[str, Any], list[str]]:
    labels = {question.key: question.label for question in asked_then}
    now = {question.key: question for question in asked}
    kept: dict[str, Any] = {}
    lost = []
    for key, answer in answers.items():
        question = now.get(key)
        if question is None:
            lost.append(f"“{labels.get(key, key)}” is not asked any more; its answer was left out.")
        elif question.kind == "choice" and answer not in dict(question.options):
            lost.append(f"“{question.label}” has other answers now; choose one.")
        elif question.kind != next((then.kind for then in asked_then if then.key == key), question.kind):
            lost.append(f"“{question.label}” is asked otherwise now; answer it again.")
        else:
            kept[key] = answer
    return kept, lost


def _codes(application: Application, draft: Application) -> list[str]:
    today = timezone.localdate()
    rows = list(application.requested_codes.select_related("code"))
    RequestedCode.objects.bulk_create(
        RequestedCode(application=draft, code=row.code) for row in rows if row.code.valid_on(today)
    )
    return [
        f"{row.code.code} is not in force today and was left out. Request a code that is."
        for row in rows
        if not row.code.valid_on(today)
    ]


def _documents(of: set[int], draft: Application, kinds: set[str]) -> list[str]:
    """Attach the same files to `draft`, each once per kind; those of a kind that is not asked any more as “other”.

    What is said of where the codes' requirements are shown goes along, and then names the document of the draft.
    """
    lost = []
    copies: dict[tuple[str, str], Document] = {}
    became: dict[int, Document] = {}
    for document in Document.objects.filter(application__in=of, removed_at=None).order_by("id"):
        if document.scan_state == ScanState.INFECTED:
            lost.append(f"{document.name} was not taken over: the virus scan found something in it. Attach another.")
            continue
        kind = document.kind if document.kind in kinds else "other"
        if kind not in kinds:
            lost.append(f"{document.name} was not taken over: nothing asks for such a document now. Attach it again.")
            continue
        earlier = document.pk
        if (kind, document.sha256) not in copies:
            copies[kind, document.sha256] = _attach_again(document, draft, kind=kind)
        became[earlier] = copies[kind, document.sha256]
    _evidence(of, draft, became)
    return lost


def _attach_again(document: Document, draft: Application, *, kind: str) -> Document:
    """The same file under the draft, with the scanner's word on it; without one it is asked for."""
    document.pk = None
    document._state.adding = True  # noqa: SLF001  # Django's own way of copying a row
    document.application, document.kind = draft, kind
    document.uploaded_at = timezone.now()
    document.uploaded_by = draft.created_by
    document.save(force_insert=True)
    if document.scan_state != ScanState.CLEAN:
        ask_for_scan(document)
    return document


def _evidence(of: set[int], draft: Application, became: dict[int, Document]) -> None:
    said = {row.element: row for row in CodeEvidence.objects.filter(application__in=of).order_by("id")}
    CodeEvidence.objects.bulk_create(
        CodeEvidence(
            application=draft,
            element=row.element,
            stands=row.stands,
            document=became.get(row.document_id or 0),
            page=row.page if row.document_id in became else None,
            note=row.note,
        )
        for row in said.values()
    )
