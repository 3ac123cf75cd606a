"""Everything that is logged, in one order: steps of applications, remarks and messages, accounts, sign-ins,
representations, listings, mails.

Each part is asked for itself in the order of its index and no further than a page needs, so that a page of the log
costs the same however long the log is. A mail's text is not told: it may hold a link that lets somebody in.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from pcl.queries.column import HARMLESS
from pcl.queries.row_stream import AS_IT_IS, copied, in_pieces
from verification.queries.audit_log_parts import AT, BY_PERSON, OF_APPLICATION, PARTS

KINDS = {
    "step": "Step of an application",
    "remark": "Remark or message",
    "account": "Role or account",
    "sign_in": "Sign-in",
    "representation": "Who acts for whom",
    "listing": "Change of a listing",
    "mail": "Mail sent",
}
COLUMNS = ("at", "kind", "id", "part", "what", "by_id", "person_id", "application_id", "subject", "details")

KEY = "(at, kind, id, part)"
# A file is read by programs and people: names beside the numbers, UTC, JSON in one cell.
FILE_COLUMNS = ("at", "kind", "what", "by", "person", "application", "subject", "details", "id")


@dataclass(frozen=True)
class LogFilter:
    """What of the log is asked for; each may be left out."""

    kind: str = ""
    person_id: int | None = None
    """Who did it, or to whom it was done."""
    application_id: int | None = None
    first_day: date | None = None
    last_day: date | None = None
    """Both inclusive, US Eastern."""


@dataclass(frozen=True)
class Entry:
    at: datetime
    kind: str
    id: int
    part: int
    what: str
    by_id: int | None
    person_id: int | None
    application_id: int | None
    subject: str
    details: dict[str, Any]

    @property
    def key(self) -> list[Any]:
        return [self.at.isoformat(), self.kind, self.id, self.part]


def log_page(
    asked: LogFilter, *, limit: int, beyond: Sequence[Any] | None = None, backward: bool = False
) -> list[Entry]:
    """At most `limit` entries beyond the key `beyond`: older ones, newest first; or newer ones, oldest first."""
    order = _order(falling=not backward)
    parts: list[str] = []
    given: list[Any] = []
    for sql, values in _parts(asked):
        told = f"SELECT * FROM ({sql}) AS told({', '.join(COLUMNS)})"  # noqa: S608
        if beyond is not None:
            # The first condition is for the index on the instant, the second is exact.
            sign = ">" if backward else "<"
            told += f" WHERE at {sign}= %s AND {KEY} {sign} (%s, %s, %s, %s)"
            values = [*values, beyond[0], *beyond]  # noqa: PLW2901
        parts.append(f"({told} {order} LIMIT %s)")
        given += [*values, limit]
    if not parts:
        return []
    with connection.cursor() as cursor:
        whole = f"SELECT * FROM ({' UNION ALL '.join(parts)}) AS log {order} LIMIT %s"  # noqa: S608
        cursor.execute(whole, [*given, limit])
        rows = [[*row[:-1], json.loads(row[-1])] for row in cursor.fetchall()]
    return [Entry(*row) for row in rows]


def log_as_csv(asked: LogFilter) -> Iterator[bytes]:
    """All of it, oldest first, in pieces; cells that a spreadsheet would take for formulas are harmless."""
    typed = {"doer.email", "person.email", "log.subject", "log.details"}
    cells = [HARMLESS.format(f"{name}::text") if name in typed else name for name in _FILE_CELLS]
    sql, given = _whole(asked, cells)
    yield (",".join(FILE_COLUMNS) + "\n").encode()
    yield from in_pieces(copied(sql, given))


def log_as_ndjson(asked: LogFilter) -> Iterator[bytes]:
    """The same with one JSON object in each line."""
    sql, given = _whole(asked, _FILE_CELLS)
    named = ", ".join(f'"{name}"' for name in FILE_COLUMNS)
    yield from in_pieces(
        copied(f"SELECT row_to_json(line) FROM ({sql}) AS line({named})", given, options=AS_IT_IS)  # noqa: S608
    )


# Aliases of ours, in the order of FILE_COLUMNS.
_FILE_CELLS = (
    "log.at",
    "log.kind",
    "log.what",
    "doer.email",
    "person.email",
    "application.dcn",
    "log.subject",
    "log.details",
    "log.id",
)


def _whole(asked: LogFilter, cells: Sequence[str]) -> tuple[str, list[Any]]:
    parts = list(_parts(asked))
    if not parts:
        # Nothing of this kind can be about an application: a file with a header all the same.
        parts = [(f"{PARTS['step']} AND false", [])]
    log = " UNION ALL ".join(f"({sql})" for sql, _ in parts)
    sql = f"""
        SELECT {", ".join(cells)}
        FROM ({log}) AS log({", ".join(COLUMNS)})
        LEFT JOIN accounts_user doer ON doer.id = log.by_id
        LEFT JOIN accounts_user person ON person.id = log.person_id
        LEFT JOIN verification_application application ON application.id = log.application_id
        {_order(falling=False, of="log.")}
    """  # noqa: S608
    return sql, [value for _, values in parts for value in values]


def _order(*, falling: bool, of: str = "") -> str:
    direction = "DESC" if falling else "ASC"
    return "ORDER BY " + ", ".join(f"{of}{column} {direction}" for column in ("at", "kind", "id", "part"))


def _parts(asked: LogFilter) -> Iterator[tuple[str, list[Any]]]:
    """The SQL of each part that can have what is asked for, with its parameters."""
    for kind in KINDS:
        if asked.kind not in ("", kind) or (asked.application_id is not None and kind not in OF_APPLICATION):
            continue
        conditions: list[str] = []
        given: list[Any] = []
        if asked.person_id is not None:
            conditions.append(BY_PERSON[kind])
            given.append(asked.person_id)
        if asked.application_id is not None:
            conditions.append(OF_APPLICATION[kind])
            given.append(asked.application_id)
        if asked.first_day is not None:
            conditions.append(f"{AT[kind]} >= %s")
            given.append(_begin_of(asked.first_day))
        if asked.last_day is not None:
            conditions.append(f"{AT[kind]} < %s")
            given.append(_begin_of(asked.last_day + timedelta(days=1)))
        yield " AND ".join([PARTS[kind], *conditions]), given


def _begin_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
