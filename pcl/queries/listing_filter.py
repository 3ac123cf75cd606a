"""Which listings are meant: the one filter of the search page, the API and the export."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.db.models import Q, QuerySet
from django.db.models.functions import Upper
from django.utils import timezone
from django.utils.functional import cached_property
from django_filters import CharFilter, ChoiceFilter, FilterSet

from pcl.models import EntryVersion, Organization, RegisterEntry
from pcl.queries.kept_sql import Given
from pcl.queries.keyset import Order
from pcl.queries.known_words import in_known_words
from pcl.queries.listing_status import with_status
from pcl.queries.parameters import day_from
from pcl.queries.published_instant import instant_from
from pcl.queries.size import Size
from pcl.queries.words_in_order import (
    CodesOfWords,
    Way,
    among,
    fetched_first,
    matching,
    matching_in_order,
    under,
    way_to,
)
from pcl.text import LONGEST_QUERY, SearchedPart, normalize_model_number, prefix_query

STATUSES = [
    ("current", "Can be billed on that day"),
    ("ended", "Ended before that day"),
    ("future", "Begins after that day"),
    ("all", "All listings"),
]
SORTS = [
    ("code", "Code"),
    ("product", "Product"),
    ("manufacturer", "Manufacturer"),
    ("newest", "Newest listing first"),
]
ORDERS = {
    "code": Order(
        columns=("code", "manufacturer", "product", "model_number", "listing_id"),
        key=("code", "manufacturer", "product", "model_number", "id"),
    ),
    "product": Order(
        columns=("product", "manufacturer", "code", "model_number", "listing_id"),
        key=("product", "manufacturer", "code", "model_number", "id"),
    ),
    "manufacturer": Order(
        columns=("manufacturer", "product", "code", "model_number", "listing_id"),
        key=("manufacturer", "product", "code", "model_number", "id"),
    ),
    # Listings are numbered in the order in which they were published.
    "newest": Order(columns=("listing_id",), key=("id",), falling=True),
}
CODE_FORM = RegexValidator(r"^\s*[A-Za-z][0-9]{4}\s*$", "Write the code as one letter and four digits, such as K1007.")


TOO_LONG = (
    "That is too long: it has %(show_value)d characters, and at most %(limit_value)d can be looked for. Search with "
    "fewer words: a code, a manufacturer, a product or a model number."
)


class DayField(forms.CharField):
    """A date of service, only as YYYY-MM-DD: 06/01/2024 would mean two days."""

    widget = forms.DateInput(attrs={"type": "date"})

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        return day_from(text) if text else None


class DayFilter(CharFilter):
    field_class = DayField


class InstantInput(forms.TextInput):
    """A field for a day; for text where it holds an instant, which a day's field would not show and so lose."""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["type"] = "text" if "T" in str(value or "") else "date"
        return context


class InstantField(forms.CharField):
    """A moment in the list's own history: a day, which means its end in Eastern time, or an instant with its zone."""

    widget = InstantInput

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        return instant_from(text) if text else None


class InstantFilter(CharFilter):
    field_class = InstantField


class ListingForm(forms.Form):
    def clean(self) -> dict[str, Any]:
        """A parameter that stands in an address twice is a question with two meanings."""
        for name in self.fields:
            if hasattr(self.data, "getlist") and len(self.data.getlist(name)) > 1:
                self.add_error(name, "This is given more than once. Give it once.")
        return self.cleaned_data


def _unknown_choice(name: str, choices: list[tuple[str, str]]) -> dict[str, str]:
    return {"invalid_choice": f"“%(value)s” is no {name}. Choose one of: {', '.join(key for key, _ in choices)}."}


