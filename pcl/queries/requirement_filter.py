"""Which requirements are meant: the one filter of the page, the API and the CSV."""

from functools import reduce
from operator import and_
from typing import Any

from django.db.models import Q, QuerySet
from django_filters import CharFilter, ChoiceFilter

from hcpcs.queries.codes import search_codes
from pcl.models import Requirement
from pcl.queries.listing_filter import CODE_FORM, BothClocks, DayFilter, InstantFilter, ListingForm
from pcl.queries.product_groups import group_names
from pcl.queries.requirements import requirements_on
from pcl.text import LONGEST_QUERY, MOST_WORDS


class RequirementFilter(BothClocks):
    """Parameters that narrow the requirements of a day; left out or empty each means "any", but `on`: that is today."""

    q = CharFilter(label="Words of code or group", method="by_words", max_length=LONGEST_QUERY)
    code = CharFilter(label="HCPCS code", method="by_code", validators=[CODE_FORM])
    group = ChoiceFilter(
        label="Product group",
        field_name="product_group",
        choices=lambda: list(group_names().items()),
        empty_label="All groups",
        error_messages={"invalid_choice": "“%(value)s” is no product group of a requirement. Choose one of the list."},
    )
    on = DayFilter(label="Date of service", method="as_it_is")
    as_published = InstantFilter(label="As the list stood on", method="as_it_is")

    class Meta:
        model = Requirement
        form = ListingForm
        fields: list[str] = []

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        narrowed: QuerySet[Any] = super().filter_queryset(requirements_on(self.day, instant=self.instant))
        return narrowed

    def by_words(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        codes = search_codes(q=value, on=self.day, status="all").order_by().values("pk")
        words = value.split()[:MOST_WORDS]
        of_group = reduce(and_, (Q(lcd__icontains=word) | Q(product_group__icontains=word) for word in words), Q())
        return queryset.filter(Q(code__in=codes) | of_group)

    def by_code(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.filter(code__code=value.strip().upper())
