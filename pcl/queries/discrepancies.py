"""Discrepancy reports as registrars look at them."""

from dataclasses import dataclass
from typing import Literal

from django.contrib.postgres.search import SearchQuery
from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When

from hcpcs.models import Code
from pcl.models import DiscrepancyReport, DiscrepancyStep, ListingChange, RegisterEntry
from pcl.queries.keyset import Order
from pcl.text import SearchedPart, prefix_query

State = Literal["open", "closed", "all"]
# Who has waited longest comes first; among the closed ones, what was decided last.
OPEN_FIRST = Order(columns=("is_closed", "received_at", "id"), key=("is_closed", "received_at", "id"))
LAST_CLOSED_FIRST = Order(columns=("closed_at", "id"), key=("closed_at", "id"), falling=True)
MOST_BESIDE = 10
MOST_CHANGES = 50


def open_count() -> int:
    return DiscrepancyReport.objects.filter(outcome="").count()


def reports(*, state: State = "open", kind: str = "", code: str = "", q: str = "") -> QuerySet[DiscrepancyReport]:
    """Reports in the inbox; `q` is a reference or the begin of one."""
    chosen = {"open": Q(outcome=""), "closed": ~Q(outcome=""), "all": Q()}[state]
    if kind:
        chosen &= Q(kind=kind)
    if code:
        chosen &= Q(code=code)
    if q:
        chosen &= Q(reference__startswith=q.upper())
    is_closed = Case(When(outcome="", then=Value(0)), default=Value(1), output_field=IntegerField())
    found = DiscrepancyReport.objects.filter(chosen).select_related("listing__entry", "closed_by")
    return found.defer("listing__entry__search").annotate(is_closed=is_closed)


def order_of(state: State) -> Order:
    return LAST_CLOSED_FIRST if state == "closed" else OPEN_FIRST


def state_counts(*, kind: str = "", code: str = "", q: str = "") -> dict[str, int]:
    """How many reports each state of the inbox holds under the same filters, in one query."""
    return reports(state="all", kind=kind, code=code, q=q).aggregate(
        open=Count("id", filter=Q(outcome="")), closed=Count("id", filter=~Q(outcome="")), all=Count("id")
    )


def report_with_reference(reference: str) -> DiscrepancyReport | None:
    """However it was typed: small letters, without its dashes."""
    signs = "".join(sign for sign in reference.upper() if sign.isalnum()).removeprefix("D")
    if len(signs) != 8:
        return None
    return DiscrepancyReport.objects.select_related("listing").filter(reference=f"D-{signs[:4]}-{signs[4:]}").first()


def steps_of(report: DiscrepancyReport) -> list[DiscrepancyStep]:
    """Newest first, with the people."""
    return list(report.steps.select_related("by").order_by("-at", "-id"))


def changes_to_choose(report: DiscrepancyReport, *, listing_id: int | None = None) -> list[ListingChange]:
    """What may have resulted from the report: changes since it came, of its listing, or else of `listing_id`."""
    listing = report.listing_id or listing_id
    if listing is None:
        return []
    since = ListingChange.objects.filter(listing=listing, at__gte=report.received_at)
    return list(since.order_by("-seq")[:MOST_CHANGES])


@dataclass(frozen=True)
class Beside:
    """What the register has that may be meant."""

    same_model: QuerySet[RegisterEntry]
    """The same model number under other listings, whosever."""
    same_name: QuerySet[RegisterEntry]
    """What stands under the name that the reporter tells."""


def beside(report: DiscrepancyReport) -> Beside:
    own = RegisterEntry.objects.filter(pk=report.listing_id)
    others = RegisterEntry.objects.exclude(pk=report.listing_id) if report.listing_id else RegisterEntry.objects.all()
    number = own.values_list("model_normalized", flat=True).first() if report.listing_id else None
    words = prefix_query(report.named or report.about, weight=SearchedPart.PRODUCT if report.named else "")
    same_name = others.filter(search=SearchQuery(words, config="simple", search_type="raw")) if words else others.none()
    return Beside(
        same_model=(others.filter(model_normalized=number) if number else others.none()).order_by("listing_id")[
            :MOST_BESIDE
        ],
        same_name=same_name.order_by("listing_id")[:MOST_BESIDE],
    )


def is_known_code(code: str) -> bool:
    return Code.objects.filter(code=code).exists()
