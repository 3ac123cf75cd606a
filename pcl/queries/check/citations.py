"""What an answer rests on, with the addresses where it can be read."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from pcl.models import RegisterEntry, Requirement
from pcl.queries.check.engine import Answered

Row = dict[str, Any]


def citations_of(answers: Iterable[tuple[Answered, date]], *, site: str) -> list[Row]:
    """For each answer with its date of service: `requirement`, `publication` (or None) and `listings`. Two queries."""
    known = list(answers)
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
            **_of_requirement(requirements.get(answer.requirement or 0), day, site),
            "listings": [_listing(listings[pk], day, site) for pk in answer.listings if pk in listings],
        }
        for answer, day in known
    ]


def _listing(entry: RegisterEntry, day: date, site: str) -> Row:
    return {
        "id": entry.pk,
        "code": entry.code,
        "manufacturer": entry.manufacturer,
        "product": entry.product,
        "model_number": entry.model_number or None,
        "url": f"{site}{entry.get_absolute_url()}?on={day}",
    }


def _of_requirement(requirement: Requirement | None, day: date, site: str) -> Row:
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
            "url": f"{site}/codes/{requirement.code.code}/?on={day}",
        },
        "publication": {
            "slug": publication.slug,
            "title": publication.title,
            "url": f"{site}{publication.get_absolute_url()}",
        }
        if publication
        else None,
    }
