"""Kinds of fields that several sections use. Whether anything is missing is for verification.checks to say."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from hcpcs.models import Code
from hcpcs.queries.codes import code_in_force, latest_meaning
from pcl.dates import FIRST_DAY, day_in_words
from pcl.text import clean_text, normalize_model_number
from verification.applicant.forms.pasted import SeveralColumnsError, cells_of

MOST_CODES = 20
MOST_MODEL_NUMBERS = 500
LONGEST_MODEL_NUMBER = 120
SHOWN_OF_A_WORD = 30
SEVERAL_COLUMNS = (
    "These lines have several columns. Paste only the column of the model numbers, or all with the line of headings, "
    "in which it is called “Model number”."
)
FEWEST_DIGITS = 7


@dataclass(frozen=True)
class Condition:
    """A field that is asked only where another one has one of these values. The script hides it elsewhere."""

    field: str
    values: frozenset[str]
    also: "Condition | None" = None
    """Another condition that has to hold, too."""

    @classmethod
    def of(cls, parts: Iterable[tuple[str, frozenset[str]]]) -> "Condition":
        """All of `parts`, at least one."""
        condition = None
        for field, values in reversed(list(parts)):
            condition = cls(field, values, condition)
        assert condition is not None, "a condition has a part"  # noqa: S101
        return condition

    @property
    def joined(self) -> str:
        """As the script reads it: `field=value|value&field=value`. Fields and values are slugs."""
        said = f"{self.field}={'|'.join(sorted(self.values))}"
        return f"{said}&{self.also.joined}" if self.also else said


class LineBreaksField(forms.CharField):
    """Text of several lines. Browsers send CR LF; what is kept, counted and compared has LF.

    A text of characters that nobody sees is none.
    """

    widget = forms.Textarea

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value.replace("\r\n", "\n") if isinstance(value, str) else value)
        return text if clean_text(text or "").strip() else ""


class TelephoneField(forms.CharField):
    """A number as people write it, with enough digits to be one."""

    def __init__(self, *, label: str, required: bool = True) -> None:
        telephone = forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"})
        super().__init__(label=label, required=required, max_length=40, widget=telephone)

    def clean(self, value: Any) -> str:
        phone: str = super().clean(value)
        if phone and len(re.findall(r"\d", phone)) < FEWEST_DIGITS:
            raise ValidationError(f"A telephone number has at least {FEWEST_DIGITS} digits, like 508 555 0100.")
        return phone


class PastDayField(forms.DateField):
    """A plausible day, today at the latest."""

    widget = forms.DateInput(format="%Y-%m-%d")
    default_error_messages = {"invalid": "Give a day of the calendar as year, month and day, as in 2026-03-31."}

    def validate(self, value: date | None) -> None:
        super().validate(value)
        if value is not None and not FIRST_DAY <= value <= timezone.localdate():
            raise ValidationError(
                f"{value.isoformat()} is not a plausible date. Give one from {day_in_words(FIRST_DAY)} to today."
            )


class ModelNumbersField(LineBreaksField):
    """Model numbers as a list; typed one per line or with commas between."""

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        typed = super().clean(value) or ""
        try:
            numbers = cells_of(typed)
        except SeveralColumnsError as error:
            raise ValidationError(SEVERAL_COLUMNS) from error
        errors = [message for number in numbers if (message := _wrong_with_model_number(number))]
        if len(numbers) > MOST_MODEL_NUMBERS:
            errors = [f"These are {len(numbers)} model numbers. An application takes {MOST_MODEL_NUMBERS} at most."]
        if errors:
            raise ValidationError(errors)
        return numbers


def _wrong_with_model_number(number: str) -> str:
    shown = shortened(number)
    if len(number) > LONGEST_MODEL_NUMBER:
        return (
            f"“{shown}” is longer than {LONGEST_MODEL_NUMBER} characters. Put each model number on a line of its own."
        )
    if not normalize_model_number(number):
        return f"“{shown}” has no letter or digit. Leave it out if the product has no model number of its own."
    return ""


class CodesField(forms.CharField):
    """HCPCS codes that are in force today; typed with blanks or commas between. Raises for every other, by name."""

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(code.code for code in value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[Code]:
        typed = super().clean(value) or ""
        words = list(dict.fromkeys(re.findall(r"[^\s,;]+", typed.upper())))
        if len(words) > MOST_CODES:
            raise ValidationError(f"These are {len(words)} codes. An application takes {MOST_CODES} at most.")
        today = timezone.localdate()
        found = {word: code_in_force(word, on=today) for word in words}
        errors = [_why_not_in_force(word, today) for word, code in found.items() if code is None]
        if errors:
            raise ValidationError(errors)
        return sorted((code for code in found.values() if code), key=lambda code: code.code)


def _why_not_in_force(word: str, today: date) -> str:
    known, shown = latest_meaning(word), shortened(word)
    if known is None:
        return f"{shown} is not a HCPCS code that this register knows. Check it for a slip of the keyboard."
    if known.terminated and known.ended_on(today):
        return (
            f"{shown} ended: its last day was {day_in_words(known.terminated)}. Request a code that is in force today."
        )
    return f"{shown} is not in force today. It begins on {day_in_words(known.added or today)}."


def shortened(text: str) -> str:
    return text if len(text) <= SHOWN_OF_A_WORD else f"{text[:SHOWN_OF_A_WORD]}…"


def said_twice(numbers: Iterable[str]) -> tuple[list[str], list[tuple[str, str]]]:
    """Each model number once, as first written, and the (other writing, first writing) that it was merged from."""
    first: dict[str, str] = {}
    merged = []
    for number in numbers:
        earlier = first.setdefault(normalize_model_number(number), number)
        if earlier is not number:
            merged.append((number, earlier))
    return list(first.values()), merged
