"""What registrars are writing. For their console only."""

from django.db.models import QuerySet

from pcl.models import Publication, PublicationDraft

MOST_SHOWN = 100


def drafts() -> QuerySet[PublicationDraft]:
    """Saved last, first."""
    return PublicationDraft.objects.select_related("publication", "written_by")


def drafts_of(publication: Publication) -> list[PublicationDraft]:
    """Of its revisions."""
    return list(drafts().filter(publication=publication)[:MOST_SHOWN])
