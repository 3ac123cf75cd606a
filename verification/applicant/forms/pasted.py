"""Model numbers pasted from a sheet: quotes, tabs, a heading, and sometimes the columns beside."""

import csv
import re
from collections.abc import Iterable

HEADINGS = re.compile(
    r"(?i)(?:(?:product |manufacturer |mfr |mfg )?(?:model|part|item|catalog|catalogue|reference|ref|style|article)"
    r"(?: ?/ ?| )?(?:numbers?|nos?|nr|nums?|ids?|codes?|#|skus?)?s?\.?:?|skus?)"
)
QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "\xa0": " "})


class SeveralColumnsError(ValueError):
    """Lines of several columns, none of which says that it has the model numbers."""


def cells_of(typed: str) -> list[str]:
    """Every model number that was typed or pasted, in order, without quotes, headings and empty cells.

    Of several columns the one with a heading like "Model number" counts. Raises SeveralColumnsError where none has.
    """
    rows = _rows(typed)
    if len(rows) > 1 and any(len(row) > 1 for row in rows):
        column = next((number for number, cell in enumerate(rows[0]) if is_heading(cell)), None)
        if column is None:
            raise SeveralColumnsError
        return [cell for row in rows[1:] for cell in row[column : column + 1] if cell]
    cells = [cell for row in rows for cell in row if cell]
    return cells[1:] if len(cells) > 1 and is_heading(cells[0]) else cells


def heading_of(typed: str) -> str:
    """What was taken for a heading of the model numbers; empty where nothing was."""
    rows = _rows(typed)
    if len(rows) < 2 and sum(len(row) for row in rows) < 2:
        return ""
    return next((cell for cell in rows[0] if is_heading(cell)), "")


def is_heading(cell: str) -> bool:
    return HEADINGS.fullmatch(cell.strip()) is not None


def _rows(typed: str) -> list[list[str]]:
    """Lines parted at tabs; where there is no tab, each number is a line of its own, however they were parted."""
    lines = typed.translate(QUOTES).replace("\r\n", "\n").replace("\r", "\n")
    if "\t" in lines:
        return [row for line in _read(lines, "\t") if (row := _without_empty_ends(line))]
    return [[cell] for line in _read(lines, ",") for cell in map(_plain, line) if cell]


def _read(lines: str, delimiter: str) -> Iterable[list[str]]:
    # A quote within a number, as for inches, quotes nothing; only one around a whole cell does. Each line by itself: a
    # quote that is never closed must not swallow the lines after it.
    for line in lines.split("\n"):
        yield from csv.reader([line.strip(" ")], delimiter=delimiter, skipinitialspace=True)


def _without_empty_ends(line: list[str]) -> list[str]:
    cells = [_plain(cell) for cell in line]
    while cells and not cells[-1]:
        cells.pop()
    # A column that is empty before the first one is no column.
    return cells[1:] if len(cells) == 2 and not cells[0] else cells


def _plain(cell: str) -> str:
    return " ".join(cell.split())
