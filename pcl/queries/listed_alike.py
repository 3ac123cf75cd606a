"""What is on the list under a code on a day, with names like those that somebody gave."""

from datetime import datetime
from typing import Any

from pcl.models import RegisterEntry
from pcl.queries.check.line import Line
from pcl.queries.did_you_mean import model_numbers_alike, respelled
from pcl.queries.listing_filter import ListingFilter
from pcl.queries.vocabulary import vocabulary

MOST = 5
SHOWN = ("product", "manufacturer", "model_number")


def listed_alike(line: Line, *, as_published: datetime | None) -> list[dict[str, Any]]:
    """At most MOST listings, as `product`, `manufacturer` and `model_number`; none where the line names nothing.

    The check compares whole names, so that it never takes one product for another; somebody who wrote a part of a name,
    or misspelled it, finds here what may have been meant. Two queries; six more where nothing begins alike.
    """
    named = {"organization": line.manufacturer, "product": line.product, "model_number": line.model_number}
    named = {name: value for name, value in named.items() if value}
    if not named:
        return []
    if found := _listed(named, line, as_published):
        return found
    meant = {**named, **_misspelled(named)}
    # A slip in a number without digits is found by nothing but the name beside it.
    of_any_number = {name: value for name, value in meant.items() if name != "model_number"}
    tried = [each for each in (meant, of_any_number) if each and each != named]
    return next((found for each in tried if (found := _listed(each, line, as_published))), [])


def _listed(named: dict[str, str], line: Line, as_published: datetime | None) -> list[dict[str, Any]]:
    asked = {
        **named,
        "code": line.code,
        "on": line.day.isoformat(),
        "as_published": as_published.isoformat() if as_published else "",
    }
    found = ListingFilter(asked, RegisterEntry.objects.all())
    return list(found.qs.order_by("product", "model_number").values(*SHOWN)[:MOST]) if found.is_valid() else []


def _misspelled(named: dict[str, str]) -> dict[str, str]:
    """The likeliest other spelling of each name that has one."""
    vocabulary.complete()
    likely = {name: respelled(text) for name, text in named.items() if name != "model_number"}
    if "model_number" in named:
        likely["model_number"] = model_numbers_alike(named["model_number"])
    return {name: spellings[0] for name, spellings in likely.items() if spellings}
