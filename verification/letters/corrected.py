"""What a corrected letter says: all that the letter before it said, with the mistakes put right."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from verification.letters.compose import in_words, letter_text, reconsideration_in_words
from verification.models import Determination, Letter

# The parts that can be corrected, as people call them.
PARTS = {
    "recipient": "the address",
    "contact": "the contact’s name",
    "manufacturer": "the manufacturer’s name",
    "product": "the product’s name",
    "models": "model numbers",
    "begins": "the first date of service",
    "rationale": "the rationale",
}


def what_it_says(letter: Letter) -> dict[str, Any]:
    """All that `letter` says, also one of before that was kept with it."""
    return dict(letter.said) or letter_text(letter.determination)


def model_numbers(said: Mapping[str, Any]) -> list[str]:
    """Every model number that a letter names, in its order."""
    return [number for row in (*said["codes"], *said["without_code"]) for number in row["models"]]


def corrected(
    letter: Letter,
    *,
    changes: Mapping[str, Any],
    what: str,
    on_the_register: bool,
    today: date,
    clock_from: date | None,
) -> dict[str, Any]:
    """What the letter that replaces `letter` says.

    `clock_from`: the day from which a reconsideration is reckoned, or None where it begins anew with this letter.
    """
    said = what_it_says(letter)
    plain = {part: changes[part] for part in ("contact", "manufacturer", "product") if part in changes}
    models = changes.get("models", {})
    begins = in_words(date.fromisoformat(changes["begins"])) if "begins" in changes else None
    listed = " The Product Classification List was corrected in the same way." if on_the_register else ""
    return {
        **said,
        **plain,
        **({"recipient": changes["recipient"]} if "recipient" in changes else {}),
        **({"rationale": paragraphs(changes["rationale"])} if "rationale" in changes else {}),
        "codes": [_row(row, models) | ({"begins": begins} if begins else {}) for row in said["codes"]],
        "without_code": [_row(row, models) for row in said["without_code"]],
        "letter_date": in_words(today),
        "replaces": f"This letter replaces our letter of {said['letter_date']}, which contained a mistake.",
        "corrected": what.strip() + listed,
        "reconsideration": (
            reconsideration_in_words(today, counted_from="the date of this letter")
            if clock_from is None
            else reconsideration_in_words(clock_from, counted_from=f"{in_words(clock_from)}, as before")
        ),
    }


def _row(row: Mapping[str, Any], models: Mapping[str, str]) -> dict[str, Any]:
    return {**row, "models": [models.get(number, number) for number in row["models"]]}


def paragraphs(rationale: str) -> list[str]:
    return [part.strip() for part in rationale.split("\n\n") if part.strip()]


def counted_from(determination: Determination, changed: frozenset[str], restarts: frozenset[str]) -> date | None:
    """From when a reconsideration is reckoned after a correction of `changed`; None: from the new letter on.

    The days run from the first letter, in which the applicant learned what was decided: a corrected address takes
    none away and gives none. Where what was decided is different, they must begin anew.
    """
    return None if changed & restarts else determination.reconsidered_from
