"""Every public list of the API, asked in each way that it can be, of a register of a million listings.

Each parameter with a value that very many have, one that few have and one that nobody has; each sort; the first page,
the next and one far behind. Served by gunicorn, one process. Of each question a few askings, none of them twice (they
differ by the length of the page), so that no kept answer helps: the median and the slowest, in milliseconds.
A question whose median is above 200 ms is told as such.

REGISTER_ROWS listings (default 1,000,000); ASKINGS of each question (default 5); ONLY=fhir,changes for some nouns.
"""

import json
import os
import statistics
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode

import django
from django.db.models import Count

django.setup()

from benchmarks.exports import served  # noqa: E402
from benchmarks.register_rows import ROWS, register_of  # noqa: E402
from pcl.models import ListingChange, Organization, OrganizationName, ProductName, RegisterEntry  # noqa: E402
from pcl.queries.devices import BY_NUMBER  # noqa: E402
from pcl.queries.keyset import cursor_behind, question_of  # noqa: E402
from pcl.queries.listing_filter import ORDERS  # noqa: E402

KEEP_MS = 200
ASKINGS = int(os.environ.get("ASKINGS", "5"))
ONLY = [name for name in os.environ.get("ONLY", "").split(",") if name]
LISTINGS, CHANGES, ORGANIZATIONS = "/api/v1/listings/", "/api/v1/changes/", "/api/v1/organizations/"
DEVICES, FHIR_ORGANIZATIONS, CHANGES_PAGE = "/fhir/DeviceDefinition", "/fhir/Organization", "/changes/"
# By how the length of a page is asked for there; a page's is fixed, and a word that nothing reads does instead.
LENGTH = {LISTINGS: "limit", CHANGES: "limit", ORGANIZATIONS: "limit", DEVICES: "_count", FHIR_ORGANIZATIONS: "_count"}


@dataclass(frozen=True)
class Question:
    noun: str
    path: str
    given: dict[str, str]
    place: str = ""
    """Which page: the first where nothing is said."""

    @property
    def words(self) -> str:
        said = "&".join(f"{name}={value}" for name, value in self.given.items() if "cursor" not in name)
        return f"{said or '(everything)'}{f', {self.place}' if self.place else ''}"

    def address(self, number: int) -> str:
        length = {LENGTH[self.path]: str(100 - number)} if self.path in LENGTH else {}
        return f"{self.path}?{urlencode({**self.given, **length})}"


