"""Beginnings of words, looked for as the words of the register that begin so.

PostgreSQL's index of words collects every listing of every word that begins so before it looks at the others that
were typed: "orthosis rapid" read 140,000 entries of which it kept 4,000. Words that are whole it takes from the rarest
on, and skips what cannot be: a seventh of the time at a million listings. What is found is the same.
"""

import re

from django.db import connection

from pcl.models.word import LENGTH_OF_BEGINNING
from pcl.queries.words_in_order import LAST

# Of more, their number costs more than their rarity saves: 150 words took six times as long as the beginning.
MOST_WORDS = 10
_BEGINNING = re.compile(r"(\w+):\*([A-D]?)")
# Of model numbers only beginnings are known: what may be one stays a beginning.
_KNOWN = f"""
    SELECT beginning, array_agg(word)
    FROM unnest(%(beginnings)s::text[]) AS beginning CROSS JOIN LATERAL (
        SELECT word FROM pcl_word
        WHERE NOT of_model_number AND word >= beginning AND word < beginning || %(last)s LIMIT {MOST_WORDS + 1}
    ) AS known
    WHERE NOT EXISTS (
        SELECT FROM pcl_word
        WHERE of_model_number AND word >= left(beginning, {LENGTH_OF_BEGINNING})
          AND word < left(beginning, {LENGTH_OF_BEGINNING}) || %(last)s
    )
    GROUP BY beginning HAVING count(*) <= {MOST_WORDS}
"""  # noqa: S608  # constants


def in_known_words(tsquery: str) -> str:
    """`tsquery` (see pcl.text.prefix_query) with whole words where there are few. One query.

    Words are kept in the transaction that shows the listing, and never taken away (pcl.models.Word).
    """
    beginnings = {letters for letters, _ in _BEGINNING.findall(tsquery)}
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN, {"beginnings": list(beginnings), "last": LAST})
        known = dict(cursor.fetchall())

    def spelled_out(match: re.Match[str]) -> str:
        letters, weight = match.groups()
        if letters not in known:
            return match[0]
        return f"({' | '.join(f'{word}:{weight}' if weight else word for word in known[letters])})"

    return _BEGINNING.sub(spelled_out, tsquery)
