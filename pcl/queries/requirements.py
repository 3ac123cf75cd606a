"""Which codes need a verified product, and from which date of service on."""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from hcpcs.models import Code
from pcl.models import Requirement
from pcl.queries.codes import code_url
from pcl.queries.keyset import Order, Row

BY_CODE = Order(columns=("code__code", "pk"), key=("code", "number"))


def requirements_on(day: date) -> QuerySet[Requirement]:
    """Those that apply to date of service `day`."""
    return Requirement.objects.filter(in_force__contains=day).select_related("code", "publication")


@dataclass(frozen=True)
class RequirementOnDay:
    """What a page says of a requirement to somebody who has a date of service in mind."""

    requirement: Requirement
    day: date

    @property
    def applies(self) -> bool:
        return not self.is_to_come and not self.is_over

    @property
    def is_to_come(self) -> bool:
        first = self.requirement.in_force_from
        return first is not None and self.day < first

    @property
    def is_over(self) -> bool:
        last = self.requirement.in_force_to
        return last is not None and last < self.day


def requirement_for(code: Code, *, on: date) -> RequirementOnDay | None:
    """The code's requirement that applies on `on`; where none does, the next to come, or else the last that did."""
    known = list(Requirement.objects.filter(code=code).select_related("publication").order_by("in_force"))
    told = [RequirementOnDay(requirement, on) for requirement in known]
    applying = [each for each in told if each.applies]
    to_come = [each for each in told if each.is_to_come]
    return next(iter(applying or to_come or told[::-1]), None)


def requirement_rows(requirements: QuerySet[Requirement], *, site: str) -> list[Row]:
    return [
        {
            "code": requirement.code.code,
            "code_description": requirement.code.long_description,
            "product_group": requirement.product_group,
            "in_force_from": requirement.in_force_from,
            "in_force_to": requirement.in_force_to,
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
        for requirement in requirements
    ]
