"""Which beginnings of words very many listings have, and how much of the register stands under a code.

As the database's own statistics have it: at a million listings the thousand commonest beginnings, down to one listing
in eighty. They decide on the quickest way alone, so they may be old, wrong or missing.
"""

import time
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache
from math import prod

from django.db import connection

READ_AGAIN_AFTER_SECONDS = 600
# Tables and columns of ours; the index of beginnings has statistics of its own, which ANALYZE makes.
_KNOWN = """
    SELECT 'word', word, share
    FROM pg_stats, unnest(most_common_elems::text::text[], most_common_elem_freqs) AS common (word, share)
    WHERE schemaname = current_schema() AND tablename = 'entry_beginnings' AND word IS NOT NULL
    UNION ALL
    SELECT 'code', code, share
    FROM pg_stats, unnest(most_common_vals::text::text[], most_common_freqs) AS common (code, share)
    WHERE schemaname = current_schema() AND tablename = 'pcl_registerentry' AND attname = 'code'
"""


@dataclass(frozen=True)
class Common:
    """Shares of all listings, above 0 and at most 1."""

    words: dict[str, float]
    """By their beginnings."""
    codes: dict[str, float]

    def walk(self, beginnings: Collection[str], *, codes: Iterable[str], wanted: int) -> float:
        """How many listings under `codes` are met in order until `wanted` of them have words that begin so; about.

        Infinite where that cannot be told.
        """
        among = sum(self.codes.get(code, 0.0) for code in codes)
        if not among or any(each not in self.words for each in beginnings):
            return float("inf")
        return wanted / prod(min(1.0, self.words[each] / among) for each in beginnings)


def common() -> Common:
    """One query in ten minutes."""
    return _read(int(time.monotonic() / READ_AGAIN_AFTER_SECONDS))


@lru_cache(maxsize=1)
def _read(period: int) -> Common:
    found: dict[str, dict[str, float]] = {"word": {}, "code": {}}
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN)
        for kind, text, share in cursor.fetchall():
            found[kind][text] = share
    return Common(found["word"], found["code"])
