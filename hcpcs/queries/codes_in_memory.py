"""Every code's words in the process's memory, so that a search need not ask the database.

What is found is what `search_codes` finds (a property test holds the two together): the words are PostgreSQL's own,
taken from `Code.search`, and what a typed word may stand for is `word_forms`, reckoned by PostgreSQL and remembered.
Sets of rows are whole numbers, a bit for each row: 8,846 rows are 1.1 kB, and a million times "and" takes no time.
"""

import re
from bisect import bisect_left
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, reduce
from operator import or_
from typing import Any

from django.db import connection
from django.db.models import F, Func, TextField

from hcpcs.models import Code
from hcpcs.queries.codes import Status, word_forms
from hcpcs.queries.releases import catalogue_fingerprint
from hcpcs.queries.words import words_of

# What a form of a word is as a tsquery: the beginning of one lexeme, or nothing, where it is a stop word.
_ONE_BEGINNING = re.compile(r"'([^'\\ ]+)':\*")
_LAST = chr(0x10FFFF)
# Days of service that somebody may ask for in turn, times four.
_MOST_KEPT = 400


class CannotTell(Exception):  # no error: the database can
    """Only PostgreSQL can answer this."""


@dataclass(frozen=True)
class CatalogueRead:
    """`rows` are the columns that were asked for, by code and id; `index` finds their places."""

    fingerprint: str
    rows: list[tuple[Any, ...]]
    index: "CodesInMemory"


def read_catalogue(columns: Sequence[str]) -> CatalogueRead | None:
    """Everything at once. None where a release was loaded meanwhile: another fingerprint, another catalogue."""
    before = catalogue_fingerprint()
    lexemes = Func(F("search"), function="tsvector_to_array", output_field=TextField())
    found = Code.objects.order_by("code", "id").values_list("added", "terminated", lexemes, *columns)
    read = list(found)
    if catalogue_fingerprint() != before:
        return None
    index = CodesInMemory((added, terminated, words) for added, terminated, words, *_ in read)
    return CatalogueRead(before, [row[3:] for row in read], index)


class CodesInMemory:
    """Places are counted from 0, in the order in which the rows were given."""

    def __init__(self, rows: Iterable[tuple[date | None, date | None, Collection[str]]]) -> None:
        self.spans: list[tuple[date, date]] = []
        places: dict[str, list[int]] = {}
        for place, (added, terminated, lexemes) in enumerate(rows):
            self.spans.append((added or date.min, terminated or date.max))
            for lexeme in lexemes:
                places.setdefault(lexeme, []).append(place)
        self.everything = (1 << len(self.spans)) - 1
        self.lexemes = sorted(places)
        self.having = [_bits(places[lexeme]) for lexeme in self.lexemes]
        self.with_status: dict[tuple[Status, date], int] = {}
        self.beginning_with: dict[str, int] = {}

    def search(self, *, q: str, on: date, status: Status) -> int:
        """The rows that `search_codes` finds, a bit for each. Raises CannotTell."""
        found = self._of_status(status, on)
        if q.strip():
            words = words_of(q)
            if not words:
                return 0
            for forms in forms_of(tuple(word.lower() for word in words)):
                found &= reduce(or_, map(self._beginning, forms))
        return found

    def _of_status(self, status: Status, on: date) -> int:
        """As `search_codes` reckons it: added and termination date both included."""
        if status == "all":
            return self.everything
        known = self.with_status.get((status, on))
        if known is None:
            if status == "current":
                there = [place for place, (first, last) in enumerate(self.spans) if first <= on <= last]
            elif status == "ended":
                there = [place for place, (_, last) in enumerate(self.spans) if last < on]
            else:
                there = [place for place, (first, _) in enumerate(self.spans) if on < first]
            known = _bits(there)
            _keep(self.with_status, (status, on), known)
        return known

    def _beginning(self, text: str) -> int:
        known = self.beginning_with.get(text)
        if known is None:
            first, behind = bisect_left(self.lexemes, text), bisect_left(self.lexemes, text + _LAST)
            known = reduce(or_, self.having[first:behind], 0)
            _keep(self.beginning_with, text, known)
        return known


def first_places(bits: int, most: int) -> list[int]:
    """The lowest `most` places in order."""
    places: list[int] = []
    while bits and len(places) < most:
        lowest = bits & -bits
        places.append(lowest.bit_length() - 1)
        bits ^= lowest
    return places


def forms_of(words: tuple[str, ...]) -> list[tuple[str, ...]]:
    """What each word may stand for: beginnings of lexemes. One query for words that were not asked before, else none.

    Raises CannotTell where PostgreSQL parts a word further than we do.
    """
    return [_forms(word) for word in words]


@lru_cache(maxsize=20_000)
def _forms(word: str) -> tuple[str, ...]:
    compiler = Code.objects.all().query.get_compiler(connection=connection)
    compiled = [compiler.compile(form.resolve_expression(compiler.query)) for form in word_forms(word)]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {', '.join(f'({sql})::text' for sql, _ in compiled)}",  # Django's own
            [value for _, values in compiled for value in values],
        )
        told = cursor.fetchone() or ()
    matches = [_ONE_BEGINNING.fullmatch(text) for text in told if text]
    if not matches or None in matches:
        raise CannotTell(word)
    return tuple({match[1] for match in matches if match})


def _bits(places: Iterable[int]) -> int:
    found = bytearray()
    for place in places:
        byte = place >> 3
        if byte >= len(found):
            found.extend(bytes(byte + 1 - len(found)))
        found[byte] |= 1 << (place & 7)
    return int.from_bytes(found, "little")


def _keep(kept: dict[Any, int], key: Any, value: int) -> None:
    if len(kept) >= _MOST_KEPT:
        kept.clear()
    kept[key] = value
