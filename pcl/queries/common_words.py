"""Which beginnings of words very many listings have, and how much of the register stands under a code.

As the database's own statistics have it: at a million listings the thousand commonest beginnings, down to one listing
in eighty. They decide on the quickest way alone, so they may be old, wrong or missing.
"""

import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import inf, prod

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

    def walk(self, beginnings: Mapping[str, Collection[str]], *, wanted: int) -> float:
        """How many listings are met in order until `wanted` of them have words that begin so; about.

        `beginnings` with the codes of each; the walk is under those that all have. Infinite where it cannot be told.
        """
        density = prod(self._density(*each) for each in beginnings.items())
        return wanted / density if density else inf

    def _density(self, beginning: str, codes: Collection[str]) -> float:
        """How many of the listings under its codes have it, as a share."""
        among = sum(self.codes.get(code, 0.0) for code in codes)
        return min(1.0, self.words.get(beginning, 0.0) / among) if among else 0.0


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
