"""What the contractor and the DME MACs have published on coding."""

from django.db.models import QuerySet

from pcl.models import Publication
from pcl.queries.keyset import Order, Row

NEWEST_FIRST = Order(columns=("posted", "pk"), key=("posted_text", "number"), falling=True)


def publications() -> QuerySet[Publication]:
    """Newest first, with codes and history."""
    return Publication.objects.prefetch_related("codes", "history").order_by("-posted", "-pk")


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
