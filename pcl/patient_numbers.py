"""Numbers that name a patient, so obvious that they can be refused before they are kept."""

import re

_NUMBERS = (
    # CMS's form of the MBI: 11 places, letters without S, L, O, I, B and Z, often written 4-3-4.
    (
        "a Medicare number (MBI)",
        re.compile(
            r"(?<![A-Z0-9])[1-9][AC-HJKMNP-RT-Y][0-9AC-HJKMNP-RT-Y][0-9][- ]?"
            r"[AC-HJKMNP-RT-Y][0-9AC-HJKMNP-RT-Y][0-9][- ]?[AC-HJKMNP-RT-Y]{2}[0-9]{2}(?![A-Z0-9])",
            re.IGNORECASE,
        ),
    ),
    # Nine bare digits may be a part number; written 3-2-4 they are a person's. 000, 666 and 900 to 999 begin none.
    (
        "a Social Security number",
        re.compile(r"(?<![\w-])(?!000|666|9\d\d)\d{3}(?P<gap>[- ])(?!00)\d{2}(?P=gap)(?!0000)\d{4}(?!-?\d)"),
    ),
    (
        "a Social Security number",
        re.compile(
            r"\b(?:SSN|social security (?:number|no\.?|#)|HICN|medicare (?:number|no\.?|id))\W{0,3}(?:is\W+)?\d{9}",
            re.IGNORECASE,
        ),
    ),
)


def patient_number_in(text: str) -> str | None:
    """What a number in `text` looks like, in words; None where none looks like a patient's."""
    return next((words for words, form in _NUMBERS if form.search(text)), None)