class Values:
    """Of the register at hand: what very many have, and what few have."""

    def __init__(self) -> None:
        entries = RegisterEntry.objects.all()
        codes = list(entries.values("code").annotate(n=Count("pk")).order_by("-n").values_list("code", flat=True))
        makers = entries.values("manufacturer_organization").annotate(n=Count("pk")).order_by("-n")
        numbers = list(makers.values_list("manufacturer_organization", flat=True))
        self.code, self.rare_code = codes[0], codes[-1]
        self.maker, self.rare_maker = (Organization.objects.get(pk=pk) for pk in (numbers[0], numbers[-1]))
        middle = entries.order_by("pk")[entries.count() // 2]
        self.product, self.model_number, self.group = middle.product, middle.model_number, middle.classification
        self.model = middle.listing.model_id
        self.former_product = ProductName.objects.order_by("pk")[ProductName.objects.count() // 2].name
        self.former_organization = OrganizationName.objects.order_by("pk")[0].name
        self.last = ListingChange.objects.latest("seq")
        self.far = ORDERS["code"].sorted(entries, backward=False)[entries.count() * 9 // 10]


def _each(noun: str, path: str, *several: dict[str, str]) -> Iterator[Question]:
    for given in several:
        yield Question(noun, path, given)


def fhir_questions(v: Values) -> Iterator[Question]:
    newest, old = v.last.at, v.last.at - timedelta(days=3650)
    a_day, an_hour = newest - timedelta(days=1), newest - timedelta(hours=1)

    def instant(prefix: str, at: Any) -> str:
        return prefix + at.isoformat().replace("+00:00", "Z")

    for given in (
        {},
        *({"_id": value} for value in (str(v.model), f"{v.model},{v.model + 1},7", "999999999")),
        *({"manufacturer": str(pk)} for pk in (v.maker.pk, v.rare_maker.pk, 999_999)),
        {"manufacturer": f"Organization/{v.maker.pk},Organization/{v.rare_maker.pk}"},
        *({"device-name": name} for name in (v.product, v.product[:8], v.product[:3], v.former_product, "A", "zzzz")),
        *({"model-number": value} for value in (v.model_number, v.model_number[:3], "S", "zzzzzz")),
        *({"code": value} for value in (v.code, v.rare_code, f"{v.code},{v.rare_code}", "Z9999")),
        *({"status": value} for value in ("current", "ended", "future", "all")),
        *({"_lastUpdated": instant("ge", at)} for at in (old, a_day, newest + timedelta(days=1))),
        *({"_lastUpdated": instant("lt", at)} for at in (old, a_day, newest - timedelta(days=4800))),
        {"_lastUpdated": newest.date().isoformat()},
        {"_lastUpdated": (newest - timedelta(days=2000)).date().isoformat()},
        *({"_since": instant("", at)} for at in (old, a_day, an_hour, newest + timedelta(days=1))),
        *({"_since": instant("", newest - timedelta(days=days))} for days in (30, 200, 700)),
        *({"_lastUpdated": instant("lt", newest - timedelta(days=days))} for days in (700, 4000)),
        {"code": v.code, "status": "current"},
        {"code": v.rare_code, "status": "ended"},
        {"manufacturer": str(v.maker.pk), "code": v.code},
        {"manufacturer": str(v.maker.pk), "code": v.rare_code},
        {"manufacturer": str(v.rare_maker.pk), "code": v.code, "status": "current"},
        {"manufacturer": str(v.maker.pk), "status": "ended", "_since": instant("", a_day)},
        {"device-name": v.product[:3], "code": v.code},
        {"device-name": v.product[:3], "model-number": v.model_number[:2]},
        {"model-number": v.model_number[:2], "status": "ended"},
        {"code": v.rare_code, "_since": instant("", old)},
        {"code": v.rare_code, "_lastUpdated": instant("lt", old)},
    ):
        yield Question("fhir", DEVICES, given)
        if given.keys() in ({"code"}, {"status"}, {"manufacturer"}, set()):
            behind = {"number": v.model * 9 // 5}
            cursor = cursor_behind(behind, order=BY_NUMBER, question=question_of(DEVICES, given))
            yield Question("fhir", DEVICES, {**given, "_cursor": cursor}, "far page")
    yield from _each(
        *("fhir", FHIR_ORGANIZATIONS, {}),
        *({"name": name} for name in (v.maker.name, v.maker.name[:3], "A", v.former_organization, "zzzz")),
        *({"_id": value} for value in (str(v.maker.pk), f"{v.maker.pk},{v.rare_maker.pk}", "999999999")),
    )


def listing_questions(v: Values) -> Iterator[Question]:
    filters: list[dict[str, str]] = [
        {},
        *({"code": value} for value in (v.code, v.rare_code, "Z9999")),
        *({"organization": value} for value in (v.maker.slug, v.rare_maker.slug, v.maker.name.split()[0], "zzzz")),
        *({"manufacturer": value} for value in (v.maker.slug, v.rare_maker.slug, "nobody-at-all")),
        *({"product": value} for value in (v.product, v.product.split()[0], v.product.split()[-1], "zzzz")),
        *({"model_number": value} for value in (v.model_number, v.model_number[:3], "S", "zzzzzz")),
        *({"classification": value} for value in (v.group, "Powered Orthoses", "nothing")),
        *({"status": value} for value in ("ended", "future", "all")),
        *({"on": value} for value in ("2014-02-01", "2020-06-01", "2035-01-01")),
        *({"as_published": value} for value in ("2014-02-01", "2020-06-01")),
        {"as_published": "2020-06-01", "code": v.rare_code},
        {"as_published": "2020-06-01", "q": v.product.split()[0]},
        {"code": v.code, "status": "ended"},
        {"manufacturer": v.maker.slug, "code": v.rare_code},
    ]
    for sort in ORDERS:
        for given in filters:
            yield Question("listings", LISTINGS, {**given, "sort": sort})
    order = ORDERS["code"]
    entry = v.far
    row = dict(zip(order.key, (getattr(entry, name) for name in order.columns), strict=True))
    for given in ({"status": "all"}, {"status": "ended"}, {"classification": v.group}):
        cursor = cursor_behind(row, order=order, question=question_of(LISTINGS, given))
        yield Question("listings", LISTINGS, {**given, "cursor": cursor}, "far page")


def change_questions(v: Values) -> Iterator[Question]:
    yield from _each("changes", CHANGES, *({"after": str(v.last.seq * tenths // 10)} for tenths in (0, 5, 9, 10)))
    yield from _each(
        *("changes", CHANGES_PAGE, {}),
        *({"kind": value} for value in ("listed", "end_dated", "recoded")),
        *({"code": value} for value in (v.code, v.rare_code, "Z9999")),
        *({"organization": value} for value in (v.maker.slug, v.rare_maker.slug, v.maker.name.split()[0], "zzzz")),
        *({"product": value} for value in (v.product, v.product.split()[0], v.product.split()[-1], "zzzz")),
        *({"from": value} for value in ("2014-02-01", "2026-10-01", "2030-01-01")),
        *({"to": value} for value in ("2014-02-01", "2026-10-01", "2010-01-01")),
        {"kind": "recoded", "code": v.code},
        {"kind": "end_dated", "code": v.rare_code, "to": "2016-01-01"},
        {"code": v.rare_code, "organization": v.rare_maker.slug},
        {"product": v.product.split()[-1], "kind": "recoded"},
    )


def organization_questions(v: Values) -> Iterator[Question]:
    words = v.maker.name.split()[0]
    yield from _each(
        *("organizations", ORGANIZATIONS, {}),
        *({"q": value} for value in (v.maker.name, words, words[:2], "a", v.former_organization, "zzzz")),
    )
    for organization in (v.maker, v.rare_maker):
        yield Question("organizations", f"/organizations/{organization.slug}/", {})


def questions(v: Values) -> Iterator[Question]:
    for noun in (fhir_questions, listing_questions, change_questions, organization_questions):
        for each in noun(v):
            if not ONLY or each.noun in ONLY:
                yield each


def asked(connection: HTTPConnection, address: str) -> tuple[float, Any]:
    """Milliseconds to the last byte, and what was said."""
    began = time.perf_counter()
    connection.request("GET", address)
    answer = connection.getresponse()
    body = answer.read()
    took = (time.perf_counter() - began) * 1000
    if answer.status != 200:
        raise SystemExit(f"{address} answered {answer.status}: {body[:300]!r}")
    return took, json.loads(body) if "json" in answer.headers["Content-Type"] else None


def next_of(question: Question, said: Any) -> str | None:
    """The address of the next page."""
    if said is None:
        return None
    links = said.get("link", []) if "resourceType" in said else [{"relation": "next", "url": said["next"]}]
    found = next((link["url"] for link in links if link["relation"] == "next" and link["url"]), None)
    return found and question.path + "?" + found.partition("?")[2]


def measured(port: int, question: Question) -> Iterator[tuple[str, list[float]]]:
    connection = HTTPConnection("127.0.0.1", port, timeout=600)
    times, following = [], []
    for number in range(ASKINGS):
        took, said = asked(connection, question.address(number))
        times.append(took)
        if not question.place and (address := next_of(question, said)):
            following.append(asked(connection, address)[0])
    connection.close()
    yield question.words, times
    if following:
        yield f"{question.words}, next page", following


def main() -> int:
    found: list[tuple[float, float, str, str]] = []
    with register_of(ROWS) as address, served(address) as (port, _):
        values = Values()
        list(measured(port, Question("", LISTINGS, {})))
        for question in questions(values):
            for words, times in measured(port, question):
                found.append((statistics.median(times), max(times), question.path, words))
    print(f"{ROWS:,} listings; {len(found)} questions, {ASKINGS} askings each; milliseconds\n")
    print(f"{'':<24} {'questions':>9} {'median':>7} {'slowest question':>17}")
    for path in dict.fromkeys(path for *_, path, _ in found):
        medians = [median for median, _, each, _ in found if each == path]
        print(f"{path:<24} {len(medians):>9} {statistics.median(medians):>7.0f} {max(medians):>17.0f}")
    print(f"\nThe slowest\n{'median':>7} {'most':>6}")
    for median, most, path, words in sorted(found, reverse=True)[:20]:
        print(f"{median:>7.0f} {most:>6.0f}  {path} {words}")
    slow = sum(median > KEEP_MS for median, *_ in found)
    print(f"\n{f'NOT kept: {slow} of them are' if slow else 'kept: none is'} above {KEEP_MS} ms")
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
