"""Which codes are meant: the one reading of parameters for the search page, its file and the API."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import cast

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone

from hcpcs.models import Code
from hcpcs.queries.code_facets import FACETS, Facet, facets_of, narrowed
from hcpcs.queries.codes import Status, search_codes
from pcl.queries.listing_filter import STATUSES
from pcl.queries.parameters import BadParameter, choice_in, day_in, text_in

FACET_FORMS = {
    "group": (re.compile(r"[A-Za-z]|(?i:modifiers)"), "one letter, such as E, or modifiers"),
    "betos": (re.compile(r"[A-Za-z][A-Za-z0-9]{1,2}"), "two or three characters, such as D1E"),
    "pricing": (re.compile(r"[A-Za-z0-9]{2}"), "two characters, such as 36"),
    "coverage": (re.compile(r"[A-Za-z]"), "one letter, such as C"),
}
PARAMETERS = ("q", "status", "on", *FACETS)


@dataclass(frozen=True)
class CodeSearch:
    """A search for codes; `chosen` is facet name -> value."""

    q: str
    status: Status
    on: date
    chosen: Mapping[str, str] = field(default_factory=dict)

    @property
    def without_facets(self) -> QuerySet[Code]:
        return search_codes(q=self.q, on=self.on, status=self.status)

    @property
    def found(self) -> QuerySet[Code]:
        return narrowed(self.without_facets, self.chosen)

    @property
    def facets(self) -> list[Facet]:
        return facets_of(self.without_facets, self.chosen)


def code_search(given: QueryDict) -> CodeSearch:
    """What a query string asks for. Raises BadParameter for the first value that it cannot use."""
    on = day_in(given, "on", default=timezone.localdate())
    status = choice_in(given, "status", [key for key, _ in STATUSES], default="current")
    chosen = {name: value for name in FACETS if (value := chosen_in(given, name))}
    return CodeSearch(q=text_in(given, "q"), status=cast("Status", status), on=on, chosen=chosen)


def chosen_in(given: Mapping[str, str], name: str) -> str:
    """A facet's value as CMS writes it; "" where nothing is chosen."""
    text = given.get(name, "").strip()
    form, words = FACET_FORMS[name]
    if text and not form.fullmatch(text):
        raise BadParameter(name, f"{name} is “{text[:30]}”; give {words}.")
    return text.lower() if text.lower() == "modifiers" else text.upper()
