"""What a report answers with: a table, of which one column is also a picture."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from verification.queries.reports.scope import Scope


@dataclass(frozen=True)
class Figures:
    columns: tuple[str, ...]
    """Headings; the first is what a row is about."""
    rows: list[tuple[Any, ...]]
    drawn: int = 1
    """Which column the picture shows; its values are numbers or None."""
    over_time: bool = False
    """Rows follow each other in time: columns side by side. Otherwise a bar in each row."""

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to tell: no row, or noughts only."""
        return not any(cell for row in self.rows for cell in row[1:])


@dataclass(frozen=True)
class Report:
    key: str
    title: str
    lead: str
    nothing: str
    """What stands in its place where there is nothing to tell."""
    figures: Callable[[Scope], Figures]
