"""Determinations, drafted and made."""

from hcpcs.models import Code
from verification.models import Application, Determination
from verification.models.determination import OUTCOMES

MODELS_NAMED = 3


def what_is_missing(application: Application) -> str:
    """What the draft determination still lacks, as a sentence that says what to do; empty when it is complete."""
    determination = application.draft_determination()
    if determination is None:
        return "Draft the determination: its outcome, codes and rationale."
    if not determination.rationale.strip():
        return "Give the rationale; it goes into the letter."
    assigned = determination.codes.count()
    if determination.outcome not in OUTCOMES[application.kind]:
        return f"“{determination.get_outcome_display()}” is no outcome of this kind of application. Choose another one."
    if determination.assigns_codes:
        return _what_a_model_lacks(determination) if assigned else _no_code_at_all(determination)
    if assigned:
        return f"“{determination.get_outcome_display()}” goes with no code. Remove the codes or choose another outcome."
    return ""


def _no_code_at_all(determination: Determination) -> str:
    if determination.models_without_code.exists():
        return "No model gets a code: choose “No HCPCS Code Assigned”, and say why in the rationale."
    return "Name the code that is assigned, or choose “No HCPCS Code Assigned”."


def _what_a_model_lacks(determination: Determination) -> str:
    without_reason = determination.models_without_code.filter(reason="").select_related("model")
    if named := [row.model.model_number for row in without_reason]:
        return f"Say why no code is assigned to {_some(named)}; it goes into the letter."
    said = determination.codes.values("model"), determination.models_without_code.values("model")
    models = determination.application.models.exclude(pk__in=said[0]).exclude(pk__in=said[1])
    if named := list(models.values_list("model_number", flat=True)):
        return f"Nothing is said of {_some(named)}: assign a code, or say that there is none."
    return ""


def _some(numbers: list[str]) -> str:
    more = f" and {len(numbers) - MODELS_NAMED} more" if len(numbers) > MODELS_NAMED else ""
    return f"model {', '.join(numbers[:MODELS_NAMED])}{more}"


def assigned_codes(determination: Determination) -> list[Code]:
    """The meanings of codes that it assigns to any model, each once, by code."""
    ids = determination.codes.order_by().values("code")
    return list(Code.objects.defer("search").filter(pk__in=ids).order_by("code", "pk"))
