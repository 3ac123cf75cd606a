"""What the database's statistics say of common words, and what is made of it."""

from collections.abc import Iterator
from math import inf

import pytest
from django.db import connection

from pcl.queries import common_words
from pcl.queries.common_words import Common, common
from pcl.queries.words_in_order import CodesOfWords
from tests.factories.register import publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def _read_now() -> Iterator[None]:
    common_words._read.cache_clear()
    yield
    common_words._read.cache_clear()


@pytest.mark.usefixtures("_read_now")
def test_shares_are_those_of_the_register() -> None:
    for number in range(40):
        publish(f"Brace {number}" if number % 4 else f"Walker {number}", code="L1832" if number % 4 else "E0147")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE pcl_registerentry")

    known = common()

    assert known.words["brace"] == known.words["b"] == pytest.approx(0.75)
    assert known.words["wal"] == pytest.approx(0.25)
    assert known.codes == pytest.approx({"L1832": 0.75, "E0147": 0.25})
    assert CodesOfWords(["wal"]).dense == ["E0147"]
    assert CodesOfWords(["brace", "l18"]).dense == ["L1832"]


@pytest.mark.usefixtures("_read_now")
def test_without_statistics_nothing_is_taken_for_common() -> None:
    publish("Brace")

    assert common() == Common({}, {})
    assert CodesOfWords(["brace"]).dense is None


def test_how_far_a_walk_goes() -> None:
    known = Common({"orthosis": 0.14, "knee": 0.07, "parker": 0.02}, {"L1832": 0.1, "L1833": 0.1, "K1007": 0.5})

    both, all_codes = ["L1832", "L1833"], ["L1832", "L1833", "K1007"]
    assert known.walk({"orthosis": both}, wanted=700) == pytest.approx(1000)
    assert known.walk({"orthosis": both, "knee": ["L1832"]}, wanted=700) == pytest.approx(1429, abs=1)
    # A word that stands under every code is no commoner where another one stands.
    assert known.walk({"orthosis": both, "parker": all_codes}, wanted=700) == pytest.approx(35_000)
    # Where a word is commoner than its codes are known to be, all under them may have it.
    assert known.walk({"orthosis": ["L1832"]}, wanted=700) == 700
    assert known.walk({"rare": ["K1007"]}, wanted=1001) == inf
    assert known.walk({"knee": ["E0147"]}, wanted=1001) == inf
