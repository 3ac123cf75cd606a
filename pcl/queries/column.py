"""A column of a file or an answer: its name, what it means to people, its type, and how the database writes it."""

from enum import Enum

from django.db.models import BooleanField, CharField, Expression, F, Func, TextField
from django.db.models.functions import Cast

# As SQL: text that a spreadsheet would take for a formula gets a leading apostrophe (pcl/csv_files.py: in Python).
HARMLESS = r"regexp_replace({}, E'^(?=[-=+@\t\r\n])', '''')"


class ColumnKind(Enum):
    """What a value is; the words stand in the codebook."""

    TEXT = "text"
    INTEGER = "whole number"
    DAY = "date, YYYY-MM-DD"
    INSTANT = "instant in UTC"
    FLAG = "true or false"
    TEXTS = "list of texts"
    JSON = "JSON"


class Column:
    """`expression` gives what NDJSON tells; `cell` what stands in a cell of a table."""

    def __init__(
        self,
        name: str,
        meaning: str,
        expression: Expression | F,
        *,
        kind: ColumnKind = ColumnKind.TEXT,
        example: str = "",
        typed: bool = True,
    ) -> None:
        self.name = name
        self.meaning = meaning
        self.expression = expression
        self.kind = kind
        self.example = example
        # Typed by people, so that it may begin like a formula.
        self.typed = typed

    @property
    def cell(self) -> Expression | F:
        """One text, number or day: lists have blanks between their values, JSON is written out."""
        if self.kind is ColumnKind.TEXTS:
            return Func(self.expression, template="array_to_string(%(expressions)s, ' ')", output_field=TextField())
        if self.kind in {ColumnKind.FLAG, ColumnKind.JSON}:
            return Cast(self.expression, TextField())
        return self.expression

    @property
    def harmless_cell(self) -> Expression | F:
        return Harmless(self.cell) if self.typed else self.cell


class Harmless(Func):
    """HARMLESS of an expression."""

    template = HARMLESS.format("%(expressions)s")
    output_field = CharField()


class Holds(Func):
    """Whether the conditions hold: true or false, never null."""

    template = "coalesce((%(expressions)s), false)"
    output_field = BooleanField()
