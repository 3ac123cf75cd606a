"""The answer of `codes/` to a plain search, put together from parts that were written out beforehand.

It is what `pcl.api.codes.Codes` answers, byte for byte, and reads its parameters with the same functions. Whatever is
not plain (a facet, a cursor, anything wrong) is left to that view.
"""

from datetime import date
from typing import Any

from django.http import QueryDict

from hcpcs.queries.codes_in_memory import CannotTell, CatalogueRead, first_places, read_catalogue
from pcl.api.lists import NOT_TOLD
from pcl.api.quick_json import QuickJSON
from pcl.queries.code_search import PARAMETERS, code_search
from pcl.queries.codes import BY_CODE, CODE_COLUMNS, code_row_of
from pcl.queries.keyset import COUNTED_EXACTLY, cursor_behind, question_of
from pcl.queries.parameters import BadParameter, limit_in, refuse_repeated, refuse_unknown

PATH = "/api/v1/codes/"
_KNOWN = (*PARAMETERS, "limit")
# No text of the catalogue has it: U+0001 is no character of a line of text.
_SITE, _STATUS = "\x01site", "\x01status"


class CodesAtOnce:
    """Of one catalogue; another fingerprint is another one."""

    def __init__(self, read: CatalogueRead) -> None:
        self.fingerprint = read.fingerprint
        self.index = read.index
        self.parts: list[tuple[bytes, bytes, bytes]] = []
        self.keys: list[dict[str, Any]] = []
        render = QuickJSON().render
        for values in read.rows:
            row = code_row_of(values, on=date.max, site=_SITE)
            self.keys.append({name: row[name] for name in BY_CODE.key})
            told = {name: value for name, value in row.items() if name not in NOT_TOLD} | {"status": _STATUS}
            before, between, behind = _parted(render(told))
            self.parts.append((before, between, behind))

    def answer(self, query: bytes, *, site: str) -> tuple[bytes, str | None] | None:
        """Body, and the address of the next page, for what stands behind the question mark.

        None for what `Codes` has to answer.
        """
        given = QueryDict(query)
        try:
            refuse_unknown(given, _KNOWN)
            refuse_repeated(given)
            search, limit = code_search(given), limit_in(given)
            if search.chosen:
                return None
            found = self.index.search(q=search.q, on=search.on, status=search.status)
        except (BadParameter, CannotTell):
            return None
        total = found.bit_count()
        places = first_places(found, limit)
        following = None
        if total > limit:
            cursor = cursor_behind(self.keys[places[-1]], order=BY_CODE, question=question_of(PATH, given))
            beyond = given.copy()
            beyond["cursor"] = cursor
            following = f"{site}{PATH}?{beyond.urlencode()}"
        rows = b",".join(self._row(place, search.on, site.encode()) for place in places)
        exact = b"true" if total <= COUNTED_EXACTLY else b"false"
        beside = f'"{following}"'.encode() if following else b"null"
        body = b'{"count":%d,"count_exact":%b,"next":%b,"previous":null,"results":[%b]}' % (
            min(total, COUNTED_EXACTLY), exact, beside, rows,
        )  # fmt: skip
        return body, following

    def _row(self, place: int, on: date, site: bytes) -> bytes:
        before, between, behind = self.parts[place]
        first, last = self.index.spans[place]
        status = b'"ended"' if last < on else b'"future"' if on < first else b'"current"'
        return b"".join((before, status, between, site, behind))


def codes_at_once() -> CodesAtOnce | None:
    """Reads the whole catalogue; None where a release was loaded meanwhile."""
    read = read_catalogue(CODE_COLUMNS)
    return CodesAtOnce(read) if read else None


def _parted(row: bytes) -> tuple[bytes, bytes, bytes]:
    before, rest = row.split(b'"\\u0001status"')
    between, behind = rest.split(b"\\u0001site")
    return before, between, behind
