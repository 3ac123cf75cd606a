"""Everything that the permanent page of a listing tells."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Case, When

from hcpcs.queries.code_history import RecordAsOf, record_as_of
from hcpcs.queries.codes import meanings
from pcl.models import (
    ChangeKind,
    EntryVersion,
    Listing,
    ListingChange,
    OrganizationName,
    ProductName,
    RegisterEntry,
)
from pcl.models.dated_name import DatedName
from pcl.queries.change_feed import changes_of
from pcl.queries.codes import code_status
from pcl.queries.keyset import Row
from pcl.queries.listing_answer import ListingAnswer, listing_answer
from pcl.queries.listing_filter import ORDERS, shown_as_of
from pcl.queries.listing_shown import shown_listings
from pcl.queries.names_on_day import name_on, organization_names
from pcl.queries.requirements import RequirementOnDay, requirement_for

MOST_RELATED = 10
MOST_NAMED = 3
FOLLOWS = {
    (ChangeKind.REINSTATED, True): "It reinstates this listing.",
    (ChangeKind.REINSTATED, False): "This listing reinstates it.",
    (ChangeKind.RECODED, True): "The same product went on under this code.",
    (ChangeKind.RECODED, False): "The product was moved from this code.",
}


@dataclass(frozen=True)
class SameModel:
    """Another listing of the same model: an earlier or later period, or another code."""

    row: Row
    is_same_code: bool
    relation: str
    """How it and this listing follow each other; empty where neither does."""


@dataclass(frozen=True)
class ListingPage:
    answer: ListingAnswer
    entry: EntryVersion
    """What the list said at the instant asked about; what it says now, where the listing did not stand on it yet."""
    product_names: list[ProductName]
    manufacturer_names: list[OrganizationName]
    distributor_names: list[OrganizationName]
    described: RecordAsOf | None
    """The code as the release in force on the date of service has it."""
    code_status: str
    requirement: RequirementOnDay | None
    changes: list[ListingChange]
    same_model: list[SameModel]
    same_product: list[Row]
    """Listings of its other models, whenever they are in force."""
    same_number: list[Row]
    """Other products' listings with the same model number, of whichever maker; without a number, of the same names."""
    in_force_by_others: list[int]
    """Where this listing is not in force on the day by the list of now: those of the same names and code that are.

    They are other periods of the model, mostly. Nobody who asks for the product may read that it could not be billed.
    """

    @property
    def description(self) -> str:
        return str((self.described.record if self.described else self.entry.code_meaning).long_description)

    @property
    def names_then(self) -> list[str]:
        """What was called otherwise on the date of service, each as half a sentence."""
        said: list[tuple[str, Sequence[DatedName], str]] = [
            ("the product", self.product_names, self.entry.product),
            ("the manufacturer", self.manufacturer_names, self.entry.manufacturer),
            ("the distributor", self.distributor_names, self.entry.distributor),
        ]
        return [
            f"{what} was called “{name}”"
            for what, names, shown in said
            if (name := name_on(names, self.answer.day, otherwise=shown)) != shown
        ]

    @property
    def in_force_elsewhere(self) -> list[SameModel]:
        """Other listings of the same model that are in force on the date of service, by the same list."""
        return [each for each in self.same_model if each.row["status"] == "current"]

    @property
    def in_force_under_same_names(self) -> list[Row]:
        """Listings that this one is not told from by its names, and that are in force on the day, by the same list.

        After a merger two products may have all names in common; and a distributor lists what its manufacturer does.
        """
        names = (self.entry.product, self.entry.manufacturer)
        return [
            row
            for row in self.same_number
            if row["status"] == "current" and (row["product"], row["manufacturer"]) == names
        ]


def listing_page(listing_id: int, *, on: date, instant: datetime | None = None) -> ListingPage | None:
    """None where there never was such a listing. With the page around it, it costs thirteen queries, and one more
    where the listing is not in force."""
    answer = listing_answer(listing_id, on=on, instant=instant)
    if answer is None:
        return None
    entry = answer.then or answer.now
    meaning = entry.code_meaning
    known = list(meanings(meaning.code, kind=meaning.kind).select_related("first_release", "last_release"))
    of_product: Any = Listing.objects.filter(model__product__models__listings=listing_id).distinct()
    siblings = {pk: (model, product) for pk, model, product in of_product.values_list("pk", "model", "model__product")}
    model, product = siblings[listing_id]
    manufacturer_names, distributor_names = organization_names(answer, entry)
    then: Any = shown_as_of(instant, now=RegisterEntry.objects.all()).order_by(*ORDERS["code"].columns)
    rows_of = shown_listings(on=on)
    other_models = [pk for pk, (of, _) in siblings.items() if of != model]
    alike = {"product": entry.product, "manufacturer": entry.manufacturer}
    same_number = then.filter(model_normalized=entry.model_normalized).exclude(listing__in=siblings)
    # Of a number that many have, those under the very names come first; without a number only they are alike.
    same_number = same_number.order_by(Case(When(**alike, then=0), default=1), *ORDERS["code"].columns)
    same_number = same_number if entry.model_normalized else same_number.filter(**alike)
    return ListingPage(
        answer=answer,
        entry=entry,
        product_names=list(ProductName.objects.filter(product=product)),
        manufacturer_names=manufacturer_names,
        distributor_names=distributor_names,
        described=record_as_of(meaning, known=known, on=on),
        code_status=code_status(meaning, on=on),
        requirement=requirement_for(meaning, on=on, instant=instant),
        changes=list(changes_of(listing_id)),
        same_model=_same_model(entry, [pk for pk, (of, _) in siblings.items() if of == model], then, on),
        same_product=rows_of(then.filter(listing__in=other_models)[:MOST_RELATED]) if other_models else [],
        same_number=rows_of(same_number[:MOST_RELATED]),
        in_force_by_others=[] if answer.status_now == "current" else _in_force_by_others(answer),
    )


def _in_force_by_others(answer: ListingAnswer) -> list[int]:
    now = answer.now
    names = ("product", "manufacturer", "distributor", "model_normalized", "code")
    alike = RegisterEntry.objects.filter(**{name: getattr(now, name) for name in names}, in_force__contains=answer.day)
    return list(
        alike.exclude(listing=now.listing_id).order_by("listing").values_list("listing", flat=True)[:MOST_NAMED]
    )


def _same_model(entry: EntryVersion, of_model: list[int], then: Any, on: date) -> list[SameModel]:
    listing_id = entry.listing_id
    others = [pk for pk in of_model if pk != listing_id]
    if not others:
        return []
    rows = shown_listings(on=on)(then.filter(listing__in=others))
    # A listing that follows another says so in its first change, which carries the earlier one as `before`.
    first: Any = ListingChange.objects.filter(listing__in=of_model, version=1, before__isnull=False)
    followed = {pk: (kind, before["id"]) for pk, kind, before in first.values_list("listing", "kind", "before")}
    return [
        SameModel(row, is_same_code=row["code"] == entry.code, relation=_relation(followed, row["id"], listing_id))
        for row in sorted(rows, key=lambda row: row["first_day"])
    ]


def _relation(followed: dict[int, tuple[str, int]], other: int, this: int) -> str:
    for follower, earlier, is_other in ((other, this, True), (this, other, False)):
        kind, before = followed.get(follower, ("", 0))
        if before == earlier:
            return FOLLOWS.get((ChangeKind(kind), is_other), "")
    return ""
