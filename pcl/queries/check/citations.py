"""What an answer rests on, with the addresses where it can be read."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from pcl.models import RegisterEntry, Requirement
from pcl.queries.check.engine import Answered
from pcl.queries.published_instant import moment_parameter

Row = dict[str, Any]


def citations_of(
    answers: Iterable[tuple[Answered, date]], *, site: str, as_published: datetime | None = None
) -> list[Row]:
    """For each answer with its date of service: `requirement`, `publication` (or None) and `listings`. Two queries.

    Addresses are of that day, and of the list of `as_published`, where that was asked about.
    """
    known = list(answers)
    then = f"&{urlencode({'as_published': moment_parameter(as_published)})}" if as_published else ""
    listings = RegisterEntry.objects.only("listing_id", "code", "product", "manufacturer", "model_number").in_bulk(
        {pk for answer, _ in known for pk in answer.listings}
    )
    requirements = (
        Requirement.objects.select_related("code", "publication")
        .defer("code__search", "publication__body")
        .in_bulk({answer.requirement for answer, _ in known if answer.requirement})
    )
    return [
        {
            **_of_requirement(requirements.get(answer.requirement or 0), f"?on={day}{then}", site),
            "listings": [_listing(listings[pk], f"?on={day}{then}", site) for pk in answer.listings if pk in listings],
        }
        for answer, day in known
    ]


def _listing(entry: RegisterEntry, query: str, site: str) -> Row:
    return {
        "id": entry.pk,
        "code": entry.code,
        "manufacturer": entry.manufacturer,
        "product": entry.product,
        "model_number": entry.model_number or None,
        "url": f"{site}{entry.get_absolute_url()}{query}",
    }


def _of_requirement(requirement: Requirement | None, query: str, site: str) -> Row:
    if requirement is None:
        return {"requirement": None, "publication": None}
    publication = requirement.publication
    return {
        "requirement": {
            "id": requirement.pk,
            "code": requirement.code.code,
            "in_force_from": requirement.in_force_from,
            "in_force_to": requirement.in_force_to,
            "policy_article": requirement.policy_article,
            "source": requirement.source,
            "snapshot_date": requirement.snapshot_date,
            "url": f"{site}/codes/{requirement.code.code}/{query}",
        },
        "publication": {
            "slug": publication.slug,
            "title": publication.title,
            "url": f"{site}{publication.get_absolute_url()}",
        }
        if publication
        else None,
    }
