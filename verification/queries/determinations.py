"""Determinations, drafted and made."""

from hcpcs.models import Code
from verification.models import Application, Determination
from verification.models.determination import OUTCOMES
from verification.queries.drafted import Drafted, drafted

MODELS_NAMED = 3


def what_is_missing(application: Application) -> str:
    """What the draft determination still lacks, as a sentence that says what to do; empty when it is complete."""
    determination = application.draft_determination()
    if determination is None:
        return "Draft the determination: its outcome, codes and rationale."
    if not determination.rationale.strip():
        return "Give the rationale; it goes into the letter."
    if determination.outcome not in OUTCOMES[application.kind]:
        return f"“{determination.get_outcome_display()}” is no outcome of this kind of application. Choose another one."
    said = drafted(determination)
    if determination.assigns_codes:
        return _what_a_model_lacks(said) if said.all_codes() else _no_code_at_all(said)
    if said.all_codes():
        return f"“{determination.get_outcome_display()}” goes with no code. Remove the codes or choose another outcome."
    return ""


def _no_code_at_all(said: Drafted) -> str:
    if said.without_code():
        return "No model gets a code: choose “No HCPCS Code Assigned”, and say why in the rationale."
    return "Name the code that is assigned, or choose “No HCPCS Code Assigned”."


def _what_a_model_lacks(said: Drafted) -> str:
    without_reason = [each.model.model_number for each in said.models if each.no_code_reason == ""]
    if without_reason:
        return f"Say why no code is assigned to {_some(without_reason)}; it goes into the letter."
    silent = [each.model.model_number for each in said.models if not each.codes and not each.is_without_code]
    if silent:
        return f"Nothing is said of {_some(silent)}: assign a code, or say that there is none."
    return ""


def _some(numbers: list[str]) -> str:
    more = f" and {len(numbers) - MODELS_NAMED} more" if len(numbers) > MODELS_NAMED else ""
    return f"model {', '.join(numbers[:MODELS_NAMED])}{more}"


def assigned_codes(determination: Determination) -> list[Code]:
    """The meanings of codes that it assigns to any model, each once, by code."""
    return drafted(determination).all_codes()
