"""Which code means what, and when."""

import operator
from collections.abc import Iterator
from datetime import date
from functools import reduce
from typing import Any, Literal

from django.contrib.postgres.search import SearchQuery
from django.db.models import F, Q, QuerySet

from hcpcs.models import Code, Kind
from hcpcs.queries.words import words_of

Status = Literal["current", "ended", "future", "all"]


def valid_on(day: date) -> Q:
    """Codes usable on date of service `day`; the same rule as `Code.valid_on`."""
    return (Q(added=None) | Q(added__lte=day)) & (Q(terminated=None) | Q(terminated__gte=day))


def code_in_force(code: str, *, on: date, kind: str = Kind.CODE) -> Code | None:
    """The meaning that `code` has on date of service `on`, or None. Case and surrounding blanks do not matter."""
    found = Code.objects.filter(valid_on(on), kind=kind, code=as_code(code))
    return found.order_by(F("added").desc(nulls_last=True), "-id").first()


def latest_meaning(code: str, kind: str = Kind.CODE) -> Code | None:
    """The newest meaning of `code`, whether it has ended, is in force or is still to come; None for an unknown code."""
    return meanings(code, kind=kind).last()


def meanings(code: str, *, kind: str = Kind.CODE) -> QuerySet[Code]:
    """Every meaning that `code` has had, oldest first."""
    return Code.objects.filter(kind=kind, code=as_code(code)).order_by(F("added").asc(nulls_first=True), "id")


def search_codes(*, q: str = "", on: date, status: Status = "current", kind: str | None = None) -> QuerySet[Code]:
    """Codes and modifiers by the beginning of the code or by words of the descriptions; ordered by code, id.

    The words may stand in any order, and each must occur or begin a word ("compress" finds "compression"). `on` is the
    date of service that `status` is reckoned on: `ended` had its last day before it, `future` begins after it. A `q`
    of blanks only is no condition; one without any letter or digit finds nothing.
    """
    found = Code.objects.filter(_with_status(status, on))
    if kind is not None:
        found = found.filter(kind=kind)
    if q.strip():
        found = found.filter(_matching(q))
    return found.order_by("code", "id")


def _with_status(status: Status, on: date) -> Q:
    if status == "current":
        return valid_on(on)
    if status == "ended":
        return Q(terminated__lt=on)
    if status == "future":
        return Q(added__gt=on)
    if status == "all":
        return Q()
    raise ValueError(f"status is {status!r}; it must be current, ended, future or all.")


def _matching(q: str) -> Q:
    # The same parting of words as in Code.search.
    words = words_of(q)
    if not words:
        return Q(pk__in=[])
    return Q(search=_all_of(words))


def _all_of(words: list[str]) -> Any:
    return reduce(operator.and_, (reduce(operator.or_, word_forms(word)) for word in words))


def word_forms(word: str) -> Iterator[SearchQuery]:
    """As typed; by its English stem, so that "garments" finds "garment"; and "batteries" finds "battery"."""
    yield SearchQuery(f"{word}:*", config="simple", search_type="raw")
    yield SearchQuery(f"{word}:*", config="english", search_type="raw")
    if word.lower().endswith("ies"):
        yield SearchQuery(f"{word[:-3]}y:*", config="simple", search_type="raw")


def as_code(code: str) -> str:
    """What somebody typed, as CMS writes codes: no blanks around it, capitals. NUL is no text to PostgreSQL."""
    return code.replace("\x00", "").strip().upper()
