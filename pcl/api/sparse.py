"""`fields` and `expand`: less of each result, or more."""

from collections.abc import Collection
from typing import Any

from django.http import QueryDict

from pcl.queries.parameters import BadParameter, text_in

EXPANDED = "expanded"


def names_in(given: QueryDict, parameter: str, known: Collection[str], *, what: str) -> tuple[str, ...]:
    """The names that a parameter lists with commas between, each once, in the order of `known`.

    Raises BadParameter for one that is not known.
    """
    asked = [name.strip() for name in text_in(given, parameter, longest=1000).split(",") if name.strip()]
    for name in asked:
        if name not in known:
            raise BadParameter(parameter, f"There is no {what} “{name[:40]}” here. Known: {', '.join(known)}.")
    return tuple(name for name in known if name in asked)


def narrowed(data: Any, fields: Collection[str]) -> Any:
    """One result, or a list in its envelope, with these fields of each result alone."""
    if isinstance(data, dict) and isinstance(data.get("results"), list):
        return {**data, "results": [_only(row, fields) for row in data["results"]]}
    return _only(data, fields)


def _only(row: dict[str, Any], fields: Collection[str]) -> dict[str, Any]:
    # What was asked for by `expand` was asked for.
    return {name: value for name, value in row.items() if name in fields or name == EXPANDED}
