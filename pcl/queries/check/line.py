"""A line of the check as somebody gives it, read with care: what is wrong is said of the field that is wrong."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.core.exceptions import ValidationError

from pcl.names import name_key
from pcl.queries.parameters import day_from
from pcl.text import fold, normalize_model_number

LONGEST = {"ref": 100, "code": 20, "date_of_service": 40, "manufacturer": 300, "product": 300, "model_number": 120}
FIELDS = tuple(LONGEST)
# The same few names stand in thousands of lines.
_organization_key = lru_cache(maxsize=20_000)(name_key)


@dataclass(frozen=True, slots=True)
class Line:
    code: str
    day: date
    manufacturer: str = ""
    product: str = ""
    model_number: str = ""
    ref: str = ""

    def keys(self) -> tuple[str, date, str, str, str]:
        """As the rules compare them: code, day, organization, product (PostgreSQL folds it), model number."""
        return (
            self.code,
            self.day,
            # "?" is nobody's: a name of which nothing is left must not count as not given.
            (_organization_key(self.manufacturer) or "?") if self.manufacturer else "",
            self.product,
            (_model_key(self.model_number) or "?") if self.model_number else "",
        )


class Faults(ValueError):
    """A line that cannot be read: field -> what is wrong with it and what to do."""

    def __init__(self, fields: dict[str, str]) -> None:
        super().__init__(" ".join(fields.values()))
        self.fields = fields


def read_line(given: Mapping[str, Any]) -> Line:
    """The line that `given` means; its keys are of FIELDS, its values text or None. Raises Faults."""
    faults: dict[str, str] = {}
    texts = {name: _text(given.get(name), name, faults) for name in FIELDS}
    if not texts["code"] and "code" not in faults:
        faults["code"] = "Give the HCPCS code, such as K1007."
    day = date.min
    if "date_of_service" not in faults:
        try:
            day = _day(texts["date_of_service"])
        except ValidationError as error:
            faults["date_of_service"] = error.messages[0]
    for name in ("manufacturer", "product", "model_number"):
        if texts[name] and name not in faults and not fold(texts[name]):
            faults[name] = f"“{texts[name][:30]}” holds no letter or digit. Leave it out, or give what the label says."
    if faults:
        raise Faults(faults)
    return Line(
        code=texts["code"].upper(),
        day=day,
        manufacturer=texts["manufacturer"],
        product=texts["product"],
        model_number=texts["model_number"],
        ref=texts["ref"],
    )


def _text(value: Any, name: str, faults: dict[str, str]) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        faults[name] = "Give a text, in quotation marks."
        return ""
    text = value.strip()
    if len(text) > LONGEST[name]:
        faults[name] = f"This has {len(text):,} characters; at most {LONGEST[name]} are read."
    elif "\x00" in text:
        faults[name] = "This holds a character that no text has (NUL). Type it again."
    return text


@lru_cache(maxsize=20_000)
def _day(text: str) -> date:
    if not text:
        raise ValidationError("Give the date of service as year, month and day, such as 2024-06-01.")
    return day_from(text)


def _model_key(text: str) -> str:
    if text.isascii():
        # The same as below, in a tenth of the time.
        return text if text.isalnum() and text.isupper() else "".join(filter(str.isalnum, text)).upper()
    return normalize_model_number(text)
