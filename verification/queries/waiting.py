"""Determinations that are approved and wait for their day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from pcl.models import Listing
from pcl.text import normalize_model_number
from verification.models import Application, DeterminedCode
from verification.workflow.states import Status


def waiting() -> QuerySet[Application]:
    """All that wait to be published, the earliest day first."""
    return (
        Application.objects.filter(status=Status.APPROVED)
        .select_related("organization", "reviewer", "determination__approved_by", "determination__recommended_by")
        .order_by("determination__publish_on", "id")
    )


def due(today: date) -> QuerySet[Application]:
    """Those whose day is `today` (US Eastern) or has passed."""
    return waiting().filter(determination__publish_on__lte=today)


@dataclass(frozen=True)
class Day:
    day: date
    count: int
    listings: int
    """How many codes of models would be listed."""
    failed: int


def days() -> list[Day]:
    """The days for which determinations wait, the earliest first."""
    counted = (
        Application.objects.filter(status=Status.APPROVED)
        .values("determination__publish_on")
        .annotate(
            count=Count("pk", distinct=True),
            listings=Count("determination__codes"),
            failed=Count("pk", distinct=True, filter=~Q(determination__publishing_failure="")),
        )
        .order_by("determination__publish_on")
        .values_list("determination__publish_on", "count", "listings", "failed")
    )
    return [Day(day, *counts) for day, *counts in counted if day is not None]


def of_day(day: date) -> QuerySet[Application]:
    return waiting().filter(determination__publish_on=day)


def foreseen_conflicts(applications: Iterable[Application]) -> dict[int, list[str]]:
    """What would keep these from being published, by primary key, as far as it can be told without trying.

    Four queries, however many they are. Rehearsing (services/rehearse_publication) finds all.
    """
    by_pk = {application.pk: application for application in applications}
    rows = list(
        DeterminedCode.objects.filter(determination__application__in=by_pk)
        .select_related("code", "model", "determination")
        .defer("code__search")
        .order_by("pk")
    )
    listed = _listed({row.code_id for row in rows}, {normalize_model_number(row.model.model_number) for row in rows})
    found: dict[int, list[str]] = {}
    earlier: dict[tuple[str, ...], Application] = {}
    for row in rows:
        application = by_pk[row.determination.application_id]
        said = found.setdefault(application.pk, [])
        for sentence in _of_code(row, application, listed, earlier):
            if sentence not in said:
                said.append(sentence)
    return found


def _of_code(
    row: DeterminedCode,
    application: Application,
    listed: "dict[tuple[str, ...], list[Listing]]",
    earlier: dict[tuple[str, ...], Application],
) -> Iterable[str]:
    code, begins, publish_on = row.code, row.determination.begins, row.determination.publish_on
    if publish_on is not None and code.ended_on(publish_on):
        yield f"{code.code} ends on {code.terminated:%B %-d, %Y}, before the day of publication."
    elif begins is not None and not code.valid_on(begins):
        yield f"{code.code} is not valid on {begins:%B %-d, %Y}, when the listing would begin."
    key = _key(
        row.code_id, application.manufacturer_name, application.distributor_name, application.product_name,
        row.model.model_number,
    )  # fmt: skip
    for listing in listed.get(key, []):
        if begins is not None and (listing.effective.upper is None or listing.effective.upper > begins):
            yield f"Model {row.model.model_number} is listed under {code.code} already."
    other = earlier.setdefault(key, application)
    if other != application:
        yield f"{other.dcn} waits to list model {row.model.model_number} under {code.code}, too."


def _listed(code_ids: set[int], numbers: set[str]) -> "dict[tuple[str, ...], list[Listing]]":
    found: dict[tuple[str, ...], list[Listing]] = {}
    listings = Listing.objects.filter(code__in=code_ids, model__normalized__in=numbers)
    for listing in listings.select_related("model__product__manufacturer", "model__product__distributor"):
        product = listing.model.product
        distributor = product.distributor.name if product.distributor else ""
        key = _key(listing.code_id, product.manufacturer.name, distributor, product.name, listing.model.model_number)
        found.setdefault(key, []).append(listing)
    return found


def _key(code_id: int, manufacturer: str, distributor: str, product: str, number: str) -> tuple[str, ...]:
    names = (" ".join(name.split()).casefold() for name in (manufacturer, distributor, product))
    return (str(code_id), *names, normalize_model_number(number))
