"""Two texts side by side, with the words marked that only one of them has."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

# A word or one sign; blanks belong to the word before them, so that a marked stretch reads as one.
# Of the words of two texts, the share that must be the same for a comparison word by word.
LEAST_ALIKE = 0.4
_TOKENS = re.compile(r"\w+\s*|[^\w\s]\s*|\s+")


@dataclass(frozen=True)
class Part:
    """`mark` is "del" for words that only the earlier text has, "ins" for those of the later one, "" for the others.

    Blanks behind such words are marked "del blank" and "ins blank": they belong to one text and look like nothing.
    """

    text: str
    mark: str = ""


@dataclass(frozen=True)
class SideBySide:
    before: list[Part]
    after: list[Part]


def side_by_side(before: str, after: str) -> SideBySide:
    """Parts of both texts in their order; joined, they are the texts again. Case counts."""
    parts = in_one(before, after)
    return SideBySide(
        [part for part in parts if not part.mark.startswith("ins")],
        [part for part in parts if not part.mark.startswith("del")],
    )


def in_one(before: str, after: str) -> list[Part]:
    """The later text with the words that went and those that came, each where they stood.

    Texts that have little in common are told one after the other: word by word, nobody could read them.
    """
    old, new = _TOKENS.findall(before), _TOKENS.findall(after)
    parts: list[Part] = []
    matcher = SequenceMatcher(None, [each.rstrip() for each in old], [each.rstrip() for each in new], autojunk=False)
    if matcher.ratio() < LEAST_ALIKE:
        return [*_marked(before, "del"), *_marked(after, "ins")]
    for what, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        if what == "equal":
            parts.append(Part("".join(new[new_from:new_to])))
        else:
            parts += _marked("".join(old[old_from:old_to]), "del")
            parts += _marked("".join(new[new_from:new_to]), "ins")
    return parts


def _marked(text: str, mark: str) -> list[Part]:
    """The blank behind a word is not a part of what is marked."""
    words = text.rstrip()
    parts = [Part(words, mark)] if words else []
    # A blank of one side only would be told on the other side, too.
    return [*parts, Part(text[len(words) :], f"{mark} blank")] if words != text else parts
