"""A register of REGISTER_ROWS made-up listings (default: a million), loaded by COPY and kept for the next benchmark.

Every table stands as the register's own code would have left it: the search words, the chain of changes with its true
hashes, what the list said and when. Triggers sleep while it is loaded, indexes and exclusion constraints are made
anew afterwards, and the planner is told. Each size is a database of its own beside the register's, on its server.
"""

import json
import os
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import quote

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connection

django.setup()

from benchmarks.made_up_register import ENDED_CODES, GROUPS, MadeListing, MadeOrganization, MadeRegister  # noqa: E402
from hcpcs.models import Code, Kind, Release  # noqa: E402
from pcl import text  # noqa: E402
from pcl.models import EntryVersion  # noqa: E402
from pcl.models.shown_listing import ShownListing  # noqa: E402
from pcl.models.word import KEEP_WORDS  # noqa: E402
from pcl.names import name_key  # noqa: E402
from pcl.services.changes import FIRST_PREVIOUS_HASH, hash_of_change, instant_text  # noqa: E402

ROWS = int(os.environ.get("REGISTER_ROWS", "1000000"))
# Raised when other rows are made up: those that are kept are then made anew.
MADE_LIKE = "2"
TABLES = (
    *("pcl_organization", "pcl_organizationname", "pcl_product", "pcl_productname", "pcl_productmodel"),
    *("pcl_listing", "pcl_listingchange", "pcl_registerentry", "pcl_entryversion", "pcl_word"),
)
AT_ONCE = 1 << 20
LISTED = "Determination of a coding verification review."
ENDED = "The manufacturer no longer makes it."


@contextmanager
def register_of(rows: int) -> Iterator[str]:
    """Django's connection is to a register of that size until the block ends; gives the DATABASE_URL of it."""
    usual = settings.DATABASES["default"]["NAME"]
    name = f"{usual}_made_up_{rows}"
    try:
        _go_to("postgres")
        if _stamp(name) == MADE_LIKE:
            _go_to(name)
        else:
            with connection.cursor() as cursor:
                cursor.execute(f"DROP DATABASE IF EXISTS {name}")
                cursor.execute(f"CREATE DATABASE {name}")
            _go_to(name)
            _make(name, rows)
            with connection.cursor() as cursor:
                cursor.execute(f"COMMENT ON DATABASE {name} IS '{MADE_LIKE}'")
        # What came with a newer version of the register.
        call_command("migrate", verbosity=0)
        _say_what_changes_are_about()
        yield _address(name)
    finally:
        _go_to(usual)


def _go_to(name: str) -> None:
    connection.close()
    if getattr(connection, "_pool", None):
        connection.close_pool()
    connection.settings_dict["NAME"] = name


def _stamp(name: str) -> str | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [name])
        found = cursor.fetchone()
    return found[0] if found else None


def _address(name: str) -> str:
    said = connection.settings_dict
    server = said["HOST"]
    if not server.startswith("/"):
        password = f":{quote(said['PASSWORD'])}" if said["PASSWORD"] else ""
        return f"postgresql://{said['USER']}{password}@{server}:{said['PORT'] or 5432}/{name}"
    return f"postgresql://{said['USER']}@/{name}?host={quote(server, safe='')}"


def _make(name: str, rows: int) -> None:
    print(f"(making a register of {rows:,} listings; it is kept as {name})", file=sys.stderr)
    began = time.perf_counter()
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {', '.join(TABLES)}, hcpcs_code, hcpcs_release CASCADE")
    codes = _codes()
    made = MadeRegister(rows)
    organizations = made.organizations()
    with _without_indexes():
        _load_organizations(organizations)
        _load_listings(made, organizations, codes)
    with connection.cursor() as cursor:
        for table in TABLES[:6]:
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), greatest(max(id), 1)) FROM {table}")
    # Outside of a transaction, as autovacuum would: index-only scans need the map of what all can see.
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")
    print(f"(made in {time.perf_counter() - began:.0f} s)", file=sys.stderr)


def _codes() -> dict[str, Code]:
    release = Release.objects.create(
        year=2025, quarter=4, file_name="HCPC2025_OCT_ANWEB.txt", sha256="0" * 64, code_count=1
    )
    return {
        code.code: code
        for code in Code.objects.bulk_create(
            Code(
                kind=Kind.CODE,
                code=code,
                added=date(2000, 1, 1),
                terminated=ENDED_CODES.get(code),
                long_description=f"{group}: {nouns[index % len(nouns)].lower()}, prefabricated, off-the-shelf, each, "
                f"variation {index + 1} of those that the code set knows",
                short_description=f"{nouns[index % len(nouns)]} {index + 1}"[:28],
                first_release=release,
                last_release=release,
            )
            for group, _, nouns, codes in GROUPS
            for index, code in enumerate(codes.split())
        )
    }


