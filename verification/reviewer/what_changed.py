"""Said to somebody whose page was older than the application."""

from verification.models import Application


def who_changed_it(application: Application, seen_version: int | None) -> list[str]:
    """What happened since the page was opened, as sentences, from the log and the checklist."""
    steps = application.log.select_related("by")
    if seen_version is not None:
        steps = steps.filter(seen_version__gte=seen_version, number__gt=0)
    said = [f"{log.by or 'The system'}: {log.label}." for log in steps.order_by("number")]
    finding = application.findings.select_related("by").order_by("-at").first()
    if not said and finding is not None:
        said = [f"{finding.by} saved the review."]
    return said
