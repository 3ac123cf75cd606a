"""Determinations, drafted and made."""

from verification.models import Application


def what_is_missing(application: Application) -> str:
    """What the draft determination still lacks, as a sentence that says what to do; empty when it is complete."""
    determination = application.draft_determination()
    if determination is None:
        return "Draft the determination: its outcome, codes and rationale."
    if not determination.rationale.strip():
        return "Give the rationale; it goes into the letter."
    assigned = len(determination.codes.all())
    if determination.assigns_codes and not assigned:
        return "Name the code that is assigned, or choose “No HCPCS Code Assigned”."
    if not determination.assigns_codes and assigned:
        return "“No HCPCS Code Assigned” goes with no code. Remove the codes or choose another outcome."
    return ""
