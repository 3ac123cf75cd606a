"""What was published and revised, for programs that look by themselves: Atom, an entry for each row of a history."""

from datetime import date, datetime, time
from typing import Any

from django.contrib.syndication.views import Feed
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed

from pcl.models import PublicationHistory
from pcl.queries.publications import newest_changes


class PublicationFeed(Feed):
    feed_type = Atom1Feed
    title = "Publications on correct coding"
    subtitle = "What the DME MACs and the coding contractor have published and revised. Listed is not covered."
    author_name = "PCL Registry"

    def link(self) -> str:
        return reverse("public:publications")

    def items(self) -> QuerySet[PublicationHistory]:
        return newest_changes()

    def item_title(self, item: Any) -> str:
        return f"{item.publication.title}: {item.description}"

    def item_description(self, item: PublicationHistory) -> str:
        return f"{', '.join(item.publication.publishers)}. Status: {item.publication.get_status_display()}."

    def item_link(self, item: PublicationHistory) -> str:
        # A row's own number, so that each change is an entry of its own also where the page is the same.
        return f"{item.publication.get_absolute_url()}#change-{item.pk}"

    def item_pubdate(self, item: PublicationHistory) -> datetime:
        return _begin_of(item.changed_on)

    def item_updateddate(self, item: PublicationHistory) -> datetime:
        return _begin_of(item.changed_on)


def _begin_of(day: date) -> datetime:
    """In Eastern time."""
    return timezone.make_aware(datetime.combine(day, time.min))
