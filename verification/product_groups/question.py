"""A question of Section C: its kind, when it is asked, and how a stored answer reads."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.dateformat import format as format_date

YES_NO = (("yes", "Yes"), ("no", "No"))
CHOICE, CHOICES, YES_NO_KIND = "choice", "choices", "yes_no"
NUMBER, TEXT, LINE, DAY = "number", "text", "line", "day"
WEIGHTS = "weights"
"""Components with their percent by weight, which sum to 100."""
WITH_EVIDENCE = "yes_no_evidence"
"""Yes or no, and where a yes is shown: document and page."""
QUESTION_KINDS = frozenset({CHOICE, CHOICES, YES_NO_KIND, NUMBER, TEXT, LINE, DAY, WEIGHTS, WITH_EVIDENCE})
OF_OPTIONS = frozenset({CHOICE, CHOICES})
ANSWERED_FROM_A_LIST = frozenset({CHOICE, CHOICES, YES_NO_KIND, WITH_EVIDENCE})
WHOLE = Decimal(100)


@dataclass(frozen=True)
class When:
    """Another question's answer on which a question depends."""

    question: str
    equals: frozenset[str]

    def holds(self, answers: Mapping[str, Any]) -> bool:
        return not self.equals.isdisjoint(values_of(answers.get(self.question)))


@dataclass(frozen=True)
class Question:
    key: str
    label: str
    kind: str
    required: bool
    help: str = ""
    heading: str = ""
    """Of the part of the form that begins with this question."""
    unit: str = ""
    minimum: Decimal | int | None = None
    maximum: Decimal | int | None = None
    places: int | None = None
    """Digits behind the point, at most; None for as many as are said."""
    options: tuple[tuple[str, str], ...] = ()
    when: tuple[When, ...] = ()
    """Asked only where all of these hold."""

    def is_asked(self, answers: Mapping[str, Any]) -> bool:
        return all(condition.holds(answers) for condition in self.when)

    @property
    def choices(self) -> tuple[tuple[str, str], ...]:
        return self.options or YES_NO

    def in_words(self, answer: Any, documents: Mapping[int, str] | None = None) -> str:
        """A stored answer as a person reads it, with its unit; empty where there is none. `documents`: names by key."""
        if answer in (None, "", [], {}):
            return ""
        words = {
            CHOICE: lambda: self._labels(answer),
            YES_NO_KIND: lambda: self._labels(answer),
            CHOICES: lambda: self._labels(*answer),
            WEIGHTS: lambda: weights_in_words(answer),
            WITH_EVIDENCE: lambda: _with_evidence(answer, documents or {}),
            DAY: lambda: format_date(date.fromisoformat(answer), "F j, Y"),
        }.get(self.kind)
        return words() if words else f"{answer} {self.unit}".strip()

    def _labels(self, *values: Any) -> str:
        labels = dict(self.choices)
        return "\n".join(labels.get(str(value), str(value)) for value in values)


def values_of(answer: Any) -> tuple[str, ...]:
    """What an answer from a list says, whatever its kind; conditions look at this."""
    if isinstance(answer, Mapping):
        answer = answer.get("answer")
    if isinstance(answer, list | tuple):
        return tuple(str(each) for each in answer if isinstance(each, str))
    return () if answer in (None, "") else (str(answer),)


def weights_sum(rows: list[dict[str, str]]) -> Decimal:
    """Exact, in decimals; a component without its percent counts as nothing."""
    return sum((Decimal(row["percent"]) for row in rows if row["percent"]), Decimal(0))


def weights_in_words(rows: list[dict[str, str]]) -> str:
    lines = [
        f"{row['component'] or 'Unnamed component'}: {row['percent'] + '%' if row['percent'] else 'not stated'}"
        for row in rows
    ]
    return "\n".join([*lines, f"Sum: {weights_sum(rows)}%"])


def _with_evidence(answer: Mapping[str, Any], documents: Mapping[int, str]) -> str:
    said = dict(YES_NO).get(answer.get("answer", ""), "")
    if not answer.get("document"):
        return said
    page = f", page {answer['page']}" if answer.get("page") else ""
    return f"{said}: {documents.get(answer['document'], 'a document that was removed')}{page}"
