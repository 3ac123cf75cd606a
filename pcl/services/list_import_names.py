"""Which organizations a list names: those of the register, new ones, and those of which a person must say it."""

from typing import Any

from django.db import connection
from rapidfuzz import fuzz, process

from pcl.models import ListImport, ListImportName, NameChoice, Organization, OrganizationName
from pcl.names import name_key
from pcl.services.organizations import create_organization

# Of two keys so alike (of 100), somebody should look; short ones differ in too few letters to tell.
_ALIKE = 88
_LONG_ENOUGH = 6
# Comparing every name with every other costs; a list with more new names than this has them compared by key only.
_COMPARED = 5000
_NAMED = """
    SELECT name, count(*), min(number) FROM (
        SELECT manufacturer AS name, number FROM pcl_listimportline WHERE list_import_id = %(id)s AND is_read
        UNION ALL
        SELECT distributor, number FROM pcl_listimportline
        WHERE list_import_id = %(id)s AND is_read AND distributor <> ''
    ) named GROUP BY name ORDER BY 3, 1
"""


def resolve_names(list_import: ListImport) -> None:
    """Find out anew what each name of the list's lines means; choices that a person made are kept."""
    register = _Register()
    decided = list_import.names.exclude(choice="").values_list("name", "look_alike_id", "choice")
    chosen = {(name, look_alike): choice for name, look_alike, choice in decided}
    with connection.cursor() as cursor:
        cursor.execute(_NAMED, {"id": list_import.pk})
        named = cursor.fetchall()
    list_import.names.all().delete()
    made = []
    compared = 0
    for name, count, _ in named:
        row = ListImportName(list_import=list_import, name=name, name_key=name_key(name), row_count=count)
        row.organization_id = register.named(name)
        if row.organization_id is None:
            compared += 1
            row.look_alike_id = register.like(row.name_key, is_compared=compared <= _COMPARED)
            row.choice = chosen.get((name, row.look_alike_id or 0), "")
            row.is_undecided = row.look_alike_id is not None and not row.choice
            if row.choice == NameChoice.SAME:
                row.organization_id = row.look_alike_id
        made.append(row)
    ListImportName.objects.bulk_create(made, batch_size=2000)


def create_named_organizations(list_import: ListImport, lines: str, parameters: dict[str, Any]) -> int:
    """Make the organizations that lines to be written name and the register lacks; how many.

    `lines` is a condition on pcl_listimportline, called line. Names with the same key are one organization, spelled as
    first met.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT name.name_key, name.name FROM pcl_listimportname name JOIN (
                SELECT line.manufacturer AS name, line.number FROM pcl_listimportline line WHERE {lines}
                UNION ALL
                SELECT line.distributor, line.number FROM pcl_listimportline line
                WHERE {lines} AND line.distributor <> ''
            ) named ON named.name = name.name
            WHERE name.list_import_id = %(id)s AND name.organization_id IS NULL
            GROUP BY 1, 2 ORDER BY min(named.number)
            """,  # noqa: S608  # a condition of this program
            {"id": list_import.pk, **parameters},
        )
        wanted: dict[str, str] = {}
        for key, name in cursor.fetchall():
            wanted.setdefault(key, name)
    for key, name in wanted.items():
        organization = create_organization(name=name)
        list_import.names.filter(name_key=key, organization=None).update(organization=organization)
    return len(wanted)


class _Register:
    """Every name that an organization ever had; merged ones lead to where they went."""

    def __init__(self) -> None:
        rows = list(Organization.objects.order_by("merged_into", "id").values_list("id", "merged_into_id"))
        self._merged = {pk: into for pk, into in rows if into is not None}
        self._names: dict[str, int] = {}
        self._keys: dict[str, int] = {}
        today = Organization.objects.order_by("merged_into", "id").values_list("id", "name", "name_key")
        former = OrganizationName.objects.order_by("id").values_list("organization_id", "name", "name_key")
        for pk, name, key in [*today, *former]:
            self._names.setdefault(name.casefold(), pk)
            self._keys.setdefault(key, pk)
        self._long = [key for key in self._keys if len(key) >= _LONG_ENOUGH]

    def named(self, name: str) -> int | None:
        return self._where_it_went(self._names.get(name.casefold()))

    def like(self, key: str, *, is_compared: bool) -> int | None:
        found = self._keys.get(key)
        if found is None and is_compared and len(key) >= _LONG_ENOUGH:
            best = process.extractOne(key, self._long, scorer=fuzz.ratio, score_cutoff=_ALIKE)
            found = self._keys[best[0]] if best else None
        return self._where_it_went(found)

    def _where_it_went(self, pk: int | None) -> int | None:
        while pk is not None and pk in self._merged:
            pk = self._merged[pk]
        return pk
