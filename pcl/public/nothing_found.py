"""What a search that found nothing says: why that may be, and what to try."""

import re
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from hcpcs.models import Kind
from hcpcs.queries.codes import search_codes
from pcl.models import RegisterEntry
from pcl.public.paging import address
from pcl.queries.codes import code_on, code_status
from pcl.queries.did_you_mean import suggestions
from pcl.queries.listing_facets import Spread
from pcl.queries.listing_filter import ListingFilter
from pcl.queries.published_instant import asked_of
from pcl.queries.requirements import requirement_for

NARROWING = ("q", "code", "organization", "manufacturer", "product", "model_number", "classification")
A_CODE = re.compile(r"^\s*([A-Za-z][0-9]{4})\s*$")


def hints(request: HttpRequest, asked: ListingFilter, named: list[str], found: Spread) -> dict[str, object]:
    """At most five queries besides those of the search itself."""
    said: dict[str, object] = {"at_any_time": found.at_any_time, "at_any_time_exact": found.counts_exact}
    if asked.instant:
        said["as_it_stands_url"] = address(request, as_published=None)
    if found.at_any_time:
        said["any_time_url"] = address(request, status="all")
    elif typed := (asked.given.get("q") or "").strip():
        said["meant"] = _meant(request, typed)
        # What has digits in it names a model or a code.
        if not said["meant"] and not any(each.isdigit() for each in typed):
            said["codes"] = _codes_described(typed, asked)
    if code := A_CODE.match(asked.given.get("code") or asked.given.get("q") or ""):
        said |= _about(code[1].upper(), asked)
    if len(set(named) & set(NARROWING)) > 1:
        only = next(name for name in NARROWING if name in named)
        others = [name for name in named if name not in {only, "status", "on", "as_published"}]
        said |= {"alone": request.GET[only].strip(), "alone_url": address(request, **dict.fromkeys(others))}
    return said


def _meant(request: HttpRequest, typed: str) -> list[dict[str, str]]:
    def found(words: str) -> object:
        """Only whether there is any is asked."""
        other = request.GET.copy()
        other["q"] = words
        asked = ListingFilter(other, RegisterEntry.objects.all())
        asked.spells_out = False
        return asked.qs

    return [
        {"words": words, "url": address(request, q=words)}
        for words in suggestions(typed, found=found)  # type: ignore[arg-type]
    ]


def _codes_described(typed: str, asked: ListingFilter) -> dict[str, object]:
    """Who does not know a product's name types what it is: a code's description may have those words."""
    count = search_codes(q=typed, on=asked.day, kind=Kind.CODE).count()
    query = {"q": typed} | ({"on": asked.day.isoformat()} if asked.given.get("on") else {})
    return {"words": typed, "count": count, "url": f"{reverse('public:codes')}?{urlencode(query)}"}


def _about(code: str, asked: ListingFilter) -> dict[str, object]:
    """Whether the code is one, whether it is valid on the day, and whether products need verification for it."""
    known = code_on(code, on=asked.day)
    said: dict[str, object] = {"code_asked": code, "code_known": known, "check_url": _check_url(code, asked)}
    if known is not None:
        requirement = requirement_for(known.meaning, on=asked.day, instant=asked.instant)
        said |= {
            "code_status": code_status(known.meaning, on=asked.day),
            "code_requirement": requirement,
            "code_needs_none": requirement is None or not requirement.applies,
        }
    return said


def _check_url(code: str, asked: ListingFilter) -> str:
    """The page that answers for a code, a product and a date of service."""
    query = {"code": code, "date_of_service": asked.day.isoformat(), **asked_of(asked.instant)}
    return f"{reverse('public:check')}?{urlencode(query)}"
