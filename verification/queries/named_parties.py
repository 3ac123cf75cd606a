"""Whom an application names as manufacturer and distributor, where that is not the applicant."""

from dataclasses import dataclass

from django.db.models import F, FilteredRelation, Q

from pcl.models import Organization
from pcl.names import name_key
from verification.models import Application

REMEMBERED = "_other_organizations"


@dataclass(frozen=True)
class NamedParty:
    role: str
    """`manufacturer` or `distributor`."""
    name: str
    """As the application gives it."""
    organization: Organization | None
    """The organization that the register knows under that name or one that looks like it."""


def other_organizations(application: Application) -> list[NamedParty]:
    """Manufacturer and distributor of `application` that are not the organization for which the applicant acts.

    One question to the database, and none where the applicant names only itself, or where the same object was asked
    about before.
    """
    said = (("manufacturer", application.manufacturer_name), ("distributor", application.distributor_name))
    known = application.__dict__.get(REMEMBERED)
    if known is None or known[0] != said:
        known = application.__dict__[REMEMBERED] = (said, _others(application, said))
    parties: list[NamedParty] = known[1]
    return parties


def _others(application: Application, said: tuple[tuple[str, str], ...]) -> list[NamedParty]:
    own = _written(application.organization.name)
    others = [(role, name) for role, name in said if _written(name) not in ("", own)]
    if not others:
        return []
    known = _known([name for _, name in others])
    parties = [NamedParty(role, name, known.get(name)) for role, name in others]
    return [party for party in parties if party.organization != application.organization]


def _known(names: list[str]) -> dict[str, Organization]:
    """By name, as pcl/queries/organization_names.py finds one: of that name first, then one that looks like it."""
    keys = [name_key(name) for name in names]
    today, former = Q(name_key__in=keys), Q(names__name_key__in=keys)
    for name in names:
        written = " ".join(name.split())
        today |= Q(name__iexact=written)
        former |= Q(names__name__iexact=written)
    rows = list(
        Organization.objects.alias(former=FilteredRelation("names", condition=former))
        .filter(today | Q(former__isnull=False))
        .annotate(former_name=F("former__name"), former_key=F("former__name_key"))
        .select_related("merged_into")
        .order_by("merged_into", "id", "former__id")
    )
    found: dict[str, Organization] = {}
    for name, key in zip(names, keys, strict=True):
        written = _written(name)
        candidates = [
            *(row for row in rows if _written(row.name) == written),
            *(row for row in rows if row.former_name and _written(row.former_name) == written),
            *(row for row in rows if row.name_key == key),
            *(row for row in rows if row.former_key == key),
        ]
        if candidates:
            found[name] = _where_it_went(candidates[0])
    return found


def _where_it_went(organization: Organization) -> Organization:
    while organization.merged_into is not None:
        organization = organization.merged_into
    return organization


def _written(name: str) -> str:
    return " ".join(name.split()).casefold()
