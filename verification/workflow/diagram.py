"""The workflow table as a page for people: docs/workflow.md is what this says, and a test compares."""

from verification.workflow.states import FINAL, PUBLIC_LABELS, Status
from verification.workflow.table import TRANSITIONS


def as_markdown() -> str:
    arrows = [
        f"    {source.value} --> {step.leads_to(source).value}: {step.name}"
        for step in TRANSITIONS
        for source in sorted(step.sources)
    ]
    ends = [f"    {state.value} --> [*]" for state in sorted(FINAL)]
    rows = [
        f"| {step.name} | {', '.join(sorted(step.sources))} | {step.target or 'the same'} | {step.actor.value} | "
        f"{', '.join(given.label.lower() for given in step.given) or '—'} | "
        f"{', '.join(guard.replace('_', ' ') for guard in step.guards) or '—'} |"
        for step in TRANSITIONS
    ]
    labels = [f"| {state.value} | {state.label} | {PUBLIC_LABELS[state]} |" for state in Status]
    return "\n".join(
        [
            "# The workflow of an application",
            "",
            "Drawn from `verification/workflow/table.py`; a test fails when the two differ.",
            "",
            "```mermaid",
            "stateDiagram-v2",
            "    [*] --> draft: start",
            *arrows,
            *ends,
            "```",
            "",
            "| Step | From | To | Who | Must be given | Only when |",
            "|---|---|---|---|---|---|",
            *rows,
            "",
            "## What states are called",
            "",
            "| State | To the contractor's people | To everybody else |",
            "|---|---|---|",
            *labels,
            "",
        ]
    )
