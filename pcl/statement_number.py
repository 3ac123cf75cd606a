"""Numbers of statements, such as S-2026-7KQ4-9MZP-3: nobody guesses one, and everybody can type one.

The year, eight characters at random, and a check character that any one wrong character, and any two that changed
places, make wrong. I, L, O and U do not occur; where one of the first three is typed, it is read as the digit that it
looks like.
"""

import re
import secrets

from pcl.errors import RegisterError

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
RANDOM = 8
FORM = re.compile(rf"^[0-9]{{4}}[{ALPHABET}]{{{RANDOM + 1}}}$")
READ_AS = str.maketrans("OIL", "011")
NOT_A_CHARACTER = re.compile(r"[\W_]+")
EXAMPLE = "S-2026-7KQ4-9MZP-3"


def new_number(year: int) -> str:
    """A number that, as far as chance goes, nobody has."""
    said = f"{year:04}" + "".join(secrets.choice(ALPHABET) for _ in range(RANDOM))
    return written(said + check_character(said))


def number_meant(typed: str) -> str:
    """The number as it is written, whatever was typed of it: in any case, with or without its dashes and its S.

    Raises RegisterError, saying what to do, for what cannot be a number or does not fit its check character.
    """
    bare = NOT_A_CHARACTER.sub("", typed[:100]).upper().translate(READ_AS)
    if len(bare) == 4 + RANDOM + 2 and bare.startswith("S"):
        bare = bare[1:]
    if not FORM.match(bare):
        raise RegisterError(
            f"“{typed[:40]}” is not the number of a statement. It stands at its top, such as {EXAMPLE}."
        )
    if check_character(bare[:-1]) != bare[-1]:
        raise RegisterError(
            f"{written(bare)} does not fit its last character, which is there to notice slips: one of the characters "
            "is another one, or two changed places. Compare the number with the statement."
        )
    return written(bare)


def check_character(said: str) -> str:
    """Horner's scheme over the field of 32 elements (modulus x^5 + x^2 + 1), so that each place has another weight."""
    total = 0
    for character in said:
        total = _times_x(total ^ ALPHABET.index(character))
    return ALPHABET[total]


def _times_x(value: int) -> int:
    value <<= 1
    return value ^ 0b100101 if value & 0b100000 else value


def written(bare: str) -> str:
    return f"S-{bare[:4]}-{bare[4:8]}-{bare[8:12]}-{bare[12:]}"
