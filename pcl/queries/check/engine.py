"""Lines in, answers out: one statement, for one line as for a hundred thousand."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from itertools import count, islice
from typing import Any

from django.db import connection, transaction

from pcl.models.folded import FOLDED_KEY
from pcl.queries.check.line import Line
from pcl.queries.check.many_lines import AT_ONCE, NOTHING, keys_of
from pcl.queries.check.rules import answers_sql

# From here on, tables that the planner knows cost less than arrays that it does not.
_TABLES_FROM = 2000
# The tables that lines are copied into; the batch makes the same of its own lines.
TABLES = """
    CREATE TEMP TABLE checked_line (number int, code text, day date, asked int) ON COMMIT DROP;
    CREATE TEMP TABLE checked_thing (asked int, organization_key text, product_key text, model_normalized text)
        ON COMMIT DROP
"""
COUNT_TABLES = "ANALYZE checked_line, checked_thing"
DROP_TABLES = "DROP TABLE checked_line, checked_thing"
_THINGS = (
    f"SELECT asked, organization_key, {FOLDED_KEY.format(name='product_key')} AS product_folded, model_normalized FROM"
)
_LINES = "SELECT * FROM unnest(%s::int[], %s::text[], %s::date[], %s::int[]) AS given (number, code, day, asked)"
_ASKED = (
    f"{_THINGS} unnest(%s::int[], %s::text[], %s::text[], %s::text[])"
    " AS given (asked, organization_key, product_key, model_normalized)"
)
_FROM_ARRAYS = answers_sql(lines=_LINES, asked=_ASKED)


def from_tables(*, as_published: datetime | None = None) -> str:
    """The rules as a query of what was copied into TABLES."""
    return answers_sql(lines="SELECT * FROM checked_line", asked=f"{_THINGS} checked_thing", as_published=as_published)


# Tens of thousands of lines are joined and sorted in memory; to compile such a statement takes longer than to run it. A
# tenth of the usual sample tells the planner enough, in 10 ms instead of 70 (COUNT_TABLES).
FOR_MANY = "SET LOCAL work_mem = '256MB'; SET LOCAL jit = off; SET LOCAL default_statistics_target = 10"

# In no text, as PostgreSQL takes none that has it.
_BETWEEN = "\x00"
_NOTHING = _BETWEEN.join(NOTHING)
_NULL = "\\N"
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
_iso = lru_cache(maxsize=20_000)(date.isoformat)


@dataclass(frozen=True)
class Answered:
    answer: str
    """One of `pcl.models.Answer`."""
    reasons: list[str]
    """Sentences that a biller can read."""
    listings: list[int]
    """Ids of the listings that the answer rests on, at most MOST_CITED."""
    requirement: int | None
    """Id of the requirement that is in force for the code on the day."""


def check_lines(lines: Sequence[Line], *, as_published: datetime | None = None) -> list[Answered]:
    """One answer for each line, in their order, all as of one instant: now, or as the list stood at `as_published`."""
    if not lines:
        return []
    if len(lines) >= _TABLES_FROM:
        with transaction.atomic(), _copied(lines) as cursor:
            cursor.execute(from_tables(as_published=as_published))
            return _in_order(cursor.fetchall(), len(lines))
    places: dict[str, int] = {}
    asked = _asked(lines, places)
    numbered = [[*range(len(lines))], [line.code for line in lines], [line.day for line in lines], asked]
    keys = [list(column) for column in zip(*(key.split(_BETWEEN) for key in places), strict=True)] or [[], [], []]
    columns = [*numbered, [*places.values()], *keys]
    with connection.cursor() as cursor:
        then = as_published and answers_sql(lines=_LINES, asked=_ASKED, as_published=as_published)
        cursor.execute(then or _FROM_ARRAYS, columns)
        return _in_order(cursor.fetchall(), len(lines))


def answers_as_text(lines: Iterable[Line]) -> Iterator[bytes]:
    """Answers in PostgreSQL's text format, in pieces as it sends them: number (from 0) and the fields of Answered.

    Lines are taken some hundred at a time, so that they may be read while they are sent.
    """
    with transaction.atomic(), _copied(lines) as cursor, cursor.copy(f"COPY ({from_tables()}) TO STDOUT") as copy:
        rows = iter(copy)
        while some := b"".join(islice(rows, AT_ONCE)):
            yield some


def _asked(lines: Sequence[Line], places: dict[str, int]) -> list[int | None]:
    """What each line asks about, as a number that it finds, or takes, in `places`; None where it asks about nothing.

    There a key is one text: tuples, if so many are kept, wake Python's collector (see AT_ONCE).
    """
    keys = map(_BETWEEN.join, keys_of(lines))
    return [places.setdefault(key, len(places)) if key != _NOTHING else None for key in keys]


@contextmanager
def _copied(lines: Iterable[Line]) -> Iterator[Any]:
    """A cursor that sees the lines in the temporary tables; to be used in a transaction."""
    places: dict[str, int] = {}
    first = 0
    with connection.cursor() as cursor:
        cursor.execute(FOR_MANY)
        cursor.execute(TABLES)
        with cursor.copy("COPY checked_line FROM STDIN") as copy:
            for some in _pieces(lines):
                codes = _escaped([line.code for line in some])
                days = map(_iso, [line.day for line in some])
                rows = zip(count(first), codes, days, _asked(some, places))  # the first never ends
                copy.write(
                    "".join([f"{n}\t{code}\t{day}\t{_NULL if of is None else of}\n" for n, code, day, of in rows])
                )
                first += len(some)
        with cursor.copy("COPY checked_thing FROM STDIN") as copy:
            for things in _pieces(places.items()):
                keys = _escaped([key for key, _ in things])
                together = "".join([f"{of}\t{key}\n" for key, (_, of) in zip(keys, things, strict=True)])
                copy.write(together.replace(_BETWEEN, "\t"))
        cursor.execute(COUNT_TABLES)
        yield cursor
        cursor.execute(DROP_TABLES)


def _pieces(rows: Iterable[Any]) -> Iterator[list[Any]]:
    left = iter(rows)
    while some := list(islice(left, AT_ONCE)):
        yield some


def _escaped(texts: Sequence[str]) -> Sequence[str]:
    together = "".join(texts)
    return [text.translate(_ESCAPES) for text in texts] if any(each in together for each in "\\\t\n\r") else texts


def _in_order(rows: list[tuple[Any, ...]], count: int) -> list[Answered]:
    answers: list[Answered | None] = [None] * count
    for number, *said in rows:
        answers[number] = Answered(*said)
    return [answer for answer in answers if answer is not None]
