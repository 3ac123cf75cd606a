"""Real answers, one for each operation, for the schema: kept in examples.json as the demonstration register gave them.

A test holds them against the schema, so that an answer that changes its shape is noticed here too.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

from drf_spectacular.utils import OpenApiExample

_FILE = Path(__file__).with_name("examples.json")


@cache
def kept_examples() -> dict[str, Any]:
    """Operation -> the body of an answer: JSON, or text where the answer is a table."""
    return dict(json.loads(_FILE.read_text()))


def examples_of(operation: str) -> list[OpenApiExample]:
    value = kept_examples().get(operation)
    if value is None:
        return []
    media_type = "application/json"
    if isinstance(value, str):
        media_type = "application/x-ndjson" if operation.endswith("ndjson") else "text/csv"
    return [
        OpenApiExample(
            "An answer of the demonstration register",
            value,
            response_only=True,
            status_codes=["200"],
            media_type=media_type,
        )
    ]
