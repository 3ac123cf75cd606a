"""Sentences to begin a rationale from, as phrases.toml says them."""

import string
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from verification.product_groups.group import ALL_CODES as ALL
from verification.product_groups.loader import PHRASES, groups

# Where a phrase is offered.
CODES_ASSIGNED, OTHER_CODE, NO_CODE = "codes_assigned", "other_code", "no_code"
OUTCOMES = {CODES_ASSIGNED: "The codes requested", OTHER_CODE: "Another code than requested", NO_CODE: "No code"}
BLANKS = frozenset({"product", "models", "requested", "codes"})


@dataclass(frozen=True)
class Phrase:
    key: str
    label: str
    text: str
    outcomes: frozenset[str]
    groups: frozenset[str]

    def filled(self, **blanks: str) -> str:
        """The text with what is known of the application; a blank that nothing is known for stays to be filled in."""
        return self.text.format(**{name: blanks.get(name) or f"[{name}]" for name in BLANKS})


@cache
def phrases() -> tuple[Phrase, ...]:
    return read_phrases(PHRASES)


def phrases_for(product_group: str) -> tuple[Phrase, ...]:
    """Those offered in a product group: its own first."""
    offered = [each for each in phrases() if product_group in each.groups or ALL in each.groups]
    return tuple(sorted(offered, key=lambda each: ALL in each.groups))


def read_phrases(path: Path) -> tuple[Phrase, ...]:
    """Raises ImproperlyConfigured that names the file, the phrase and what is wrong with it."""
    try:
        said = tomllib.loads(path.read_text())["phrase"]
        found = tuple(
            Phrase(**{**each, "outcomes": frozenset(each["outcomes"]), "groups": frozenset(each["groups"])})
            for each in said
        )
        problems = list(_problems(found))
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        raise ImproperlyConfigured(f"{path.name} does not hold phrases: {error}") from error
    if problems:
        raise ImproperlyConfigured(f"{path.name}: {' '.join(problems)}")
    return found


def _problems(found: tuple[Phrase, ...]) -> Iterable[str]:
    keys = [phrase.key for phrase in found]
    known_groups = {known.slug for known in groups()} | {ALL}
    yield from (f"The phrase {key!r} is there twice." for key in sorted({key for key in keys if keys.count(key) > 1}))
    for phrase in found:
        where = f"The phrase {phrase.key!r}"
        if not phrase.text.strip() or not phrase.label.strip():
            yield f"{where} has no text or no label."
        if not phrase.outcomes or phrase.outcomes - OUTCOMES.keys():
            yield f"{where} names an outcome that is none of {', '.join(OUTCOMES)}."
        if not phrase.groups or phrase.groups - known_groups:
            yield f"{where} names a product group that there is not."
        blanks = {name for _, name, _, _ in string.Formatter().parse(phrase.text) if name is not None}
        if blanks - BLANKS:
            yield f"{where} has the blank {{{min(blanks - BLANKS)}}}, which nothing is known for."
