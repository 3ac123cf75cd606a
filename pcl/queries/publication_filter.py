"""Which publications are meant: the one filter of the page and the API."""

from django.db.models import QuerySet
from django_filters import CharFilter, ChoiceFilter, FilterSet

from pcl.models import Publication, PublicationStatus
from pcl.queries.listing_filter import CODE_FORM, ListingForm


class PublicationFilter(FilterSet):
    """Left out or empty, each parameter means "any"."""

    status = ChoiceFilter(
        label="Status",
        choices=PublicationStatus.choices,
        empty_label="Any status",
        error_messages={"invalid_choice": f"“%(value)s” is no status. Choose one of: {', '.join(PublicationStatus)}."},
    )
    code = CharFilter(label="HCPCS code", method="by_code", validators=[CODE_FORM])

    class Meta:
        model = Publication
        form = ListingForm
        fields: list[str] = []

    def by_code(self, queryset: QuerySet[Publication], name: str, value: str) -> QuerySet[Publication]:
        """About any meaning of the code."""
        return queryset.filter(codes__code=value.strip().upper()).distinct()
