"""How text is folded for searching: the same way when it is stored and when it is looked for."""

import re
import unicodedata
from collections.abc import Iterable

NOT_A_WORD = re.compile(r"[\W_]+")
LONGEST_QUERY = 400
MOST_WORDS = 12


def fold(text: str) -> str:
    """Lower case without accents, punctuation as blanks."""
    decomposed = unicodedata.normalize("NFKD", text)
    bare = "".join(character for character in decomposed if not unicodedata.combining(character))
    return NOT_A_WORD.sub(" ", bare.casefold()).strip()


def normalize_model_number(model_number: str) -> str:
    """Letters and digits only, in capitals, so that `AB-12/3` and `ab123` are the same."""
    return fold(model_number).replace(" ", "").upper()


def search_text(words: Iterable[str], *, model_number: str = "") -> str:
    """Everything by which an entry is found. A model number is there as words and as one word."""
    parts = [fold(word) for word in words] + [fold(model_number), normalize_model_number(model_number).casefold()]
    return " ".join(part for part in parts if part)


def prefix_query(typed: str) -> str | None:
    """`typed` as a tsquery in which each word may be the begin of a word; None when it holds no word at all.

    Only letters and digits reach the database, so nothing typed is ever an operator.
    """
    words = fold(typed[:LONGEST_QUERY]).split()[:MOST_WORDS]
    return " & ".join(f"{word}:*" for word in words) or None
