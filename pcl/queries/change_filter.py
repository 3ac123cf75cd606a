"""Which changes are meant: the one filter of the changes page and of its Atom feed."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.contrib.postgres.search import SearchQuery
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from pcl.models import ChangeKind, ChangeSubject, ListingChange, Organization, RegisterEntry
from pcl.models.change_subject import about_code, about_organization
from pcl.queries.listing_filter import CODE_FORM, DayField, ListingForm
from pcl.text import SearchedPart, prefix_query

# Listings that words may mean to be looked up one by one: two of a hundred in a register of a million.
MOST_LISTINGS = 20_000
KINDS = ", ".join(ChangeKind.values)


class ChangeForm(ListingForm):
    """Left out or empty, each means "any". Days are US Eastern days, both inclusive."""

    kind = forms.ChoiceField(
        label="What happened",
        choices=[("", "Anything"), *ChangeKind.choices],
        required=False,
        error_messages={"invalid_choice": f"“%(value)s” is no kind of change. Choose one of: {KINDS}."},
    )
    code = forms.CharField(label="HCPCS code", required=False, validators=[CODE_FORM])
    organization = forms.CharField(label="Manufacturer or distributor", required=False, max_length=300)
    product = forms.CharField(label="Product name", required=False, max_length=300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A class body cannot say `from`.
        self.fields["from"] = DayField(label="From day", required=False)
        self.fields["to"] = DayField(label="To day", required=False)

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        first, last = given.get("from"), given.get("to")
        if first and last and last < first:
            self.add_error("to", "This day is before the day from which on you ask. Exchange the two.")
        return given


def changes_matching(given: dict[str, Any]) -> QuerySet[ListingChange]:
    """`given` is what a valid ChangeForm says. In no order."""
    found = ListingChange.objects.all()
    if kind := given.get("kind"):
        found = found.filter(kind=kind)
    if code := given.get("code"):
        found = _about(found, Q(about=about_code(code.strip().upper())))
    if organization := given.get("organization"):
        found = _of_organization(found, organization)
    if product := given.get("product"):
        found = _of_listings(found, prefix_query(product, weight=SearchedPart.PRODUCT))
    if first := given.get("from"):
        # Numbers rise with instants, so that a span of days is a span of the key.
        after = ListingChange.objects.filter(at__gte=_begin_of(first)).order_by("at", "seq")
        found = found.filter(seq__gte=Subquery(after.values("seq")[:1]))
    if last := given.get("to"):
        until = ListingChange.objects.filter(at__lt=_begin_of(last + timedelta(days=1))).order_by("-at", "-seq")
        found = found.filter(seq__lte=Subquery(until.values("seq")[:1]))
    return found


def _of_organization(found: QuerySet[ListingChange], value: str) -> QuerySet[ListingChange]:
    """A slug of two or more words means that organization; anything else is words of a name, today's or former."""
    if "-" in value:
        meant = Organization.objects.filter(Q(slug=value) | Q(merged_into__slug=value)).values_list("pk", flat=True)
        if its := [about_organization(pk) for pk in meant]:
            # One alone is looked up in the order of the key; several are not.
            return _about(found, Q(about=its[0]) if len(its) == 1 else Q(about__in=its))
    return _of_listings(found, prefix_query(value, weight=SearchedPart.ORGANIZATION))


def _about(found: QuerySet[ListingChange], subject: Q) -> QuerySet[ListingChange]:
    return found.filter(Exists(ChangeSubject.objects.filter(subject, change=OuterRef("seq"))))


def _of_listings(found: QuerySet[ListingChange], tsquery: str | None) -> QuerySet[ListingChange]:
    # Only punctuation was typed: no product has such a word.
    if tsquery is None:
        return found.none()
    entries = RegisterEntry.objects.filter(search=SearchQuery(tsquery, config="simple", search_type="raw"))
    # Looked up first, because how many listings a beginning of a word means is nothing that the planner can guess.
    few = list(entries.order_by().values_list("pk", flat=True)[: MOST_LISTINGS + 1])
    if len(few) <= MOST_LISTINGS:
        return found.filter(listing_id__in=few)
    # So many that a page is soon full: one after the other is looked at, newest first. A scalar subquery is what the
    # planner cannot turn into a join of everything.
    its_entry = Subquery(entries.filter(pk=OuterRef("listing_id")).order_by().values("pk")[:1])
    return found.alias(its_entry=its_entry).filter(its_entry__isnull=False)


def _begin_of(day: date) -> datetime:
    """The first instant of an Eastern day."""
    return timezone.make_aware(datetime.combine(day, time.min))