class BothClocks(FilterSet):
    """Of what is asked for `on` a date of service, and `as_published` at an instant: both filters `as_it_is`."""

    @property
    def given(self) -> dict[str, Any]:
        return self.form.cleaned_data

    @property
    def instant(self) -> datetime | None:
        """The instant whose list is asked for; None for the list as it is now."""
        return self.given.get("as_published")

    @property
    def day(self) -> date:
        """The date of service: `on`, or the Eastern day of `instant`; today where that is left out, too."""
        return self.given.get("on") or timezone.localdate(self.instant)

    def as_it_is(self, queryset: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        """Not a narrowing of its own: see `filter_queryset`."""
        return queryset


class ListingFilter(BothClocks):
    """Parameters that narrow the register; left out or empty each means "any", but the status, which is `current`."""

    q = CharFilter(
        label="Code, product, manufacturer, distributor or model number",
        method="by_words",
        max_length=LONGEST_QUERY,
        error_messages={"max_length": TOO_LONG},
        widget=forms.TextInput(attrs={"list": "names"}),
    )
    code = CharFilter(label="HCPCS code", method="by_code", validators=[CODE_FORM])
    organization = CharFilter(label="Manufacturer or distributor", method="by_organization", max_length=300)
    manufacturer = CharFilter(label="Manufacturer", method="by_manufacturer", max_length=300, widget=forms.HiddenInput)
    product = CharFilter(label="Product name", method="by_product", max_length=300)
    model_number = CharFilter(label="Model number", method="by_model_number", max_length=120)
    classification = CharFilter(label="Classification", method="by_classification", max_length=120)
    status = ChoiceFilter(
        label="Listings that",
        choices=STATUSES,
        empty_label=None,
        method="as_it_is",
        error_messages=_unknown_choice("status", STATUSES),
    )
    on = DayFilter(label="In force on", method="as_it_is", help_text="A date of service. Left empty: today.")
    as_published = InstantFilter(
        label="As the list stood on",
        method="as_it_is",
        help_text="What this list said at the end of that day. Left empty: what it says now.",
    )
    sort = ChoiceFilter(
        label="Sort by",
        choices=SORTS,
        empty_label=None,
        method="as_it_is",
        error_messages=_unknown_choice("sort", SORTS),
    )

    spells_out = True
    """Whether beginnings are looked for as known words: quicker, for a query more."""
    _matches = staticmethod(matching)

    class Meta:
        model = RegisterEntry
        form = ListingForm
        fields: list[str] = []

    @property
    def order(self) -> Order:
        return ORDERS[self.given.get("sort") or "code"]

    @property
    def asked_status(self) -> str:
        return self.given.get("status") or "current"

    @cached_property
    def at_any_time(self) -> QuerySet[Any]:
        """What is asked for, whatever its status; of a valid filter."""
        return self._narrowed()

    @property
    def words(self) -> list[str]:
        """What is looked for by its words; without any, the indexes in order find the first page by themselves."""
        return [self.given[name] for name in ("q", "product", "organization") if self.given.get(name)]

    def in_order(self, size: Size) -> QuerySet[Any]:
        """The same listings as `qs`, so put that the first in order are found quickly, however many there are."""
        return self.along(way_to(CodesOfWords(self.words), size, by_code=self.order is ORDERS["code"]))

    def along(self, way: Way) -> QuerySet[Any]:
        """The same listings as `qs`, found on that way."""
        if way.keys is not None:
            # They have the words and the status: that was seen when they were counted.
            shown = shown_as_of(self.instant, now=self.queryset.all())
            return among(shown, way.keys) if way.keys else shown.none()
        if way.codes is not None:
            return under(self._walked(), way.codes)
        found: QuerySet[Any] = self.qs
        return fetched_first(found) if way.fetches_first else found

    def _walked(self) -> QuerySet[Any]:
        """The same as `qs`, without a reason to take the index of words."""
        self._matches = matching_in_order
        try:
            return with_status(self._narrowed(), self.asked_status, on=self.day)
        finally:
            self._matches = matching

    def _narrowed(self) -> QuerySet[Any]:
        narrowed: QuerySet[Any] = super().filter_queryset(shown_as_of(self.instant, now=self.queryset.all()))
        return narrowed

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return with_status(self.at_any_time, self.asked_status, on=self.day)

    def by_words(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return self._matches(queryset, self._looked_for(value))

    def _looked_for(self, value: str, *, weight: str = "") -> str | Given | None:
        """As a tsquery; asked of the database once, however often the filter is applied."""
        said = prefix_query(value, weight=weight)
        if said is None or not self.spells_out:
            return said
        if said not in self._in_known_words:
            self._in_known_words[said] = in_known_words(said)
        return self._in_known_words[said]

    @cached_property
    def _in_known_words(self) -> dict[str, str]:
        return {}

    def by_code(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.filter(code=value.strip().upper())

    def by_organization(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """A slug of two or more words means that organization; anything else is words of a name, today's or former."""
        if "-" in value and (meant := _organizations_at(value)):
            return queryset.filter(Q(manufacturer_organization__in=meant) | Q(distributor_organization__in=meant))
        return self._matches(queryset, self._looked_for(value, weight=SearchedPart.ORGANIZATION))

    def by_manufacturer(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """The slug of an organization: what it makes, and what those made that were merged into it."""
        return queryset.filter(manufacturer_organization__in=_organizations_at(value))

    def by_product(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return self._matches(queryset, self._looked_for(value, weight=SearchedPart.PRODUCT))

    def by_model_number(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        normalized = normalize_model_number(value)
        return queryset.filter(model_normalized__startswith=normalized) if normalized else queryset.none()

    def by_classification(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.alias(upper_classification=Upper("classification")).filter(upper_classification=value.upper())


def shown_as_of(instant: datetime | None, *, now: QuerySet[RegisterEntry]) -> QuerySet[Any]:
    """What the public list showed at `instant`; `now` where that is None. Rows have the same columns either way."""
    if instant is None:
        return now
    said: QuerySet[EntryVersion] = EntryVersion.objects.filter(said__contains=instant)
    return said


def _organizations_at(slug: str) -> list[int]:
    """The organization of that address, and those that were merged into it."""
    return list(Organization.objects.filter(Q(slug=slug) | Q(merged_into__slug=slug)).values_list("pk", flat=True))
