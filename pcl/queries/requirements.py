"""Which codes need a verified product, and from which date of service on.

The rule for a requirement of which no source names the begin
-------------------------------------------------------------
Some requirements are known from a list alone: it names the code, on the day of its snapshot, and no date of service.
Such a requirement **applies to every date of service up to its end**, to those before the snapshot as well:
to look a product up that need not be listed costs a minute, to bill one that had to be costs the claim. But what is
said of a day before the snapshot is presumed, not known, and every answer says so (`RequirementOnDay.is_presumed`).
From the snapshot on it is known, until a registrar enters an end. The first date of service is then no secret kept:
as soon as a publication that names it is found, the registrar enters it, and the rule no longer matters.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.template.defaultfilters import date as in_words

from hcpcs.models import Code
from pcl.models import Requirement, RequirementChange, RequirementVersion
from pcl.models.requirement import SaidRequirement
from pcl.queries.codes import code_url
from pcl.queries.keyset import Order, Row
from pcl.queries.product_groups import group_names

BY_GROUP = Order(columns=("product_group", "code__code", "pk"), key=("product_group", "code", "number"))
_TOLD_OF_CHANGE = {
    "in_force_from": "First date of service",
    "in_force_to": "Last date of service",
    "product_group": "Product group",
    "publication": "Publication",
    "policy_article": "Policy article",
    "lcd": "LCD",
    "exception_text": "Exception",
    "fallback_code": "Code for a product not listed",
    "source": "Source",
    "snapshot_date": "The source said so on",
}


def requirements_on(day: date, *, instant: datetime | None = None) -> QuerySet[Any]:
    """Those that apply to date of service `day`, also where no source names their begin: see the rule above.

    `instant`: as the register said then; None for what it says now. Rows have the same columns either way.
    """
    said = requirements_as_of(instant).filter(in_force__contains=day)
    return said.select_related("code", "publication").defer("code__search")


def requirements_as_of(instant: datetime | None) -> QuerySet[Any]:
    """All that the register said of requirements at `instant`; None for what it says now."""
    if instant is None:
        return Requirement.objects.all()
    return RequirementVersion.objects.filter(said__contains=instant)


def requirement_number(requirement: SaidRequirement) -> int:
    """The number of the requirement itself, of which this may be what was said earlier."""
    return requirement.requirement_id if isinstance(requirement, RequirementVersion) else int(requirement.pk)


@dataclass(frozen=True)
class RequirementOnDay:
    """What a page says of a requirement to somebody who has a date of service in mind."""

    requirement: SaidRequirement
    day: date

    @property
    def applies(self) -> bool:
        """Whether only listed products may be billed on the day; presumed where `is_presumed`."""
        return not self.is_to_come and not self.is_over

    @property
    def is_presumed(self) -> bool:
        """It is taken to apply, but no source says that it did on a day as early as this: see the rule above."""
        return self.applies and is_presumed(self.requirement, on=self.day)

    @property
    def begin_in_words(self) -> str:
        return begin_in_words(self.requirement)

    @property
    def is_to_come(self) -> bool:
        first = self.requirement.in_force_from
        return first is not None and self.day < first

    @property
    def is_over(self) -> bool:
        last = self.requirement.in_force_to
        return last is not None and last < self.day


def is_presumed(requirement: SaidRequirement, *, on: date) -> bool:
    """Whether nobody knows if it applied as early as `on`: its begin is not known, and the snapshot is later."""
    if requirement.in_force_from is not None:
        return False
    return requirement.snapshot_date is None or on < requirement.snapshot_date


def begin_in_words(requirement: SaidRequirement) -> str:
    """Since when, as a sentence."""
    if requirement.in_force_from is not None:
        return f"Applies to dates of service on or after {_day(requirement.in_force_from)}."
    if requirement.snapshot_date is not None:
        return f"The list of {_day(requirement.snapshot_date)} names this code; since when is not known."
    return "The source names this code, but no first date of service."


def requirement_for(code: Code, *, on: date, instant: datetime | None = None) -> RequirementOnDay | None:
    """The code's requirement that applies on `on`; where none does, the next to come, or else the last that did.

    One that applies may be presumed only (`is_presumed`). `instant`: as the register said then; None for now.
    """
    known = list(requirements_as_of(instant).filter(code=code).select_related("publication").order_by("in_force"))
    told = [RequirementOnDay(requirement, on) for requirement in known]
    applying = [each for each in told if each.applies]
    to_come = [each for each in told if each.is_to_come]
    return next(iter(applying or to_come or told[::-1]), None)


def said_of(requirement: Requirement) -> dict[str, str | None]:
    """What the register says of a requirement, as a change keeps it: names and days as they are at this moment."""
    return {
        "code": requirement.code.code,
        "product_group": requirement.product_group,
        "in_force_from": requirement.in_force_from.isoformat() if requirement.in_force_from else None,
        "in_force_to": requirement.in_force_to.isoformat() if requirement.in_force_to else None,
        "publication": requirement.publication.slug if requirement.publication else None,
        "policy_article": requirement.policy_article,
        "lcd": requirement.lcd,
        "exception_text": requirement.exception_text,
        "fallback_code": requirement.fallback_code,
        "source": requirement.source,
        "snapshot_date": requirement.snapshot_date.isoformat() if requirement.snapshot_date else None,
    }


@dataclass(frozen=True)
class ChangedField:
    label: str
    before: str
    after: str


def changed_fields(change: RequirementChange) -> list[ChangedField]:
    """What a change altered, field by field; nothing for the entry of a new requirement."""
    before, after = change.before or {}, change.after
    return [
        ChangedField(label, _told(before.get(name)), _told(after.get(name)))
        for name, label in _TOLD_OF_CHANGE.items()
        if change.before is not None and before.get(name) != after.get(name)
    ]


def revisions_of(requirement: SaidRequirement, *, instant: datetime | None = None) -> list[list[ChangedField]]:
    """What has changed since it was entered, oldest first: for anybody, so without when, why and by whom.

    Up to `instant`, where one is given.
    """
    if isinstance(requirement, Requirement) and requirement.version == 1:
        return []
    changes = RequirementChange.objects.filter(requirement=requirement_number(requirement), version__gt=1)
    changes = changes.filter(at__lte=instant) if instant else changes
    changes = changes.order_by("version")
    return [fields for change in changes if (fields := changed_fields(change))]


def requirement_rows(requirements: QuerySet[Any], *, on: date, site: str) -> list[Row]:
    """As seen on date of service `on`."""
    found = list(requirements)
    names = group_names() if found else {}
    return [_row(requirement, names, on=on, site=site) for requirement in found]


def _row(requirement: SaidRequirement, names: dict[str, str], *, on: date, site: str) -> Row:
    return {
        "code": requirement.code.code,
        "code_description": requirement.code.long_description,
        "product_group": requirement.product_group,
        "product_group_name": names[requirement.product_group],
        "in_force_from": requirement.in_force_from,
        "in_force_to": requirement.in_force_to,
        "presumed": is_presumed(requirement, on=on),
        "policy_article": requirement.policy_article,
        "lcd": requirement.lcd,
        "exception_text": requirement.exception_text,
        "fallback_code": requirement.fallback_code,
        "publication": {
            "slug": requirement.publication.slug,
            "title": requirement.publication.title,
            "url": f"{site}{requirement.publication.get_absolute_url()}",
        }
        if requirement.publication
        else None,
        "source": requirement.source,
        "snapshot_date": requirement.snapshot_date,
        "url": code_url(requirement.code.code, site=site),
        "number": requirement.pk,
    }


def grouped(rows: Iterable[Row]) -> list[tuple[str, list[Row]]]:
    """Rows in order of their group as (name of the group, its rows)."""
    groups: list[tuple[str, list[Row]]] = []
    last: Any = None
    for row in rows:
        if row["product_group"] != last:
            groups.append((row["product_group_name"], []))
            last = row["product_group"]
        groups[-1][1].append(row)
    return groups


def _told(value: str | None) -> str:
    return value or "not stated"


def _day(day: date) -> str:
    return in_words(day, "F j, Y")
