"""The catalogue as one flat table of texts, in the fields of NLM's Clinical Tables service.

U.S. National Library of Medicine, clinicaltables.nlm.nih.gov/apidoc/hcpcs/v3/doc.html.

Every field is a text: a date is `20230401` and None where there is none; `obsolete` and `is_noc` are "true" or "false".
A code string is one row, with the meaning that the day shows.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db.models import Case, Count, F, Func, IntegerField, Q, QuerySet, TextField, Value, When, Window
from django.db.models.functions import Coalesce, Length, NullIf

from hcpcs.models import Code
from hcpcs.queries.closest_first import beginning_of_a_word, closest_first
from hcpcs.queries.not_otherwise_classified import not_otherwise_classified
from hcpcs.queries.query_string import Field, FieldKind, condition_in
from hcpcs.queries.shown_meanings import shown_on

FIELDS = {
    "code": Field("code", FieldKind.KEYWORD),
    "short_desc": Field("field_short_desc", FieldKind.WORDS),
    "long_desc": Field("field_long_desc", FieldKind.WORDS),
    "display": Field("field_display", FieldKind.WORDS),
    "add_dt": Field("field_add_dt", FieldKind.DAY),
    "term_dt": Field("field_term_dt", FieldKind.DAY),
    "act_eff_dt": Field("field_act_eff_dt", FieldKind.DAY),
    "obsolete": Field("field_obsolete", FieldKind.KEYWORD),
    "is_noc": Field("field_is_noc", FieldKind.KEYWORD),
}
SEARCHED = ("code", "short_desc", "long_desc")
SEARCHABLE = (*SEARCHED, "display")
MOST_WORDS = 20
MOST_SUGGESTIONS = 10
# How much of a mistyped word still has to agree.
_BEGINNING = 4


class TooManyWords(ValueError):
    """More words than anybody looks for; cutting some off would answer another question."""


@dataclass(frozen=True)
class TablePage:
    total: int
    rows: list[tuple[str | None, ...]]


def clinical_table_page(
    *, terms: str, q: str, searched: Sequence[str], fields: Sequence[str], start: int, size: int, today: date
) -> TablePage:
    """`fields` of the rows in which each word of `terms` begins a word of a `searched` field, and that fulfil `q`.

    A row whose code is the terms comes first, then codes that begin with them, then those with the words in the short
    description, shorter ones first. Costs one query, and a second one where `start` lies behind the last row. Raises
    QueryStringError for a `q` that cannot be understood, TooManyWords.
    """
    words = words_of(terms)
    if terms.strip() and not words:
        return TablePage(0, [])
    found = _table(today, fields).filter(_each_begins_a_word(words, searched))
    if q.strip():
        found = found.filter(condition_in(q, fields=FIELDS, default=SEARCHED))
    return _page(closest_first(found, words), fields, start, size)


def clinical_table_suggestions(
    *, text: str, searched: Sequence[str], fields: Sequence[str], today: date
) -> list[tuple[str | None, ...]]:
    """`fields` of the rows closest to what somebody typed: most of its words, or of their first letters, first."""
    words = words_of(text)
    if not words:
        return []
    matches = [_each_begins_a_word([word[:_BEGINNING]], searched) for word in words]
    score: Any = Value(0, IntegerField())
    any_word = Q()
    for match in matches:
        score = score + Case(When(match, then=1), default=0, output_field=IntegerField())
        any_word |= match
    found = _table(today, fields).filter(any_word).alias(score=score)
    return _page(found.order_by("-score", Length("short_description"), "code"), fields, 0, MOST_SUGGESTIONS).rows


def words_of(text: str) -> list[str]:
    """The same parting of words as in Code.search. Raises TooManyWords."""
    words = re.findall(r"[A-Za-z0-9]+", text)
    if len(words) > MOST_WORDS:
        raise TooManyWords(f"There are {len(words)} words; at most {MOST_WORDS} can be looked for.")
    return words


def _table(today: date, wanted: Sequence[str]) -> QuerySet[Code]:
    expressions: dict[str, Any] = {
        "field_short_desc": F("short_description"),
        "field_long_desc": F("long_description"),
        "field_display": Coalesce(
            NullIf(F("short_description"), Value("")), F("long_description"), output_field=TextField()
        ),
        "field_add_dt": _day("added"),
        "field_term_dt": _day("terminated"),
        "field_act_eff_dt": _day("action_effective"),
        "field_obsolete": _flag(Q(terminated__lt=today)),
        "field_is_noc": _flag(not_otherwise_classified()),
    }
    told = {FIELDS[name].column for name in wanted}
    found = Code.objects.filter(shown_on(today))
    found = found.alias(**{name: each for name, each in expressions.items() if name not in told})
    return found.annotate(**{name: each for name, each in expressions.items() if name in told})


def _page(ordered: QuerySet[Code], fields: Sequence[str], start: int, size: int) -> TablePage:
    columns = [FIELDS[name].column for name in fields]
    days = {place for place, name in enumerate(fields, start=1) if FIELDS[name].kind is FieldKind.DAY}
    rows = ordered.annotate(total=Window(Count("*"))).values_list("total", *columns)[start : start + size]
    taken = list(rows)
    if taken:
        told = [
            tuple(None if place in days and not value else value for place, value in enumerate(row)) for row in taken
        ]
        return TablePage(taken[0][0], [row[1:] for row in told])
    return TablePage(ordered.count() if start or not size else 0, [])


def _each_begins_a_word(words: Sequence[str], searched: Sequence[str]) -> Q:
    everywhere = Q()
    for word in words:
        everywhere &= Q(search=SearchQuery(f"{word}:*", config="simple", search_type="raw"))
        if not set(SEARCHED) <= set(searched):
            # The index holds the words of all fields; it narrows down, and the fields decide.
            here = Q()
            for name in searched:
                here |= Q(**{f"{FIELDS[name].column}__iregex": beginning_of_a_word(word)})
            everywhere &= here
    return everywhere


def _day(column: str) -> Any:
    """Never NULL, so that NOT means all others; `_page` tells a missing date as None."""
    text = Func(F(column), Value("YYYYMMDD"), function="to_char", output_field=TextField())
    return Coalesce(text, Value(""), output_field=TextField())


def _flag(condition: Q) -> Any:
    return Case(When(condition, then=Value("true")), default=Value("false"), output_field=TextField())
