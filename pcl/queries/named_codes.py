"""Codes that somebody typed one after the other."""

import re
from collections.abc import Iterable
from datetime import date

from hcpcs.models import Code, Kind

_BETWEEN = re.compile(r"[\s,;]+")


def codes_named(text: str, *, on: date, linked: Iterable[Code] = ()) -> tuple[list[Code], list[str]]:
    """The meanings that are named, and what names none. One query.

    A code that is `linked` already stays bound to the meanings that it is bound to; any other is the meaning valid on
    the day, or else the newest.
    """
    named = list(dict.fromkeys(name.upper() for name in _BETWEEN.split(text) if name))
    known: dict[str, list[Code]] = {}
    for code in Code.objects.filter(kind=Kind.CODE, code__in=named).order_by("added", "id").defer("search"):
        known.setdefault(code.code, []).append(code)
    bound: dict[str, list[Code]] = {}
    for code in linked:
        bound.setdefault(code.code, []).append(code)
    found: list[Code] = []
    for name in named:
        valid = [code for code in known.get(name, []) if code.valid_on(on)]
        found += bound.get(name) or (valid or known.get(name, []))[-1:]
    return found, [name for name in named if name not in known]
