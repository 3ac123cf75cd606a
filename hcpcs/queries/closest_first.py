"""In what order somebody who types the beginnings of words wants to see what was found."""

from collections.abc import Sequence

from django.db.models import Case, IntegerField, Q, QuerySet, When
from django.db.models.functions import Length

from hcpcs.models import Code


def closest_first(found: QuerySet[Code], words: Sequence[str]) -> QuerySet[Code]:
    """The code that the words are, codes that begin with them, then those that have them in the short description.

    Among equals the shorter description comes first. Without words, in order of the code. The words are of ASCII
    letters and digits.
    """
    if not words:
        return found.order_by("code")
    shown = Q()
    for word in words:
        shown &= Q(short_description__iregex=beginning_of_a_word(word))
    code = "".join(words).upper()
    rank = Case(
        When(code=code, then=0),
        When(code__startswith=code, then=1),
        When(shown, then=2),
        default=3,
        output_field=IntegerField(),
    )
    return found.alias(rank=rank).order_by("rank", Length("short_description"), "code")


def beginning_of_a_word(word: str) -> str:
    """As a PostgreSQL regular expression."""
    return rf"(?<![[:alnum:]]){word}"