@contextmanager
def _without_indexes() -> Iterator[None]:
    """Indexes and exclusion constraints of the register's tables are made anew when all rows are there."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass, conname),
                      format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', conrelid::regclass, conname,
                             pg_get_constraintdef(oid))
               FROM pg_constraint WHERE contype IN ('x', 'u') AND conrelid::regclass::text = ANY (%(tables)s)
               UNION ALL
               SELECT format('DROP INDEX %%I', relname), pg_get_indexdef(i.indexrelid)
               FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
               WHERE i.indrelid::regclass::text = ANY (%(tables)s)
                 AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = i.indexrelid)""",
            # Words are counted while they are kept, so that theirs is needed.
            {"tables": [table for table in TABLES if table != "pcl_word"]},
        )
        found = cursor.fetchall()
        for drop, _ in found:
            cursor.execute(drop)
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("SET maintenance_work_mem = '512MB'")
        yield
        cursor.execute("SET session_replication_role = DEFAULT")
        for _, make in found:
            cursor.execute(make)


def _copy(table: str, columns: str, lines: Iterable[str]) -> None:
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
        waiting: list[str] = []
        size = 0
        for line in lines:
            waiting.append(line)
            size += len(line)
            if size > AT_ONCE:
                copy.write("".join(waiting))
                waiting.clear()
                size = 0
        copy.write("".join(waiting))


def _load_organizations(organizations: list[MadeOrganization]) -> None:
    _copy(
        "pcl_organization",
        "id, slug, name, name_key, created_at",
        (f"{each.id}\t{each.slug}\t{each.name}\t{name_key(each.name)}\t2014-01-01Z\n" for each in organizations),
    )
    _copy(
        "pcl_organizationname",
        "organization_id, name, name_key, used, source",
        (
            f"{each.id}\t{each.former_name}\t{name_key(each.former_name)}\t(,2018-01-01)\t\n"
            for each in organizations
            if each.former_name
        ),
    )


def _load_listings(made: MadeRegister, organizations: list[MadeOrganization], codes: dict[str, Code]) -> None:
    listings = list(made.all_listings(organizations))
    products = {each.product.id: each.product for each in listings}.values()
    _copy(
        "pcl_product",
        "id, name, manufacturer_id, distributor_id, classification, fda_submission_numbers, fda_listing_numbers,"
        " created_at",
        (
            f"{each.id}\t{each.name}\t{each.manufacturer.id}\t{each.distributor.id if each.distributor else NULL}"
            f"\t{each.classification}\t{{}}\t{{}}\t2014-01-01Z\n"
            for each in products
        ),
    )
    _copy(
        "pcl_productname",
        "product_id, name, used, source",
        (f"{each.id}\t{each.former_name}\t(,2019-01-01)\t\n" for each in products if each.former_name),
    )
    _copy(
        "pcl_productmodel",
        "id, product_id, model_number, normalized, udi_di",
        (f"{it.id}\t{it.product.id}\t{it.model_number}\t{_normalized(it)}\t\n" for it in listings),
    )
    _copy(
        "pcl_listing",
        "id, model_id, code_id, effective, origin, comment, version",
        (
            f"{it.id}\t{it.id}\t{codes[it.code].pk}\t{_range(it.begins, it.last_day)}\tdetermination\t\t"
            f"{2 if it.ended_at else 1}\n"
            for it in listings
        ),
    )
    _copy("pcl_registerentry", f"listing_id, {', '.join(SHOWN)}", _entries(listings, codes))
    _copy(
        "pcl_listingchange",
        "seq, at, kind, listing_id, version, before, after, reason, previous_hash, hash",
        _changes(listings),
    )
    with connection.cursor() as cursor:
        cursor.execute(VERSIONS)
        cursor.execute(KEEP_WORDS.format(shown=EntryVersion._meta.db_table))  # noqa: SLF001


NULL = r"\N"
SHOWN = [str(field.column) for field in ShownListing._meta.local_fields]  # noqa: SLF001
_BEFORE = {
    "effective": "daterange(lower(effective), NULL)",
    "in_force": "daterange(lower(effective), NULL) * daterange(added, terminated, '[]')",
    "changed_at": "published_at",
    "search": "entry.search",
    "code": "entry.code",
}
# What the list says, and what it said before the end date of a listing was published.
VERSIONS = f"""
    INSERT INTO {EntryVersion._meta.db_table} (listing_id, {", ".join(SHOWN)}, said)
    SELECT listing_id, {", ".join(_BEFORE.get(name, name) for name in SHOWN)}, tstzrange(published_at, changed_at)
    FROM pcl_registerentry entry JOIN hcpcs_code code ON code.id = code_meaning_id WHERE changed_at > published_at;
    INSERT INTO {EntryVersion._meta.db_table} (listing_id, {", ".join(SHOWN)}, said)
    SELECT listing_id, {", ".join(SHOWN)}, tstzrange(changed_at, NULL) FROM pcl_registerentry
"""  # noqa: SLF001


