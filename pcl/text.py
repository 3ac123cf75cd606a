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
    decomposed = unicodedata.normalize("NFKD", text.translate(MARKS))
    bare = "".join(character for character in decomposed if not unicodedata.combining(character))
    return NOT_A_WORD.sub(" ", bare.casefold()).strip()


def normalize_model_number(model_number: str) -> str:
    """Letters and digits only, in capitals, so that `AB-12/3` and `ab123` are the same."""
    return fold(model_number).replace(" ", "").upper()


def search_text(names: Iterable[str]) -> str:
    """The names under which an entry is found."""
    return " ".join(folded for name in names if (folded := fold(name)))


def model_number_text(model_number: str) -> str:
    """A model number is found by its pieces, and as one word without its punctuation."""
    return f"{fold(model_number)} {normalize_model_number(model_number).casefold()}".strip()


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
