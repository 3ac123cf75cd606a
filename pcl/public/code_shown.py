"""Codes and modifiers as pages show them."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse

from hcpcs.models import Code
from hcpcs.queries.described_fields import described_as_of
from hcpcs.queries.words import marked, shortened, sought_beginnings
from pcl.queries.code_search import CodeSearch
from pcl.queries.codes import CodeOnDay, code_status
from pcl.queries.keyset import Row


def own_address(request: HttpRequest, code: str, page: str) -> str | None:
    """Where a code's page stands, in capitals and among its own kind; None where that is the address asked for."""
    match = request.resolver_match
    if code == code.upper() and match is not None and match.url_name == page:
        return None
    query = request.META.get("QUERY_STRING", "")
    return f"{reverse(f'public:{page}', args=[code.upper()])}{'?' if query else ''}{query}"


def found_rows(search: CodeSearch) -> Callable[[QuerySet[Any]], list[Row]]:
    """Rows of a list, with the words that were asked for marked."""
    beginnings = sought_beginnings(search.q)

    def rows(found: QuerySet[Any]) -> list[Row]:
        return [
            {
                "code": code.code,
                "number": code.pk,
                "meaning": code,
                "code_pieces": marked(code.code, beginnings),
                "pieces": shortened(marked(code.long_description, beginnings)),
                "status": code_status(code, on=search.on),
            }
            for code in found.defer("search")
        ]

    return rows


def code_facts(found: CodeOnDay, *, on: date) -> dict[str, object]:
    """What the release in force on the day said of a code or modifier, and whether it is valid then."""
    meaning, as_of = found.meaning, found.as_of(on)
    record = as_of.record if as_of else None
    return {
        "on": on,
        "code": meaning,
        "as_of": as_of,
        "record": record or meaning,
        "other_dates": record is not None and (record.added, record.terminated) != (meaning.added, meaning.terminated),
        "status": code_status(meaning, on=on),
        "others": found.others,
        "fields": [
            {"field": field, "is_day": isinstance(field.value, date)} for field in described_as_of(record, code=meaning)
        ],
    }


def named_beside(meaning: Code, cross_references: list[str]) -> list[Row]:
    """Codes that CMS names beside this one, and those that it names this one beside; in that order. One query."""
    names = [each for each in cross_references if each]
    among = Q(code__in=names) | Q(cross_references__contains=[meaning.code])
    known: dict[str, Code] = {}
    for other in Code.objects.filter(among).exclude(code=meaning.code).order_by("code", "added", "id").defer("search"):
        known[other.code] = other
    named = [{"code": name, "known": known.get(name), "is_named_here": True} for name in names]
    naming = [
        {"code": name, "known": other, "is_named_here": False} for name, other in known.items() if name not in names
    ]
    return named + naming
