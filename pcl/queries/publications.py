"""What the contractor and the DME MACs have published on coding."""

from django.db.models import Prefetch, QuerySet

from hcpcs.models import Code
from pcl.models import Publication, PublicationHistory, PublicationStatus, PublicationVersion
from pcl.queries.keyset import Order, Row

NEWEST_FIRST = Order(columns=("posted", "pk"), key=("posted_text", "number"), falling=True)


MEANINGS = {
    PublicationStatus.CURRENT: "It applies as it was first posted, corrections of wording aside.",
    PublicationStatus.REVISED: "It applies, and has changed since it was first posted: the history says how.",
    PublicationStatus.RETIRED: "It no longer applies. It stays here because it may still be what counts for "
    "earlier dates of service.",
}
MOST_CHANGES = 50


def publications() -> QuerySet[Publication]:
    """Newest first, with codes and history."""
    codes = Prefetch("codes", Code.objects.defer("search"))
    return Publication.objects.prefetch_related(codes, "history").order_by("-posted", "-pk")


def newest_changes() -> QuerySet[PublicationHistory]:
    """The last rows of all histories, newest first."""
    return PublicationHistory.objects.select_related("publication").order_by("-changed_on", "-pk")[:MOST_CHANGES]


def history_of(publication: Publication) -> list[tuple[PublicationHistory, int | None]]:
    """Each row, oldest first, with the number of the version that it made; None where that text was never here.

    What was first entered here is version 1: the last of the rows that came along with it tells of that text.
    """
    rows = list(publication.history.all())
    came_along = [row for row in rows if row.version is None]
    first = came_along[-1] if came_along and not any(row.version == 1 for row in rows) else None
    return [(row, 1 if row is first else row.version) for row in rows]


def version_of(publication: Publication, number: int) -> PublicationVersion | None:
    """What a publication said under `number`; None where it never had that many, or says so today."""
    return publication.earlier_versions.filter(number=number).first()


def publication_rows(found: QuerySet[Publication], *, site: str) -> list[Row]:
    return [
        {
            "slug": publication.slug,
            "title": publication.title,
            "publishers": publication.publishers,
            "posted": publication.posted,
            "last_updated": publication.last_updated,
            "status": publication.status,
            "codes": sorted(code.code for code in publication.codes.all()),
            "citations": publication.citations,
            "history": [
                {"changed_on": row.changed_on, "description": row.description} for row in publication.history.all()
            ],
            "body": publication.body,
            "url": f"{site}{publication.get_absolute_url()}",
            "number": publication.pk,
            "posted_text": publication.posted.isoformat(),
        }
        for publication in found
    ]
