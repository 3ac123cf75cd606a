"""What somebody may have meant whose words find nothing. Only what finds something is suggested."""

from collections.abc import Callable

from django.db.models import Exists, QuerySet, Value

from pcl.models import RegisterEntry, Word
from pcl.queries.vocabulary import nearest, vocabulary
from pcl.text import MOST_WORDS, fold, normalize_model_number

MOST_SUGGESTED = 3
# Model numbers are too many to hold: those that begin alike are compared.
MOST_MODEL_NUMBERS = 2000
SHORTEST_BEGINNING = 2
SHORTEST_ALONE = 3


def suggestions(typed: str, *, found: Callable[[str], QuerySet[RegisterEntry]]) -> list[str]:
    """Questions like `typed` that find something, the likeliest first; `found` says what a question would find.

    At most three queries: the words that came since the last time, model numbers that begin alike, and whether the
    suggestions find anything.
    """
    vocabulary.complete()
    # A model number in one piece finds the same in a tenth of the time: of its own pieces, some begin a million others.
    in_one_piece = {each: normalize_model_number(each) for each in model_numbers_alike(typed)}
    likely = list(dict.fromkeys([*respelled(typed), *in_one_piece, *_alone(typed)]))[:MOST_SUGGESTED]
    if not likely:
        return []
    asked = [found(in_one_piece.get(each, each)).order_by() for each in likely]
    finds = Word.objects.order_by().values_list(Value(1), *map(Exists, asked))[:1]
    return [each for row in finds for each, finds_some in zip(likely, row[1:], strict=True) if finds_some]


def respelled(typed: str) -> list[str]:
    """The question with its unknown words taken for the nearest known ones; none where it needs or allows none.

    The vocabulary must be complete.
    """
    words = fold(typed).split()[:MOST_WORDS]
    likely = [[word] if vocabulary.has_beginning(word) else vocabulary.nearest(word, most=3) for word in words]
    if not words or not all(likely) or all(each == [word] for each, word in zip(likely, words, strict=True)):
        return []
    return [" ".join(each[min(place, len(each) - 1)] for each in likely) for place in range(max(map(len, likely)))]


def model_numbers_alike(typed: str) -> list[str]:
    """Model numbers that begin as the half of what was typed does, and are nearly the whole of it. One query."""
    number = normalize_model_number(typed)
    if not any(each.isdigit() for each in number) or len(typed.split()) > MOST_WORDS:
        return []
    beginning = number[: max(SHORTEST_BEGINNING, len(number) // 2)]
    alike = RegisterEntry.objects.filter(model_normalized__startswith=beginning).order_by()
    known = dict(alike.values_list("model_normalized", "model_number")[:MOST_MODEL_NUMBERS])
    return [known[each] for each in nearest(number, list(known), most=MOST_SUGGESTED)]


def _alone(typed: str) -> list[str]:
    """Each of several words by itself, the longest first."""
    words = fold(typed).split()[:MOST_WORDS]
    if len(words) < 2:
        return []
    known = (word for word in words if len(word) >= SHORTEST_ALONE and vocabulary.has_beginning(word))
    return sorted(known, key=len, reverse=True)
