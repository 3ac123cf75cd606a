"""The reviewer's work between taking an application and recommending a determination."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from django.db import transaction

from hcpcs.models import Code
from pcl.text import clean_text
from verification.models import (
    Application,
    Determination,
    DeterminedCode,
    Finding,
    ModelWithoutCode,
    Outcome,
    Remark,
    Visibility,
)
from verification.queries import checklist
from verification.workflow.errors import NotAllowed, NotFromHere, Stale
from verification.workflow.states import Status

if TYPE_CHECKING:
    from accounts.models import User


@transaction.atomic
def _open_review(*, application: Application, by: "User", seen_version: int) -> Application:
    """The application, locked, for the reviewer to whom it is assigned. Counts the change."""
    application = Application.objects.select_for_update().get(pk=application.pk)
    if application.status != Status.IN_REVIEW:
        raise NotFromHere(
            f"This application is “{application.get_status_display()}” now, so the review cannot be changed."
        )
    if application.reviewer_id != by.pk:
        raise NotAllowed("Only the assigned reviewer can change the review.")
    if application.version != seen_version:
        raise Stale(
            "The application was changed after you opened this page. Your text is still here: compare, then save again."
        )
    application.version += 1
    application.save(update_fields=["version", "saved_at"])
    return application


class FoundThis(NamedTuple):
    """What was found of a requirement."""

    met: str
    evidence: str = ""
    shown_in: tuple[tuple[int, int | None], ...] = ()
    """Id of a document and its page; no page for the document as a whole."""


@transaction.atomic
def save_findings(
    *, application: Application, findings: Mapping[str, tuple[str, str] | FoundThis], by: "User", seen_version: int
) -> Application:
    """Save the checklist: by row name, what was found. Of places, those in documents of this application are kept.

    Raises NotFromHere, NotAllowed or Stale.
    """
    application = _open_review(application=application, by=by, seen_version=seen_version)
    attached = set(application.documents.filter(removed_at=None).values_list("pk", flat=True))
    for row in checklist.rows(application):
        met, evidence, places = FoundThis(*findings.get(row.name, ("", "")))
        shown_in = [{"document": pk, "page": page} for pk, page in dict.fromkeys(places) if pk in attached]
        if row.finding is None and not (met or evidence or shown_in):
            continue
        Finding.objects.update_or_create(
            application=application,
            code=row.code,
            requirement=row.key,
            defaults={"met": met, "evidence": evidence, "shown_in": shown_in, "by": by},
        )
    return application


@dataclass(frozen=True)
class ForModel:
    """What is decided on one model: these codes, or that it gets none; nothing yet where neither is said."""

    codes: tuple[Code, ...] = ()
    no_code: bool = False
    no_code_reason: str = ""


@transaction.atomic
def draft_determination(
    *,
    application: Application,
    outcome: Outcome,
    codes: Iterable[Code],
    rationale: str,
    by: "User",
    seen_version: int,
    exceptions: "Mapping[int, ForModel] | None" = None,
) -> Determination:
    """Save the draft determination; each of `codes` is assigned to every model of the application but `exceptions`.

    `exceptions` says by the model's primary key what is decided on it instead; it does not count where the outcome is
    that no code is assigned at all. Raises NotFromHere, NotAllowed or Stale.
    """
    application = _open_review(application=application, by=by, seen_version=seen_version)
    determination, _ = Determination.objects.update_or_create(
        application=application, defaults={"outcome": outcome, "rationale": clean_text(rationale)}
    )
    determination.codes.all().delete()
    determination.models_without_code.all().delete()
    if outcome == Outcome.NO_CODE:
        return determination
    for_every_model = ForModel(codes=tuple(codes))
    said = [(model, (exceptions or {}).get(model.pk, for_every_model)) for model in application.models.order_by("pk")]
    DeterminedCode.objects.bulk_create(
        DeterminedCode(determination=determination, model=model, code=code)
        for model, each in said
        for code in dict.fromkeys(each.codes)
    )
    ModelWithoutCode.objects.bulk_create(
        ModelWithoutCode(determination=determination, model=model, reason=clean_text(each.no_code_reason).strip())
        for model, each in said
        if each.no_code
    )
    return determination


@transaction.atomic
def remark(*, application: Application, text: str, visibility: Visibility, by: "User") -> Remark:
    """Add a remark. Nothing said is ever changed or taken back; a double click says it once."""
    Application.objects.select_for_update().get(pk=application.pk)
    last = application.remarks.order_by("-at", "-id").first()
    if last is not None and (last.text, last.visibility, last.by_id) == (text.strip(), visibility, by.pk):
        return last
    return Remark.objects.create(application=application, text=text.strip(), visibility=visibility, by=by)
