"""What an answer rests on, with the addresses where it can be read."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from pcl.models import RegisterEntry, ShownListing
from pcl.models.requirement import SaidRequirement
from pcl.queries.check.engine import Answered
from pcl.queries.listing_filter import shown_as_of
from pcl.queries.published_instant import asked_of
from pcl.queries.requirements import requirement_number, requirements_as_of

Row = dict[str, Any]


def citations_of(
    answers: Iterable[tuple[Answered, date]], *, site: str, as_published: datetime | None = None
) -> list[Row]:
    """For each answer with its date of service: `requirement`, `publication` (or None) and `listings`. Two queries.

    As the register said them at `as_published`, by which the lines were answered, or says them now.
    """
    known = list(answers)
    listings = _listings({pk for answer, _ in known for pk in answer.listings}, as_published)
    requirements = _requirements({answer.requirement for answer, _ in known if answer.requirement}, as_published)
    asked = {day: urlencode({"on": day, **asked_of(as_published)}) for _, day in known}
    return [
        {
            **_of_requirement(requirements.get(answer.requirement or 0), asked[day], site),
            "listings": [_listing(listings[pk], asked[day], site) for pk in answer.listings if pk in listings],
        }
        for answer, day in known
    ]


def _listings(numbers: set[int], as_published: datetime | None) -> dict[int, ShownListing]:
    if not numbers:
        return {}
    shown: Any = shown_as_of(as_published, now=RegisterEntry.objects.all()).filter(listing__in=numbers)
    return {each.listing_id: each for each in shown.only("listing", "code", "product", "manufacturer", "model_number")}


def _requirements(numbers: set[int], as_published: datetime | None) -> dict[int, SaidRequirement]:
    if not numbers:
        return {}
    said = requirements_as_of(as_published).select_related("code", "publication")
    its_number = "pk" if as_published is None else "requirement"
    found = said.defer("code__search", "publication__body").filter(**{f"{its_number}__in": numbers})
    return {requirement_number(each): each for each in found}


def _listing(entry: ShownListing, asked: str, site: str) -> Row:
    return {
        "id": entry.listing_id,
        "code": entry.code,
        "manufacturer": entry.manufacturer,
        "product": entry.product,
        "model_number": entry.model_number or None,
        "url": f"{site}{entry.get_absolute_url()}?{asked}",
    }


def _of_requirement(requirement: SaidRequirement | None, asked: str, site: str) -> Row:
    if requirement is None:
        return {"requirement": None, "publication": None}
    publication = requirement.publication
    return {
        "requirement": {
            "id": requirement_number(requirement),
            "code": requirement.code.code,
            "in_force_from": requirement.in_force_from,
            "in_force_to": requirement.in_force_to,
            "policy_article": requirement.policy_article,
            "source": requirement.source,
            "snapshot_date": requirement.snapshot_date,
            "url": f"{site}/codes/{requirement.code.code}/?{asked}",
        },
        "publication": {
            "slug": publication.slug,
            "title": publication.title,
            "url": f"{site}{publication.get_absolute_url()}",
        }
        if publication
        else None,
    }
