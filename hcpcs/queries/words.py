"""The words that somebody typed, parted as the catalogue parts its own, and where they stand in a text."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from django.db import connection

# A person types a handful of words; a pasted letter must not become a query that costs a second.
MOST_WORDS = 12
LONGEST_WORD = 60
# A letter is one of the 26: CMS's files are ASCII.
_WORD = re.compile(r"[A-Za-z0-9]+")


@dataclass(frozen=True)
class Piece:
    """A stretch of a text; `is_marked` where it is a word that was asked for."""

    text: str
    is_marked: bool = False


def words_of(text: str) -> list[str]:
    """At most MOST_WORDS of them, each cut to LONGEST_WORD."""
    return [word[:LONGEST_WORD] for word in _WORD.findall(text)[:MOST_WORDS]]


def sought_beginnings(q: str) -> tuple[str, ...]:
    """What a word of a result may begin with to be one of those that `q` asks for, as `search_codes` finds them."""
    return _beginnings(tuple(word.lower() for word in words_of(q)))


@lru_cache(maxsize=1000)
def _beginnings(words: tuple[str, ...]) -> tuple[str, ...]:
    if not words:
        return ()
    # The English stem is PostgreSQL's, as in the search; the words are all that it depends on.
    with connection.cursor() as cursor:
        cursor.execute("SELECT unnest(ts_lexize('english_stem', word)) FROM unnest(%s::text[]) AS word", [list(words)])
        stems = {row[0] for row in cursor.fetchall()}
    endings = {f"{word[:-3]}y" for word in words if word.endswith("ies")}
    return tuple(sorted(stems.union(words, endings) - {""}))


def marked(text: str, beginnings: Iterable[str]) -> list[Piece]:
    """`text` in pieces, the words that begin with one of `beginnings` marked."""
    sought = tuple(beginnings)
    if not sought:
        return [Piece(text)]
    return list(_pieces(text, sought))


def _pieces(text: str, sought: tuple[str, ...]) -> Iterator[Piece]:
    told = 0
    for word in _WORD.finditer(text):
        if word[0].lower().startswith(sought):
            if told < word.start():
                yield Piece(text[told : word.start()])
            yield Piece(word[0], is_marked=True)
            told = word.end()
    if told < len(text):
        yield Piece(text[told:])


def shortened(pieces: list[Piece], *, longest: int = 240) -> list[Piece]:
    """At most about `longest` characters, so cut that the first marked word is among them."""
    if sum(len(piece.text) for piece in pieces) <= longest:
        return pieces
    kept: list[Piece] = []
    room = longest
    first = next((place for place, piece in enumerate(pieces) if piece.is_marked), None)
    if first is not None and first > 0 and len(pieces[0].text) > longest // 2:
        # Begins a little before the first marked word, at the beginning of a word.
        lead = pieces[0].text[-longest // 4 :].partition(" ")[2]
        kept.append(Piece(f"… {lead}"))
        pieces = pieces[1:]
        room -= len(lead)
    for piece in pieces:
        if len(piece.text) > room:
            beginning = piece.text[:room].rpartition(" ")[0] if not piece.is_marked else ""
            kept.append(Piece(f"{beginning} …"))
            break
        kept.append(piece)
        room -= len(piece.text)
    return kept
