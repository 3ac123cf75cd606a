"""A drop-in for the HCPCS table of the Clinical Tables service of the U.S. National Library of Medicine.

The same parameters and the same array of answers as at clinicaltables.nlm.nih.gov/api/hcpcs/v3/search, so that a
program written for it changes the host alone. Where the two differ is told in docs/interoperability.md.
"""

from collections.abc import Sequence
from typing import Any

from django.http import QueryDict
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from hcpcs.queries.clinical_table import (
    FIELDS,
    SEARCHABLE,
    SEARCHED,
    TooManyWords,
    clinical_table_page,
    clinical_table_suggestions,
)
from hcpcs.queries.query_string import QueryStringError
from pcl.api.read_view import ReadView
from pcl.queries.parameters import BadParameter, number_in, text_in

DEFAULT_SIZE = 7
LARGEST_SIZE = 500
# What their autocompleter sends besides, and what jQuery adds to keep an answer out of the browser's cache.
WITHOUT_EFFECT = ("authenticity_token", "autocomp", "_")


class ClinicalTables(ReadView):
    """`[total, [codes], {extra fields} or null, [[texts to display]]]`."""

    schema = None  # not of our design: docs/interoperability.md describes it
    parameters = (
        *("terms", "maxList", "count", "offset", "q", "df", "sf", "cf", "ef"),
        *("suggest", "field_val"),
        *WITHOUT_EFFECT,
    )

    def get(self, request: Request) -> Response:
        given = request.GET
        shown = _fields(given, "df", default=("code", "display"))
        coded = _one_field(given, "cf", default="code")
        extra = _extra_fields(given)
        searched = _fields(given, "sf", default=SEARCHED, allowed=SEARCHABLE)
        wanted = list(dict.fromkeys([coded, *shown, *extra.values()]))
        today = timezone.localdate()
        if given.get("suggest") == "1":
            text = text_in(given, "field_val")
            try:
                found = clinical_table_suggestions(text=text, searched=searched, fields=wanted, today=today)
            except TooManyWords as error:
                raise BadParameter("field_val", str(error)) from error
            codes, extras, texts = _columns(found, wanted, coded, extra, shown)
            return Response([codes, texts, extras])
        if "terms" not in given:
            raise BadParameter(
                "terms", "terms is missing: the beginnings of the words to look for, such as terms=whee."
            )
        try:
            page = clinical_table_page(
                terms=text_in(given, "terms"),
                q=text_in(given, "q"),
                searched=searched,
                fields=wanted,
                start=number_in(given, "offset", default=0),
                size=_size(given),
                today=today,
            )
        except QueryStringError as error:
            raise BadParameter("q", str(error)) from error
        except TooManyWords as error:
            raise BadParameter("terms", str(error)) from error
        codes, extras, texts = _columns(page.rows, wanted, coded, extra, shown)
        return Response([page.total, codes, extras, texts])


def _columns(
    rows: Sequence[tuple[str | None, ...]],
    fields: Sequence[str],
    coded: str,
    extra: dict[str, str],
    shown: Sequence[str],
) -> tuple[list[str], dict[str, list[str | None]] | None, list[list[str]]]:
    place = {name: index for index, name in enumerate(fields)}
    codes = [row[place[coded]] or "" for row in rows]
    extras = {alias: [row[place[name]] for row in rows] for alias, name in extra.items()} or None
    texts = [[row[place[name]] or "" for name in shown] for row in rows]
    return codes, extras, texts


def _size(given: QueryDict) -> int:
    """`count`, else `maxList`; up to 500, which is also what a `maxList` without a value means."""
    if given.get("count", "").strip():
        return min(number_in(given, "count", default=DEFAULT_SIZE), LARGEST_SIZE)
    if "maxList" in given:
        return min(number_in(given, "maxList", default=LARGEST_SIZE), LARGEST_SIZE)
    return DEFAULT_SIZE


def _fields(
    given: QueryDict, parameter: str, *, default: Sequence[str], allowed: Sequence[str] = tuple(FIELDS)
) -> list[str]:
    names = _listed(given, parameter)
    for name in names:
        _refuse_unknown_field(parameter, name, allowed)
    return names or list(default)


def _one_field(given: QueryDict, parameter: str, *, default: str) -> str:
    name = text_in(given, parameter) or default
    _refuse_unknown_field(parameter, name, FIELDS)
    return name


def _extra_fields(given: QueryDict) -> dict[str, str]:
    """Key in the answer -> field: `field` alone or `field:key`."""
    extra = {}
    for entry in _listed(given, "ef"):
        name, _, alias = entry.partition(":")
        _refuse_unknown_field("ef", name.strip(), FIELDS)
        extra[alias.strip() or name.strip()] = name.strip()
    return extra


def _listed(given: QueryDict, parameter: str) -> list[str]:
    return [name.strip() for name in text_in(given, parameter).split(",") if name.strip()]


def _refuse_unknown_field(parameter: str, name: str, allowed: Any) -> None:
    if name not in allowed:
        raise BadParameter(parameter, f"{parameter} names a field “{name[:40]}”. It can name: {', '.join(allowed)}.")
