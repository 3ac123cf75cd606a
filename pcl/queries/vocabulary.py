"""The words of the register, held by each process and completed whenever somebody asks."""

import threading
from bisect import bisect_left

from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler
from rapidfuzz.process import extract

from pcl.models import Word

# About 30 MB; a register of a million listings has some tens of thousands.
MOST_WORDS_HELD = 300_000
MOST_COMPARED = 50


class Vocabulary:
    """Words are never taken away from the table, so only those that came since are read."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self.newest = 0
        self.lock = threading.Lock()

    def complete(self) -> None:
        """One query; in a database that was made anew, everything is read again."""
        with self.lock:
            came = list(
                Word.objects.filter(pk__gt=self.newest, of_model_number=False)
                .order_by("pk")
                .values_list("pk", "word")[:MOST_WORDS_HELD]
            )
            if came:
                self.newest = came[-1][0]
                self.words = sorted({*self.words, *(word for _, word in came)})[:MOST_WORDS_HELD]

    def has_beginning(self, letters: str) -> bool:
        place = bisect_left(self.words, letters)
        return place < len(self.words) and self.words[place].startswith(letters)

    def nearest(self, word: str, *, most: int) -> list[str]:
        """Words of which `word` may be a slip of the keyboard, the likeliest first; none for what is too short."""
        return nearest(word, self.words, most=most)


def nearest(word: str, among: list[str], *, most: int) -> list[str]:
    """Those within one slip for four letters, two for eight, three for more: a letter too many, too few, another, or
    two that changed places. Of equally many, those with the same beginning come first.
    """
    slips = 0 if len(word) < 3 else 1 if len(word) <= 4 else 2 if len(word) <= 8 else 3
    if not slips:
        return []
    found = extract(word, among, scorer=DamerauLevenshtein.distance, score_cutoff=slips, limit=MOST_COMPARED)
    found.sort(key=lambda each: (each[1], -JaroWinkler.similarity(word, each[0]), each[0]))
    return [each for each, _, _ in found[:most]]


vocabulary = Vocabulary()
