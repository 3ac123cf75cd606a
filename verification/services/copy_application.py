"""A new application from an earlier one: everything that still fits, and a word on everything that does not."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from verification.models import (
    Application,
    ApplicationKind,
    ApplicationModel,
    Document,
    Representation,
    RequestedCode,
)
from verification.product_groups import Question, group, reasons
from verification.queries.reconsideration import clock
from verification.services.begin_after import OF_THE_MAKER, OF_THE_PRODUCT
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
    Raises NotAllowed for a kind of application that says nothing of a product.
    """
    if application.kind not in COPIED_KINDS:
        raise NotAllowed("Only an application for review can be copied. Begin this one again from My listings.")
    # Of two clicks at once, the second waits here and finds the draft of the first.
    list(Representation.objects.select_for_update().filter(user=by, ended_at=None))
    cites = application.dcn or ""
    untouched = Application.objects.filter(
        kind=ApplicationKind.INITIAL,
        organization=application.organization_id,
        created_by=by,
        status=Status.DRAFT,
        discarded_at=None,
        version=1,
        previous_dcn=cites,
        product_name=application.product_name,
    ).exclude(previous_dcn="")
    if (found := untouched.first()) is not None:
        return Copied(found)
    chosen = group(application.product_group)
    # A reconsideration asks questions of its own; those on the product were answered in the first application.
    answered = application.reconsiders.application if application.reconsiders else application
    answers, lost = _still_fitting(answered.answers, chosen.questions, answered.group.questions)
    draft = start(
        Application(
            organization=application.organization,
            created_by=by,
            product_group=chosen.slug,
            product_group_version=chosen.version,
            answers=answers,
            previous_dcn=cites,
            reason=reason if reasons().for_application(reason) else _reason(application),
            **{name: getattr(application, name) for name in OF_THE_MAKER + OF_THE_PRODUCT},
        ),
        by=by,
    )
    ApplicationModel.objects.bulk_create(
        ApplicationModel(application=draft, model_number=model.model_number, normalized=model.normalized)
        for model in application.models.all()
    )
    copied = Copied(draft, lost)
    copied.not_taken_over += _codes(application, draft)
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
    """Attach the same files to `draft`, each once per kind; those of a kind that is not asked any more as “other”."""
    lost = []
    seen: set[tuple[str, str]] = set()
    for document in Document.objects.filter(application__in=of, removed_at=None).order_by("id"):
        kind = document.kind if document.kind in kinds else "other"
        if kind not in kinds:
            lost.append(f"{document.name} was not taken over: nothing asks for such a document now. Attach it again.")
            continue
        if (kind, document.sha256) in seen:
            continue
        seen.add((kind, document.sha256))
        document.pk = None
        document._state.adding = True  # noqa: SLF001  # Django's own way of copying a row
        document.application, document.kind = draft, kind
        document.uploaded_at = timezone.now()
        document.uploaded_by = draft.created_by
        document.save(force_insert=True)
    return lost
