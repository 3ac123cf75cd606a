"""The documents of the application that a reconsideration follows: read beside its own, and not copied."""

from verification.models import Application, Document


def documents_of_the_first(application: Application) -> list[Document]:
    """Empty for what is no reconsideration."""
    first = application.reconsiders
    if first is None:
        return []
    return list(Document.objects.filter(application=first.application_id, removed_at=None).order_by("id"))
