"""How a page of a broad search is found quickly: by looking only under the codes that have the words.

Half of a large register may stand between its first listing and the first orthosis, since those have codes in L. The
index in order of the codes then jumps to them, and a page of 100 costs a few hundred rows, not half a million. The
answer is the same with and without; the planner stays free to fetch a rare word's few listings and to sort them.
"""

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, F, Func, Q, QuerySet

from pcl.models import Word
from pcl.models.word import LENGTH_OF_BEGINNING
from pcl.text import LONGEST_QUERY, fold

MOST_WORDS_LOOKED_UP = 3
# Sorts behind every word that begins alike.
LAST = "\U0010ffff"


class AmongCodesOf(Func):
    """`code = ANY (ARRAY(subquery))`: unlike a join, it leaves the rows in the order of the index."""

    template = "(%(expressions)s))"
    arg_joiner = " = ANY ("
    output_field = BooleanField()

    def __init__(self, beginning: str) -> None:
        model_number = beginning[:LENGTH_OF_BEGINNING]
        meant = Word.objects.filter(
            Q(of_model_number=False, word__gte=beginning, word__lt=beginning + LAST)
            | Q(of_model_number=True, word__gte=model_number, word__lt=model_number + LAST)
        )
        codes = meant.order_by().values_list(Func(F("codes"), function="unnest"))
        super().__init__(F("code"), ArraySubquery(codes))


def among_codes_of(found: QuerySet, typed: str) -> QuerySet:
    """The listings `found` for the words `typed`, with the codes spelled out under which there are such words."""
    for word in _certain_words(typed):
        found = found.filter(AmongCodesOf(word))
    return found


def _certain_words(typed: str) -> list[str]:
    """Words that must be there: not the pieces of what may also stand in one word (pcl.text.prefix_query)."""
    pieces = [fold(piece).split() for piece in typed[:LONGEST_QUERY].split()]
    certain = [words[0] for words in pieces if len(words) == 1]
    if sum(map(bool, pieces)) > 1 and any(
        character.isdigit() for words in pieces for word in words for character in word
    ):
        return []
    return certain[:MOST_WORDS_LOOKED_UP]
