"""A question in words, as the database compares it with what is stored."""

from django.contrib.postgres.search import SearchQuery

from pcl.queries.kept_sql import Given


class WordQuery(SearchQuery):
    """A tsquery (see pcl.text.prefix_query) as it is: folded like the stored words, and not cut again."""

    template = "%(expressions)s::tsquery"

    def __init__(self, tsquery: str | Given) -> None:
        super().__init__(tsquery, search_type="raw")


class Begun(WordQuery):
    """The same question put to the beginnings of words (pcl.models.beginnings): there each stands as a whole word."""

    template = "replace(%(expressions)s, ':*', '')::tsquery"
