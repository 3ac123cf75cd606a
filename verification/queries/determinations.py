"""Determinations, drafted and made."""

from verification.models import Application
from verification.models.determination import OUTCOMES


def what_is_missing(application: Application) -> str:
    """What the draft determination still lacks, as a sentence that says what to do; empty when it is complete."""
    determination = application.draft_determination()
    if determination is None:
        return "Draft the determination: its outcome, codes and rationale."
    if not determination.rationale.strip():
        return "Give the rationale; it goes into the letter."
    assigned = determination.codes.count()
    if determination.assigns_codes and not assigned:
        return "Name the code that is assigned, or choose “No HCPCS Code Assigned”."
    if not determination.assigns_codes and assigned:
        return f"“{determination.get_outcome_display()}” goes with no code. Remove the codes or choose another outcome."
    if determination.outcome not in OUTCOMES[application.kind]:
        return f"“{determination.get_outcome_display()}” is no outcome of this kind of application. Choose another one."
    return ""
