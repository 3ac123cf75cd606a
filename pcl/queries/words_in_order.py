"""How the first listings in order are found for words, whether ten listings have them or a hundred thousand.

Two ways lead to them: fetch all that the index of words has and sort them, or walk the index in order and take what
has the words. The second is quicker the more there are, but for one thing: half of a large register may stand before
its first orthosis, since those have codes in L. So the walk is kept to the codes that have the words (pcl_word). The
answer is the same either way. The planner is not left to choose: it takes words for evenly spread over the register,
and has walked 800,000 rows to the first page of orthoses (1.7 s at a million listings; kept to the codes: 3 ms).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchVectorExact
from django.db.models import BigIntegerField, BooleanField, Expression, F, Field, Func, Q, QuerySet, TextField, Value

from pcl.models import Word
from pcl.models.beginnings import Beginnings
from pcl.models.word import LENGTH_OF_BEGINNING
from pcl.queries.common_words import common
from pcl.queries.kept_sql import Given
from pcl.queries.keyset import COUNTED_EXACTLY, IsAnyOf, only
from pcl.queries.size import BROAD, Size
from pcl.queries.word_query import Begun, WordQuery
from pcl.text import LONGEST_QUERY, LONGEST_WORD, MOST_WORDS, fold

MOST_WORDS_LOOKED_UP = 4
# Sorts behind every word that begins alike.
LAST = "\U0010ffff"


class MatchedInOrder(Func):
    """`search @@ query` as a function call: the same, but no reason for the planner to take the index of words."""

    function = "ts_match_vq"
    output_field = BooleanField()


def matching(found: QuerySet, tsquery: str | Given | None) -> QuerySet:
    """Those that have the words. With only punctuation typed, None: no entry has such a word."""
    return found.none() if tsquery is None else found.filter(search=WordQuery(tsquery))


def matching_beginnings(found: QuerySet, tsquery: str | Given | None) -> QuerySet:
    """The same, quickly looked up however many words begin so: for register entries, and for words of any part."""
    return found.none() if tsquery is None else found.filter(SearchVectorExact(Beginnings("search"), Begun(tsquery)))


def matching_in_order(found: QuerySet, tsquery: str | Given | None) -> QuerySet:
    """The same, for walking an index in order."""
    return found.none() if tsquery is None else found.filter(MatchedInOrder(F("search"), WordQuery(tsquery)))


def fetched_first(found: QuerySet) -> QuerySet:
    """The same rows, to be found by their words and sorted afterwards."""
    return only(found.order_by())


def among(found: QuerySet, keys: Sequence[int] | Expression) -> QuerySet:
    """Those of `found` that have these keys."""
    return found.filter(IsAnyOf(F("pk"), _array_of(keys, BigIntegerField())))


def under(found: QuerySet, codes: Sequence[str] | Expression) -> QuerySet:
    """Those of `found` that are listed under these codes."""
    return found.filter(IsAnyOf(F("code"), _array_of(codes, TextField())))


def _array_of(values: Sequence[Any] | Expression, kind: Field) -> Expression:
    return values if isinstance(values, Expression) else Value(list(values), output_field=ArrayField(kind))


@dataclass(frozen=True)
class Way:
    """To the first in order: by their keys; in order, under these codes; by their words, sorted afterwards
    (`fetches_first`); or, with none of these, as the database likes.
    """

    keys: Sequence[int] | Expression | None = None
    codes: Sequence[str] | Expression | None = None
    fetches_first: bool = False

    def open(self) -> "Way":
        """The same way, whatever the keys and the codes are."""
        return BY_KEYS if self.keys is not None else UNDER_CODES if self.codes is not None else self


BY_KEYS = Way(keys=Given("keys", "bigint[]"))
UNDER_CODES = Way(codes=Given("codes", "text[]"))


def way_to(words: "CodesOfWords", size: Size, *, by_code: bool) -> Way:
    """The quickest way to what has these words, sorted `by_code` or otherwise. One query at most."""
    if size.first is not None:
        return Way(keys=size.first)
    if not words.typed or (size.is_broad and not by_code):
        return Way()
    if size.keys is not None:
        return Way(keys=size.keys)
    codes = words.codes if size.is_broad else None
    return Way(fetches_first=True) if codes is None else Way(codes=codes)


class CodesOfWords:
    """Under which codes the words that were typed are found; looked up once, with one query, and only where asked."""

    def __init__(self, typed: Iterable[str]) -> None:
        self.typed = list(typed)
        self.alternatives = [some for each in self.typed if all(some := _alternatives(each))]

    @property
    def codes(self) -> list[str] | None:
        """The codes under which all these words are found, and perhaps some more; None where there is no telling."""
        if not self.alternatives:
            return None
        each_text = [
            set.union(*[set.intersection(*[self._under[word] for word in words]) for words in some])
            for some in self.alternatives
        ]
        return sorted(set.intersection(*each_text))

    @property
    def dense(self) -> list[str] | None:
        """The same, where so many have these words that a walk in order soon meets more than are counted.

        None where that is not so, or not known. Without a query where a word is not very common.
        """
        pieces = [words for each in self.typed for words in _pieces(each)]
        words = {words[0] for words in pieces}
        shares = common()
        if not words or any(len(each) > 1 for each in pieces) or not shares.words.keys() >= words:
            return None
        if len(words) > MOST_WORDS_LOOKED_UP:
            return None
        met = shares.walk({word: self._under[word] for word in words}, wanted=COUNTED_EXACTLY + 1)
        return self.codes if met < BROAD else None

    @cached_property
    def _under(self) -> dict[str, set[str]]:
        """The codes of each word: under which words begin so."""
        beginnings = {word for some in self.alternatives for words in some for word in words}
        meant = Q()
        for each in beginnings:
            meant |= _begins_as(each)
        known = list(Word.objects.filter(meant).values_list("word", "of_model_number", "codes"))
        under: dict[str, set[str]] = {each: set() for each in beginnings}
        for beginning, codes_under in under.items():
            for word, is_number, codes in known:
                if _could_be(beginning, word, is_number=is_number):
                    codes_under.update(codes)
        return under


def _begins_as(beginning: str) -> Q:
    number = beginning[:LENGTH_OF_BEGINNING]
    return Q(of_model_number=False, word__gte=beginning, word__lt=beginning + LAST) | Q(
        of_model_number=True, word__gte=number, word__lt=number + LAST
    )


def _could_be(beginning: str, word: str, *, is_number: bool) -> bool:
    return word.startswith(beginning[:LENGTH_OF_BEGINNING] if is_number else beginning)


def _pieces(typed: str) -> list[list[str]]:
    """As pcl.text.prefix_query reads it: what stands between blanks, and its words."""
    pieces = [words for piece in typed[:LONGEST_QUERY].split() if (words := fold(piece).split())]
    return [[word[:LONGEST_WORD] for word in words] for words in pieces[:MOST_WORDS]]


def _alternatives(typed: str) -> list[list[str]]:
    """Some words of each of which one must be there, all of them: without the pieces of what may also be one word.

    Empty lists where none must be.
    """
    pieces = _pieces(typed)
    apart = [words[0] for words in pieces if len(words) == 1][:MOST_WORDS_LOOKED_UP]
    joined = "".join(word for words in pieces for word in words)
    if len(pieces) > 1 and any(character.isdigit() for character in joined):
        return [apart, [joined[:LONGEST_WORD]]]
    return [apart]
