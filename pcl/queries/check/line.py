"""A line of the check as somebody gives it, read with care: what is wrong is said of the field that is wrong."""

import re
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError

from pcl.dates import refuse_implausible_day
from pcl.errors import RegisterError
from pcl.names import name_key
from pcl.queries.written_day import written_day
from pcl.text import fold, normalize_model_number

LONGEST = {"ref": 100, "code": 20, "date_of_service": 40, "manufacturer": 300, "product": 300, "model_number": 120}
FIELDS = tuple(LONGEST)
_REF, _CODE, _DAY, _NAME, _NAME, _MODEL = LONGEST.values()
_LENGTH_OF_A_CODE = 5
_PARTED_CODE = re.compile(r"([A-Za-z])[\s.-]+([0-9]{4})")
# Of a text in ASCII, letters and digits.
ASCII_LOWER = {number: chr(number).lower() if chr(number).isalnum() else None for number in range(128)}
ASCII_UPPER = {number: letter and letter.upper() for number, letter in ASCII_LOWER.items()}
# The same few names and codes stand in thousands of lines.
organization_key = lru_cache(maxsize=20_000)(name_key)


class Line(NamedTuple):
    code: str
    day: date
    manufacturer: str = ""
    product: str = ""
    model_number: str = ""
    ref: str = ""


class Faults(ValueError):
    """A line that cannot be read: field -> what is wrong with it and what to do."""

    def __init__(self, fields: dict[str, str]) -> None:
        super().__init__(" ".join(fields.values()))
        self.fields = fields


def read_line(given: Mapping[str, Any]) -> Line:
    """The line that `given` means; its keys are of FIELDS, its values text or None. Raises Faults."""
    values = [given.get(name) for name in FIELDS]
    try:
        ref, code, day, manufacturer, product, model_number = [
            "" if value is None else value.strip() for value in values
        ]
    except AttributeError:
        raise Faults(_faults(given)) from None
    if (
        not code
        or not is_text(f"{ref}{code}{manufacturer}{product}{model_number}")
        or len(ref) > _REF
        or len(code) > _CODE
        or len(day) > _DAY
        or len(manufacturer) > _NAME
        or len(product) > _NAME
        or len(model_number) > _MODEL
        or not (is_a_name(manufacturer) and is_a_name(product) and is_a_name(model_number))
    ):
        raise Faults(_faults(given))
    try:
        read = read_day(day)
    except ValidationError:
        raise Faults(_faults(given)) from None
    return Line(upper_code(code), read, manufacturer, product, model_number, ref)


def upper_code(code: str) -> str:
    """In capitals, and without what people put between: "k 1007" and "K-1007" are K1007.

    Capitals of other letters may be longer than these, and are no code either.
    """
    if not code.isascii():
        return code
    if len(code) == _LENGTH_OF_A_CODE:
        return code.upper()
    parted = _PARTED_CODE.fullmatch(code)
    return (parted[1] + parted[2] if parted else code).upper()


def is_text(text: str) -> bool:
    """Not so with NUL, or with half a character of UTF-16, as JSON can carry it: PostgreSQL takes neither."""
    if text.isascii():
        return "\x00" not in text
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\x00" not in text


def is_a_name(text: str) -> bool:
    return not text or text[0].isalnum() or bool(fold(text))


def _faults(given: Mapping[str, Any]) -> dict[str, str]:
    """What is wrong with each field of a line that was refused."""
    faults: dict[str, str] = {}
    texts = {name: _text(given.get(name), name, faults) for name in FIELDS}
    if not texts["code"] and "code" not in faults:
        faults["code"] = "Give the HCPCS code, such as K1007."
    if "date_of_service" not in faults:
        try:
            read_day(texts["date_of_service"])
        except ValidationError as error:
            faults["date_of_service"] = error.messages[0]
    for name in ("manufacturer", "product", "model_number"):
        if name not in faults and not is_a_name(texts[name]):
            faults[name] = f"“{texts[name][:30]}” holds no letter or digit. Leave it out, or give what the label says."
    return faults


def _text(value: Any, name: str, faults: dict[str, str]) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        faults[name] = "Give a text, in quotation marks."
        return ""
    text = value.strip()
    if len(text) > LONGEST[name]:
        faults[name] = f"This has {len(text):,} characters; at most {LONGEST[name]} are read."
    elif not is_text(text):
        faults[name] = "This holds a character that no text has. Type it again."
    return text


@lru_cache(maxsize=20_000)
def read_day(text: str) -> date:
    """A date of service as people write it. Raises ValidationError: what is wrong and what to do."""
    if not text:
        raise ValidationError("Give the date of service as year, month and day, such as 2024-06-01.")
    try:
        day = written_day(text)
        refuse_implausible_day(day)
    except RegisterError as error:
        raise ValidationError(str(error)) from error
    return day


def product_key(text: str) -> str:
    """As pcl.models.folded has it, in a tenth of the time; what is not ASCII is left to PostgreSQL."""
    return text.translate(ASCII_LOWER) if text.isascii() else text


def model_key(text: str) -> str:
    return text.translate(ASCII_UPPER) if text.isascii() else normalize_model_number(text)
