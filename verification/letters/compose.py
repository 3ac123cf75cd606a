"""The letter of a determination as an accessible PDF (PDF/UA-1)."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst
from django.conf import settings

from pcl.documents.typeset import typeset
from pcl.text import clean_text
from verification.letters.kind_words import in_words, words_of_the_kind
from verification.models import Application, ApplicationKind, AppliesAs, Determination
from verification.queries.drafted import Drafted, drafted

TEMPLATE = Path(__file__).with_name("determination.typ")

ASK_THE_APPLICANT = "Only the applicant can change it: reject the application, and say so."
# The parts of a letter that people write: what they are called, and what to do about one that cannot be set.
PARTS = {
    "rationale": ("the rationale", "Take it out."),
    "product": ("the product name", ASK_THE_APPLICANT),
    "manufacturer": ("the manufacturer’s name", ASK_THE_APPLICANT),
    "recipient": ("the manufacturer’s address", ASK_THE_APPLICANT),
    "contact": ("the contact’s name", ASK_THE_APPLICANT),
    "copy": ("the distributor’s name", ASK_THE_APPLICANT),
    "codes": ("a model number", ASK_THE_APPLICANT),
    "without_code": ("the reason why a model gets no code, or its number", "Change it."),
    "corrected": ("what was corrected", "Take it out."),
}


def letter_text(determination: Determination, *, draft_of: date | None = None) -> dict[str, Any]:
    """What the letter says, or with `draft_of` what it would say if it were dated that day.

    Nothing internal goes in: no reviewer, no recommendation, no checklist.
    """
    application = determination.application
    letter_date = determination.letter_date or draft_of
    assert letter_date is not None, "a letter is written after the determination"  # noqa: S101
    said = drafted(determination)
    begins = in_words(determination.begins) if determination.begins else "set with the determination"
    return {
        "draft": determination.letter_date is None,
        "title": "Coding Verification Review: Determination",
        "dcn": application.dcn,
        "letter_date": in_words(letter_date),
        "recipient": [application.manufacturer_name, *application.manufacturer_address.splitlines()],
        "contact": application.contact_name,
        "product": application.product_name,
        "manufacturer": application.manufacturer_name,
        "opening": "The review of the product named above is complete. This is the determination.",
        "replaces": "",
        "corrected": "",
        "requested": _what_was_requested(said),
        "codes": [
            {
                "models": list(group.models),
                "codes": [{"code": code.code, "description": code.long_description} for code in group.codes],
                "begins": begins,
            }
            for group in said.groups()
        ],
        "without_code": [{"models": list(models), "reason": reason} for models, reason in said.without_code()],
        "rationale": [part.strip() for part in determination.rationale.split("\n\n") if part.strip()],
        "not_coverage": (
            "It says under which HCPCS code the product is billed. It does not say that Medicare covers the product "
            "or pays for it; that is decided by the DME MACs under their policies. Suppliers do not need this letter: "
            "they look the product up on the Product Classification List."
        ),
        "reconsideration": reconsideration_in_words(letter_date, counted_from="the date of this letter"),
        "changes": (
            f"Tell us within {settings.CHANGE_NOTICE_DAYS} days when the product, its name, its model numbers or its "
            "manufacturer change."
        ),
        "copy": _copy(application),
        **words_of_the_kind(determination),
    }


def _copy(application: Application) -> str:
    """Who gets the letter besides the manufacturer, to whom that of a review is addressed whoever applied.

    What a distributor asks for about its own listing is answered to the distributor alone.
    """
    if application.kind != ApplicationKind.INITIAL or application.applies_as != AppliesAs.DISTRIBUTOR:
        return ""
    return f"{application.distributor_name}, the distributor, which applied"


def _what_was_requested(said: Drafted) -> str:
    """Said where the determination differs from what was asked for."""
    application = said.determination.application
    requested = sorted(row.code.code for row in application.requested_codes.all())
    assigned = sorted({name for each in said.models for name in each.code_names})
    if not requested or requested == assigned:
        return ""
    opening = f"The application requested {_and(requested)}."
    if not assigned:
        return f"{opening} The rationale says why no code is assigned."
    missing = [name for name in requested if name not in assigned]
    others = [name for name in assigned if name not in requested]
    differs = [f"{_and(missing)} {_is(missing)} not assigned"] if missing else []
    differs += [f"{_and(others)} {_is(others)} assigned and was not requested"] if others else []
    return f"{opening} {'; '.join(differs)}. The rationale says why."


def _and(names: list[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _is(names: list[str]) -> str:
    return "is" if len(names) == 1 else "are"


def reconsideration_in_words(first_day: date, *, counted_from: str) -> str:
    """Until when a reconsideration may be asked for; `counted_from` is what the letter calls `first_day`."""
    last_day = first_day + timedelta(days=settings.RECONSIDERATION_DAYS)
    return (
        f"You may ask for a reconsideration up to and including {in_words(last_day)}, "
        f"{settings.RECONSIDERATION_DAYS} days after {counted_from}, with information on features that "
        "was not submitted before, or with evidence that the design changed. After that day, submit a new application."
    )


def letter_pdf(determination: Determination, *, draft_of: date | None = None) -> bytes:
    """The letter as PDF/UA-1; with `draft_of`, marked as a draft of that day. Raises typst.TypstError."""
    return set_letter(letter_text(determination, draft_of=draft_of))


def set_letter(said: dict[str, Any]) -> bytes:
    """A letter that says `said`, as PDF/UA-1. Raises typst.TypstError."""
    return _set(json.dumps({**EMPTY_LETTER, **said}))


def why_it_cannot_say(said: dict[str, Any]) -> str:
    """What keeps a letter that says `said` from being written, as `why_it_cannot_be_set`."""
    return _flaw(json.dumps({**EMPTY_LETTER, **said}))


def why_it_cannot_be_set(determination: Determination, *, draft_of: date) -> str:
    """What keeps the letter from being written, as a sentence that says what to do; empty when nothing does.

    PDF/UA-1 wants every character to be shown and read out, so one that the letter's font lacks stops it.
    """
    return why_it_cannot_say(letter_text(determination, draft_of=draft_of))


def _set(letter: str) -> bytes:
    return typeset(TEMPLATE, {"letter": letter})


# What the template asks for, saying nothing: to try characters on.
EMPTY_LETTER: dict[str, Any] = {
    **dict.fromkeys(("title", "dcn", "letter_date", "contact", "product", "manufacturer", "opening"), "-"),
    **dict.fromkeys(("not_coverage", "reconsideration", "changes"), "-"),
    "draft": False,
    "recipient": ["-"],
    "codes": [],
    "without_code": [],
    "rationale": [],
    **dict.fromkeys(("replaces", "corrected", "requested", "copy"), ""),
}


@lru_cache(maxsize=1024)
def character_no_letter_can_show(written: str) -> str:
    """The first character of `written` that a letter cannot show; empty when it can show all of them."""
    if written.isascii() and clean_text(written) == written:
        return ""
    return _first_that_cannot_be_set(written, EMPTY_LETTER)


# A page asks with every view whether its button may be offered; the letter seldom differs.
@lru_cache(maxsize=256)
def _flaw(letter: str) -> str:
    text = json.loads(letter)
    # A letter that says nothing in the parts that people wrote.
    blank = {part: [] if isinstance(text[part], list) else "-" for part in PARTS if text[part]}
    for part, (where, what_to_do) in PARTS.items():
        character = _first_that_cannot_be_set("".join(_strings(text[part])), {**text, **blank, "recipient": ["-"]})
        if character:
            shown = f" ({character})" if character.isprintable() else ""
            return f"The letter cannot show the character U+{ord(character):04X}{shown} in {where}. {what_to_do}"
    if _can_be_set(letter):
        return ""
    return "The letter cannot be set. Write the rationale in plain words and Latin letters."


def _first_that_cannot_be_set(written: str, blank: dict[str, Any]) -> str:
    """The first character of `written` that no letter can show; empty when each can be shown."""
    characters = list(dict.fromkeys(written.replace("\r\n", "\n")))
    # Whether typst lets these pass depends on what stands around them, down to the ends of lines.
    for character in characters:
        if clean_text(character) == "":
            return character

    def fit(count: int) -> bool:
        between = "x" + "".join(f"{character}x" for character in characters[:count])
        # The rationale is set in plain letters, the product in bold ones.
        return _can_be_set(json.dumps({**blank, "rationale": [between], "product": between}))

    if fit(len(characters)):
        return ""
    fitting, failing = 0, len(characters)
    while failing - fitting > 1:
        middle = (fitting + failing) // 2
        if fit(middle):
            fitting = middle
        else:
            failing = middle
    return characters[fitting]


def _can_be_set(letter: str) -> bool:
    try:
        _set(letter)
    except typst.TypstError:
        return False
    return True


def _strings(said: Any) -> Iterator[str]:
    if isinstance(said, str):
        yield said
    else:
        for each in said.values() if isinstance(said, dict) else said:
            yield from _strings(each)
