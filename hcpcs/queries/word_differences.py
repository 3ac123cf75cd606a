"""Two texts side by side, with the words marked that only one of them has."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

# A word or one sign; blanks belong to the word before them, so that a marked stretch reads as one.
_TOKENS = re.compile(r"\w+\s*|[^\w\s]\s*|\s+")


@dataclass(frozen=True)
class Part:
    """`mark` is "del" for words that only the earlier text has, "ins" for those of the later one, "" for the others."""

    text: str
    mark: str = ""


@dataclass(frozen=True)
class SideBySide:
    before: list[Part]
    after: list[Part]


def side_by_side(before: str, after: str) -> SideBySide:
    """Parts of both texts in their order; joined, they are the texts again. Case counts."""
    parts = in_one(before, after)
    return SideBySide([part for part in parts if part.mark != "ins"], [part for part in parts if part.mark != "del"])


def in_one(before: str, after: str) -> list[Part]:
    """The later text with the words that went and those that came, each where they stood."""
    old, new = _TOKENS.findall(before), _TOKENS.findall(after)
    parts: list[Part] = []
    matcher = SequenceMatcher(None, [each.rstrip() for each in old], [each.rstrip() for each in new], autojunk=False)
    for what, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        if what == "equal":
            parts.append(Part("".join(new[new_from:new_to])))
            continue
        if old_to > old_from:
            parts.append(Part("".join(old[old_from:old_to]), "del"))
        if new_to > new_from:
            parts.append(Part("".join(new[new_from:new_to]), "ins"))
    return parts
