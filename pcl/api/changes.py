"""The change feed: a program that remembers the last `seq` misses nothing, and can check that nothing was rewritten."""

from rest_framework.request import Request
from rest_framework.response import Response

from pcl.api.read_view import ReadView, address_with, envelope
from pcl.api.schema import documented
from pcl.api.serializers import ChangeSerializer
from pcl.queries.change_feed import change_rows, changes_after, last_change
from pcl.queries.parameters import limit_in, number_in


@documented(
    ChangeSerializer(many=True),
    "Changes, oldest first",
    "`count` is how many changes come after `after`. Ask again later with the last `seq` that you have seen.",
)
class Changes(ReadView):
    parameters = ("after", "limit")

    def get(self, request: Request) -> Response:
        after, limit = number_in(request.GET, "after", default=0), limit_in(request.GET)
        # Read first: what is added meanwhile is then at worst told too early, never skipped.
        newest = last_change()
        rows = change_rows(changes_after(after)[:limit])
        # The numbers have no gaps, so there is nothing to count.
        count = max(0, newest.seq - after) if newest else 0
        return envelope(
            rows,
            count=count,
            count_exact=True,
            following=address_with(request, after=str(rows[-1]["seq"])) if len(rows) < count else None,
            previous=address_with(request, after=str(max(0, after - limit))) if after else None,
        )
