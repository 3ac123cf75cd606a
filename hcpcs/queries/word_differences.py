"""Two texts side by side, with the words marked that only one of them has."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

# A word or one sign; blanks between two that changed are marked along, so that a stretch reads as one.
_WORDS = re.compile(r"\w+|[^\w\s]")
# Of the words of two texts, the share that must be the same for a comparison word by word.
LEAST_ALIKE = 0.4


@dataclass(frozen=True)
class Part:
    """`mark` is "del" for words that only the earlier text has, "ins" for those of the later one, "" for the others.

    Blanks before such words are marked "del blank" and "ins blank": they belong to one text and look like nothing.
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

    Texts that have little in common are told one after the other: word by word, nobody could read them. Blanks between
    words that stayed are those of the later text.
    """
    old, new = _Side(before, "del"), _Side(after, "ins")
    matcher = SequenceMatcher(None, old.words, new.words, autojunk=False)
    if matcher.ratio() < LEAST_ALIKE:
        return [part for part in (Part(before, "del"), Part(after, "ins")) if part.text]
    parts: list[Part] = []
    for what, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        went, came = old.take(old_from, old_to), new.take(new_from, new_to)
        if what == "equal":
            same_gap = went[0].text == came[0].text
            parts += [Part(came[0].text)] if same_gap else [went[0], came[0]]
            parts.append(Part(came[1].text))
        else:
            parts += [*went, *came]
    return [part for part in [*parts, old.rest(), new.rest()] if part.text]


class _Side:
    """One of the texts, taken from left to right: the blanks before some words, then the words."""

    def __init__(self, text: str, mark: str) -> None:
        self.text = text
        self.mark = mark
        self.spans = [match.span() for match in _WORDS.finditer(text)]
        self.words = [text[start:end] for start, end in self.spans]
        self.place = 0

    def take(self, first: int, last: int) -> list[Part]:
        if first == last:
            return []
        start, end = self.spans[first][0], self.spans[last - 1][1]
        gap = Part(self.text[self.place : start], f"{self.mark} blank")
        self.place = end
        return [gap, Part(self.text[start:end], self.mark)]

    def rest(self) -> Part:
        return Part(self.text[self.place :], f"{self.mark} blank")
