"""Listings together with what they refer to: one question to the database for each noun, however many listings."""

from collections.abc import Callable, Collection
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from hcpcs.models import Code
from pcl.models import Organization
from pcl.queries.codes import code_rows
from pcl.queries.keyset import Row
from pcl.queries.listing_columns import listing_rows
from pcl.queries.organizations import organization_rows
from pcl.queries.requirements import requirement_rows, requirements_on

EXPANSIONS = ("code", "manufacturer", "requirement")
_REFERS_TO = ("code_meaning_id", "manufacturer_organization_id")


def expanded_listing_rows(
    *, on: date, site: str, expand: Collection[str], instant: datetime | None = None
) -> Callable[[QuerySet[Any]], list[Row]]:
    """As `listing_rows`; each row has `expanded` with the nouns asked for.

    `code` is the meaning that the listing is bound to, with the fields of the newest release; `requirement` is the one
    that applies to the code on `on`, None where there is none, as the register said at `instant` (None for now).
    """
    if not expand:
        return listing_rows(on=on, site=site)
    plain = listing_rows(on=on, site=site, further=_REFERS_TO)

    def rows(entries: QuerySet[Any]) -> list[Row]:
        found = plain(entries)
        refers = [(row.pop(_REFERS_TO[0]), row.pop(_REFERS_TO[1])) for row in found]
        meanings, makers = {meaning for meaning, _ in refers}, {maker for _, maker in refers}
        told: dict[str, dict[int, Row]] = {}
        if "code" in expand:
            told["code"] = _by_number(code_rows(on=on, site=site)(Code.objects.filter(pk__in=meanings)))
        if "manufacturer" in expand:
            of_them = Organization.objects.filter(pk__in=makers).select_related("merged_into").prefetch_related("names")
            told["manufacturer"] = _by_number(organization_rows(of_them, site=site))
        if "requirement" in expand:
            told["requirement"] = _requirements(meanings, on=on, site=site, instant=instant)
        for row, (meaning, maker) in zip(found, refers, strict=True):
            number = {"code": meaning, "manufacturer": maker, "requirement": meaning}
            row["expanded"] = {name: told[name].get(number[name]) for name in EXPANSIONS if name in expand}
        return found

    return rows


def _requirements(meanings: Collection[int], *, on: date, site: str, instant: datetime | None) -> dict[int, Row]:
    applying = requirements_on(on, instant=instant).filter(code__in=meanings)
    rows = requirement_rows(applying, on=on, site=site)
    # Evaluated by now, and in the same order.
    return {each.code_id: _told(row) for each, row in zip(applying, rows, strict=True)}


def _by_number(rows: list[Row]) -> dict[int, Row]:
    return {row["number"]: _told(row) for row in rows}


def _told(row: Row) -> Row:
    return {name: value for name, value in row.items() if name != "number"}
