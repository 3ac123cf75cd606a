"""Which codes are for what no other code names (NOC), by their descriptions."""

import operator
import tomllib
from collections.abc import Iterable
from functools import cache, reduce
from pathlib import Path

from django.db.models import Q

from hcpcs.models import Kind

_FILE = Path(__file__).parent.parent / "data" / "not_otherwise_classified.toml"


@cache
def _rules() -> dict[str, list[str]]:
    with _FILE.open("rb") as file:
        return tomllib.load(file)


def not_otherwise_classified() -> Q:
    """Codes whose description says that they are the rest: "unlisted", "miscellaneous", "not otherwise specified"."""
    rules = _rules()
    named = _any("long_description", rules["long_description"]) | _any("short_description", rules["short_description"])
    by_words = named & ~_any("long_description", rules["exceptions"])
    found = (by_words | Q(code__in=rules["codes"])) & ~Q(code__in=rules["not_codes"])
    return found & Q(kind=Kind.CODE)


def _any(field: str, patterns: Iterable[str]) -> Q:
    return reduce(operator.or_, (Q(**{f"{field}__iregex": pattern}) for pattern in patterns))
