"""How text is cleaned when it is kept, and folded for searching: the same way when stored and when looked for."""

import re
import unicodedata
from collections.abc import Iterable

NOT_A_WORD = re.compile(r"[\W_]+")
# Compatibility decomposition would make letters of these: "Rewalk™" must be the word "rewalk", not "rewalktm".
MARKS = str.maketrans("", "", "™®℠©")
# Control and format characters.
UNSEEN = frozenset({"Cc", "Cf"})
LONGEST_QUERY = 400
MOST_WORDS = 12
# PostgreSQL refuses a lexeme of more than 2,046 bytes; a letter has at most four.
LONGEST_WORD = 60
_LONGEST_NUMBER = 18


def clean_text(text: str) -> str:
    """Without characters that nobody sees: controls, byte order marks, zero width and direction marks.

    They come along when something is pasted, make two names that look alike differ, and cannot be set in a letter.
    Line ends become "\\n"; tabs stay.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(
        character for character in text if character in "\n\t" or unicodedata.category(character) not in UNSEEN
    )


def fold(text: str) -> str:
    """Lower case without accents, punctuation as blanks."""
    if text.isascii():
        return NOT_A_WORD.sub(" ", text.lower()).strip()
    decomposed = unicodedata.normalize("NFKD", text.translate(MARKS))
    bare = "".join(character for character in decomposed if not unicodedata.combining(character))
    return NOT_A_WORD.sub(" ", bare.casefold()).strip()


def normalize_model_number(model_number: str) -> str:
    """Letters and digits only, in capitals, so that `AB-12/3` and `ab123` are the same."""
    return fold(model_number).replace(" ", "").upper()


def model_number_words(model_number: str) -> list[str]:
    """A model number is found by its pieces, and as one word without its punctuation."""
    return [*fold(model_number).split(), normalize_model_number(model_number).casefold()]


def search_vector(*, products: Iterable[str], organizations: Iterable[str], code: str, model_number: str) -> str:
    """The words by which an entry is found, as PostgreSQL writes a tsvector; weights say where each stands."""
    parts: dict[str, Iterable[str]] = {
        SearchedPart.PRODUCT: (word for name in products for word in fold(name).split()),
        SearchedPart.ORGANIZATION: (word for name in organizations for word in fold(name).split()),
        SearchedPart.CODE: [fold(code)],
        SearchedPart.MODEL_NUMBER: model_number_words(model_number),
    }
    places: dict[str, set[str]] = {}
    for place, (weight, words) in enumerate(parts.items(), start=1):
        for word in words:
            if word:
                places.setdefault(word[:LONGEST_WORD], set()).add(f"{place}{weight}")
    # Folded words hold letters and digits only, so nothing in them needs escaping.
    return " ".join(f"'{word}':{','.join(sorted(where))}" for word, where in sorted(places.items()))


def prefix_query(typed: str, *, weight: str = "") -> str | None:
    """`typed` as a tsquery in which each word may be the begin of a word; None when it holds no word at all.

    A model number is found with and without its punctuation: what is typed in pieces is looked for in one piece, too.
    `weight` restricts it to one part of what is stored (see `SearchedPart`). Only letters and digits reach the
    database, so nothing typed is ever an operator.
    """
    pieces = [words for blank_separated in typed[:LONGEST_QUERY].split() if (words := fold(blank_separated).split())]
    pieces = pieces[:MOST_WORDS]
    if not pieces:
        return None

    def word(letters: str) -> str:
        return f"{letters[:LONGEST_WORD]}:*{weight}"

    def one(words: list[str]) -> str:
        words = words[:MOST_WORDS]
        apart = " & ".join(word(each) for each in words)
        return apart if len(words) == 1 else f"({apart} | {word(''.join(words))})"

    every = " & ".join(one(words) for words in pieces)
    joined = "".join(each for words in pieces for each in words)
    if len(pieces) > 1 and any(character.isdigit() for character in joined):
        return f"({every}) | {word(joined)}"
    return every


class SearchedPart:
    """The weights under which the parts of an entry are stored, so that one index answers for each field alone."""

    PRODUCT = "A"
    ORGANIZATION = "B"
    CODE = "C"
    MODEL_NUMBER = "D"


def number_in(text: str) -> int | None:
    """The row's number that a form or an address names; None for what is none of ours: they have at most 18 digits.

    Python refuses to read numbers of thousands of digits, and takes digits of other scripts.
    """
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER else None