def _normalized(it: MadeListing) -> str:
    return text.normalize_model_number(it.model_number)


def _range(begins: date, last_day: date | None) -> str:
    return f"[{begins},{'' if last_day is None else last_day + timedelta(days=1)})"


def _in_force(it: MadeListing, code: Code) -> str:
    ends = min((day for day in (it.last_day, code.terminated) if day), default=None)
    return "empty" if ends and ends < it.begins else _range(it.begins, ends)


def _entries(listings: list[MadeListing], codes: dict[str, Code]) -> Iterator[str]:
    text.fold, plain = lru_cache(maxsize=1 << 16)(text.fold), text.fold  # the same names over and over
    try:
        for it in listings:
            product, maker, distributor = it.product, it.product.manufacturer, it.product.distributor
            parties = [maker, *([distributor] if distributor else [])]
            words = text.search_vector(
                products=[product.name, *([product.former_name] if product.former_name else [])],
                organizations=[name for each in parties for name in (each.name, each.former_name) if name],
                code=it.code,
                model_number=it.model_number,
            )
            row: dict[str, Any] = {
                "code_meaning_id": codes[it.code].pk,
                "manufacturer_organization_id": maker.id,
                "distributor_organization_id": distributor.id if distributor else NULL,
                "code": it.code,
                "manufacturer": maker.name,
                "distributor": distributor.name if distributor else "",
                "product": product.name,
                "model_number": it.model_number,
                "model_normalized": _normalized(it),
                "classification": product.classification,
                "effective": _range(it.begins, it.last_day),
                "in_force": _in_force(it, codes[it.code]),
                "origin": "determination",
                "comment": "",
                "published_at": instant_text(it.published_at),
                "changed_at": instant_text(it.ended_at or it.published_at),
                "search": words,
            }
            yield f"{it.id}\t" + "\t".join([str(row[name]) for name in SHOWN]) + "\n"
    finally:
        text.fold = plain


def _changes(listings: list[MadeListing]) -> Iterator[str]:
    acts: list[tuple[datetime, str, MadeListing]] = [(it.published_at, "listed", it) for it in listings]
    acts += [(it.ended_at, "end_dated", it) for it in listings if it.ended_at]
    acts.sort(key=lambda act: (act[0], act[2].id))
    previous = FIRST_PREVIOUS_HASH
    for seq, (at, kind, it) in enumerate(acts, start=1):
        is_new = kind == "listed"
        before = None if is_new else _public(it, last_day=None)
        after = _public(it, last_day=None if is_new else it.last_day)
        reason = LISTED if is_new else ENDED
        said = hash_of_change(
            seq=seq, at=at, kind=kind, listing=it.id, before=before, after=after, reason=reason, previous_hash=previous
        )
        yield (
            f"{seq}\t{instant_text(at)}\t{kind}\t{it.id}\t{1 if is_new else 2}\t{_json(before)}\t{_json(after)}"
            f"\t{reason}\t{previous}\t{said}\n"
        )
        previous = said


def _public(it: MadeListing, *, last_day: date | None) -> dict[str, Any]:
    """As pcl.services.changes.public_listings has it."""
    distributor = it.product.distributor
    return {
        "id": it.id,
        "code": it.code,
        "manufacturer": it.product.manufacturer.name,
        "distributor": distributor.name if distributor else None,
        "product": it.product.name,
        "model_number": it.model_number or None,
        "classification": it.product.classification,
        "effective_from": it.begins.isoformat(),
        "effective_to": last_day.isoformat() if last_day else None,
        "origin": "determination",
        "comment": "",
    }


def _say_what_changes_are_about() -> None:
    """As the trigger of the changes would have; once for each register."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT FROM pcl_changesubject LIMIT 1")
        if cursor.fetchone() is not None:
            return
        cursor.execute(
            """INSERT INTO pcl_changesubject (about, change_id)
               SELECT said.about, change.seq
               FROM pcl_listingchange change
               JOIN pcl_registerentry entry USING (listing_id)
               JOIN pcl_listing listing ON listing.id = listing_id
               JOIN pcl_productmodel model ON model.id = listing.model_id
               CROSS JOIN LATERAL unnest(ARRAY[
                   'code:' || entry.code, 'product:' || model.product_id,
                   'organization:' || entry.manufacturer_organization_id,
                   'organization:' || nullif(entry.distributor_organization_id, entry.manufacturer_organization_id)
               ]) AS said (about)
               WHERE said.about IS NOT NULL"""
        )
        cursor.execute("VACUUM (ANALYZE) pcl_changesubject")


def _json(said: dict[str, Any] | None) -> str:
    # Nothing made up holds a quote, a tab or a backslash.
    return NULL if said is None else json.dumps(said, ensure_ascii=False)


if __name__ == "__main__":
    with register_of(ROWS) as address:
        print(address)
