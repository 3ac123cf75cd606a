"""Pages of a search as a Bundle, by key, and what search parameters mean."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse, QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from rest_framework.request import Request

from pcl.api.fhir.view import resource_answer
from pcl.queries.keyset import Order, Row, count_up_to, page_of, question_of
from pcl.queries.parameters import BadParameter, day_from, number_in, text_in

PAGING = ("_count", "_cursor")
DEFAULT_COUNT = 50
MOST_PER_BUNDLE = 500
LARGEST_ID = 2**63 - 1
_PREFIXED = re.compile(r"^(eq|ge|gt|le|lt)?(\d{4}-\d{2}-\d{2}.*)$")
# Which version of the resource is meant makes no difference: it is the same resource.
_REFERENCE = re.compile(
    r"(?:(?:(?P<base>https?://[^/]+(?:/.+)?)/)?(?P<kind>[A-Za-z]+)/)?(?P<id>[A-Za-z0-9.-]+)(?:/_history/[^/]+)?"
)
# One server, however its proxy speaks to it.
_SCHEME = re.compile(r"^https?://", re.IGNORECASE)
TICK = timedelta(microseconds=1)


@dataclass(frozen=True)
class Period:
    """Instants from `begin`, inclusive, to before `end`."""

    begin: datetime | None = None
    end: datetime | None = None


def searchset(
    request: Request,
    found: QuerySet[Any],
    *,
    order: Order,
    resources: Callable[[QuerySet[Any]], list[tuple[int, dict[str, Any]]]],
    base: str,
) -> HttpResponse:
    """The page that `_count` and `_cursor` mean. `resources` gives (number, resource) in the order of what it gets."""

    def rows(page: QuerySet[Any]) -> list[Row]:
        return [{"number": number, "resource": resource} for number, resource in resources(page)]

    cursor = request.GET.get("_cursor", "")
    try:
        page = page_of(
            found, order=order, limit=count_in(request.GET), cursor=cursor, question=_question(request), rows_of=rows
        )
    except BadParameter as error:
        raise BadParameter("_cursor" if error.parameter == "cursor" else error.parameter, str(error)) from error
    link = [{"relation": "self", "url": request.build_absolute_uri()}]
    for relation, pointing in (("previous", page.previous), ("next", page.next)):
        if pointing:
            link.append({"relation": relation, "url": _address_with(request, pointing)})
    bundle: dict[str, Any] = {"resourceType": "Bundle", "type": "searchset"}
    # One page that holds everything has been counted already.
    is_everything = not cursor and page.next is None
    count, is_exact = (len(page.rows), True) if is_everything else count_up_to(found)
    if is_exact:
        bundle["total"] = count
    bundle["link"] = link
    entries = [
        {
            "fullUrl": f"{base}/{row['resource']['resourceType']}/{row['resource']['id']}",
            "resource": row["resource"],
            "search": {"mode": "match"},
        }
        for row in page.rows
    ]
    if entries:
        bundle["entry"] = entries
    answer = resource_answer(bundle)
    answer.rows_told = len(entries)  # type: ignore[attr-defined]  # for pcl.api.allowance
    return answer


def count_in(given: QueryDict) -> int:
    count = number_in(given, "_count", default=DEFAULT_COUNT)
    if not 1 <= count <= MOST_PER_BUNDLE:
        said = f"_count is {given['_count'][:30]}; give a whole number from 1 to {MOST_PER_BUNDLE}."
        raise BadParameter("_count", said)
    return count


def values_in(given: QueryDict, name: str) -> list[str]:
    """Any of them may fit: FHIR separates them by commas."""
    return [value.strip() for value in text_in(given, name, longest=2000).split(",") if value.strip()]


def ids_in(given: QueryDict, name: str, *, kind: str, base: str) -> frozenset[int] | None:
    """Numbers of resources of `kind`. None where the parameter is left out.

    They may be given as references, as FHIR has them: `7`, `Organization/7`, or the absolute address of
    the same resource below `base`. One of another server or of another kind is a reference, too: to nothing here.
    """
    if not (values := values_in(given, name)):
        return None
    return frozenset(number for value in values if (number := _referred_to(value, kind, base)) >= 0)


def _referred_to(value: str, kind: str, base: str) -> int:
    """The number; -1, which nothing has, where it is not a resource of ours."""
    parts = _REFERENCE.fullmatch(value)
    if parts is None or parts["kind"] not in {None, kind}:
        return -1
    if parts["base"] is not None and _SCHEME.sub("", parts["base"]).lower() != _SCHEME.sub("", base).lower():
        return -1
    return number_of(parts["id"])


def number_of(text: str) -> int:
    """-1, which nothing has, for an id that is none of ours."""
    is_number = text.isascii() and text.isdigit() and len(text) < 20  # as many as LARGEST_ID has
    return int(text) if is_number and int(text) <= LARGEST_ID else -1


def changed_in(given: QueryDict) -> Period:
    """What `_lastUpdated` (once or twice) and `_since` leave."""
    begins, ends = [], []
    for text in (each.strip() for each in given.getlist("_lastUpdated")):
        if text:
            period = _period(text)
            begins.append(period.begin)
            ends.append(period.end)
    if since := given.get("_since", "").strip():
        begins.append(_span("_since", since)[1])
    return Period(
        max((each for each in begins if each is not None), default=None),
        min((each for each in ends if each is not None), default=None),
    )


def _period(text: str) -> Period:
    parts = _PREFIXED.match(text)
    if parts is None:
        raise BadParameter("_lastUpdated", f"_lastUpdated is “{text[:40]}”; {_HOW}")
    prefix, moment = parts.groups()
    begin, end = _span("_lastUpdated", moment)
    match prefix:
        case "ge":
            return Period(begin=begin)
        case "gt":
            return Period(begin=end)
        case "lt":
            return Period(end=begin)
        case "le":
            return Period(end=end)
    return Period(begin, end)


_HOW = "give a day or an instant with its zone, such as ge2024-06-01 or gt2024-06-01T14:30:00Z."


def _span(parameter: str, text: str) -> tuple[datetime, datetime]:
    """A day is all of it, in US Eastern time; an instant is itself."""
    try:
        if len(text) == len("2024-06-01"):
            begin = timezone.make_aware(datetime.combine(day_from(text), time.min))
            return begin, begin + timedelta(days=1)
        # A plus sign that nobody escaped in an address arrives as a blank.
        instant = parse_datetime(text.replace(" ", "+"))
        if instant is None or instant.tzinfo is None:
            raise ValueError  # noqa: TRY301  # told below
        instant = instant.astimezone(UTC)
        day_from(instant.date().isoformat())
    except Exception as error:
        raise BadParameter(parameter, f"{parameter} is “{text[:40]}”; {_HOW}") from error
    return instant, instant + TICK


def _question(request: Request) -> str:
    given = {name: value for name, value in request.GET.lists() if name not in {*PAGING, "_format", "_pretty"}}
    return question_of(request.path, {name: "|".join(values) for name, values in given.items()})


def _address_with(request: Request, cursor: str) -> str:
    query = request.GET.copy()
    query["_cursor"] = cursor
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")
