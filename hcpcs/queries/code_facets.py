"""How the codes that a search finds are spread over groups, BETOS, pricing and coverage."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Q, QuerySet

from hcpcs.indicators import meaning_of
from hcpcs.models import Code, Kind
from hcpcs.queries.dictionary import code_groups

# What stands for modifiers, which have no first letter in the sense of a code.
MODIFIERS = "modifiers"


@dataclass(frozen=True)
class FacetValue:
    value: str
    meaning: str
    count: int

    @property
    def short_meaning(self) -> str:
        """Without what stands in parentheses and behind the first full stop."""
        return self.meaning.partition(" (")[0].partition(". ")[0]


@dataclass(frozen=True)
class Facet:
    """`name` is that of the query parameter; `field` is the record's, "" for the group."""

    name: str
    label: str
    field: str
    values: list[FacetValue]


# Parameter -> (label, field of the record).
FACETS = {
    "group": ("Group", ""),
    "betos": ("BETOS", "betos"),
    "pricing": ("Pricing", "pricing_indicators"),
    "coverage": ("Coverage", "coverage"),
}
_GROUP = f"CASE WHEN kind = '{Kind.MODIFIER}' THEN '{MODIFIERS}' ELSE left(code, 1) END"
_VALUES = {
    "group": f"ARRAY[{_GROUP}]",
    "betos": "ARRAY[betos]",
    # A code that names an indicator twice counts once.
    "pricing": "ARRAY(SELECT DISTINCT unnest(pricing_indicators))",
    "coverage": "ARRAY[coverage]",
}


def facet_condition(name: str, value: str) -> Q:
    """Codes that have `value` in the facet. Case does not matter for a group."""
    if name == "group":
        if value.lower() == MODIFIERS:
            return Q(kind=Kind.MODIFIER)
        return Q(kind=Kind.CODE, code__startswith=value.upper())
    if name == "pricing":
        return Q(pricing_indicators__contains=[value])
    return Q(**{FACETS[name][1]: value})


def narrowed(found: QuerySet[Code], chosen: Mapping[str, str]) -> QuerySet[Code]:
    """`found` with only the codes that have every chosen value; facet name -> value."""
    for name, value in chosen.items():
        found = found.filter(facet_condition(name, value))
    return found


def facets_of(found: QuerySet[Code], chosen: Mapping[str, str]) -> list[Facet]:
    """Counts for every value of every facet, most frequent first, in one query.

    The counts of a facet obey what is chosen in the others and not what is chosen in itself: so they tell what another
    choice would find. `found` is the search without any facet.
    """
    columns = found.order_by().values_list("kind", "code", "betos", "coverage", "pricing_indicators")
    try:
        sql, parameters = columns.query.sql_with_params()
    except EmptyResultSet:
        # Django knows without asking that nothing is found, as for a sign that is no word.
        return [Facet(name, label, field, []) for name, (label, field) in FACETS.items()]
    chosen_sql, chosen_parameters = {}, {}
    for name in FACETS:
        chosen_sql[name], chosen_parameters[name] = _holds(name, chosen.get(name))
    branches, values = [], [*parameters]
    for name in FACETS:
        others = [other for other in FACETS if other != name]
        where = " AND ".join(chosen_sql[other] for other in others)
        branches.append(
            f"SELECT '{name}' AS facet, value, count(*) AS found FROM found, unnest({_VALUES[name]}) AS value"  # noqa: S608
            f" WHERE value <> '' AND {where} GROUP BY value"
        )
        values += [value for other in others for value in chosen_parameters[other]]
    # Groups by their letter, as everybody knows them, modifiers last; the rest by how many there are.
    order = "facet, CASE WHEN facet = 'group' THEN length(value) ELSE -found END, value"
    union = " UNION ALL ".join(branches)
    statement = f"WITH found AS MATERIALIZED ({sql}) SELECT * FROM ({union}) AS counted ORDER BY {order}"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        rows = cursor.fetchall()
    return [
        Facet(name, label, field, [_told(name, field, *row[1:]) for row in rows if row[0] == name])
        for name, (label, field) in FACETS.items()
    ]


def _told(name: str, field: str, value: str, count: int) -> FacetValue:
    return FacetValue(value, _meaning(name, field, value), count)


def _holds(name: str, value: str | None) -> tuple[str, list[str]]:
    """The same as `facet_condition`, for rows of the statement."""
    if value is None:
        return "true", []
    if name == "group":
        return f"{_GROUP} = %s", [value.lower() if value.lower() == MODIFIERS else value.upper()]
    if name == "pricing":
        return "%s = ANY (pricing_indicators)", [value]
    return f"{FACETS[name][1]} = %s", [value]


def _meaning(name: str, field: str, value: str) -> str:
    if name == "group":
        return "Modifiers" if value == MODIFIERS else code_groups().get(value, "")
    return meaning_of(field, value)


def facet_meaning(name: str, value: str) -> str:
    """What a chosen value stands for; "" where nobody says."""
    return _meaning(name, FACETS[name][1], value.upper() if name == "group" and value.lower() != MODIFIERS else value)
