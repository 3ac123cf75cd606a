"""Lines in, answers out: one statement, for one line as for a hundred thousand."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection, transaction

from pcl.models.folded import FOLDED_QUESTION
from pcl.queries.check.line import Line
from pcl.queries.check.rules import answers_sql

# From here on, a table that the planner knows costs less than an array that it does not.
_A_TABLE_FROM = 2000
_COLUMNS = "number, code, day, organization_key, product_folded, model_normalized"
_TABLE = f"""
    CREATE TEMP TABLE checked_line (
        number int, code text, day date, organization_key text, product text, model_normalized text,
        product_folded text GENERATED ALWAYS AS ({FOLDED_QUESTION.format(name="product")}) STORED
    ) ON COMMIT DROP
"""
_FROM_TABLE = f"SELECT {_COLUMNS} FROM checked_line"
_FROM_ARRAYS = f"""
    SELECT number, code, day, organization_key, {FOLDED_QUESTION.format(name="product")} AS product_folded, model_normalized
    FROM unnest(%s::int[], %s::text[], %s::date[], %s::text[], %s::text[], %s::text[])
        AS given (number, code, day, organization_key, product, model_normalized)
"""


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


def check_lines(lines: Sequence[Line]) -> list[Answered]:
    """One answer for each line, in their order, all as of one instant."""
    if not lines:
        return []
    numbered = [(number, *line.keys()) for number, line in enumerate(lines)]
    if len(lines) < _A_TABLE_FROM:
        with connection.cursor() as cursor:
            cursor.execute(answers_sql(_FROM_ARRAYS), [list(column) for column in zip(*numbered, strict=True)])
            return _in_order(cursor.fetchall(), len(lines))
    with transaction.atomic(), connection.cursor() as cursor:
        copy_lines(cursor, numbered)
        cursor.execute(answers_sql(_FROM_TABLE))
        answers = _in_order(cursor.fetchall(), len(lines))
        cursor.execute("DROP TABLE checked_line")
    return answers


def copy_lines(cursor: Any, numbered: Iterable[tuple[int, str, date, str, str, str]]) -> None:
    """A temporary table `checked_line` of the lines, until the transaction ends."""
    cursor.execute(_TABLE)
    with cursor.copy(
        "COPY checked_line (number, code, day, organization_key, product, model_normalized) FROM STDIN"
    ) as copy:
        for piece in _pieces(numbered):
            copy.write(piece)
    cursor.execute("ANALYZE checked_line")


def _pieces(numbered: Iterable[tuple[int, str, date, str, str, str]]) -> Iterator[str]:
    for number, code, day, organization, product, model in numbered:
        # The keys are letters and digits; what was typed may hold anything.
        yield f"{number}\t{_escaped(code)}\t{day}\t{organization}\t{_escaped(product)}\t{model}\n"


def _escaped(text: str) -> str:
    if "\\" not in text and text.isprintable():
        return text
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


def _in_order(rows: list[tuple[Any, ...]], count: int) -> list[Answered]:
    answers: list[Answered | None] = [None] * count
    for number, *said in rows:
        answers[number] = Answered(*said)
    return [answer for answer in answers if answer is not None]
