"""Documents that last: accessible PDF (PDF/UA-1), set by typst with nothing but the fonts that come with it."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst

from pcl.text import clean_text

PROBE = Path(__file__).with_name("characters.typ")


def typeset(template: Path, inputs: Mapping[str, str]) -> bytes:
    """The document that `template` makes of `inputs`. Raises typst.TypstError.

    What can be written must not depend on the machine that writes it, so no font of the system is used. PDF/UA-1 wants
    every character to be shown and read out: one that the fonts lack stops the document.
    """
    return typst.compile(str(template), sys_inputs=dict(inputs), pdf_standards=["ua-1"], ignore_system_fonts=True)


@lru_cache(maxsize=4096)
def characters_that_cannot_be_set(written: str) -> frozenset[str]:
    """Those characters of `written` that the fonts lack."""
    tried = "".join(dict.fromkeys(each for each in written if not each.isascii()))
    if not tried or _can_be_set(tried):
        return frozenset()
    if len(tried) == 1:
        return frozenset(tried)
    half = len(tried) // 2
    return characters_that_cannot_be_set(tried[:half]) | characters_that_cannot_be_set(tried[half:])


def showable(said: Any) -> Any:
    """`said`, texts within lists and dicts included, with what the fonts lack as its number, such as [U+4E2D]."""
    if isinstance(said, str):
        text = clean_text(said).replace("\t", " ")
        lacking = characters_that_cannot_be_set(text)
        return "".join(f"[U+{ord(each):04X}]" if each in lacking else each for each in text)
    if isinstance(said, list):
        return [showable(each) for each in said]
    return {name: showable(each) for name, each in said.items()} if isinstance(said, dict) else said


def _can_be_set(characters: str) -> bool:
    between = "x" + "".join(f"{character}x" for character in characters)
    try:
        typeset(PROBE, {"text": between})
    except typst.TypstError:
        return False
    return True
