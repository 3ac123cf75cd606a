"""A beginning that is looked for as the words that begin so, or as a beginning, finds the very same listings."""

import pytest
from django.contrib.postgres.fields import ArrayField
from django.db.models import Func, TextField
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pcl.models import RegisterEntry
from pcl.models.beginnings import Beginnings
from pcl.queries import known_words
from pcl.queries.known_words import in_known_words
from pcl.queries.word_query import WordQuery
from pcl.queries.words_in_order import matching_beginnings
from pcl.text import SearchedPart, prefix_query
from tests.factories.register import publish

pytestmark = pytest.mark.django_db


def some_register() -> None:
    publish("Knee Orthosis", code="L1832", manufacturer="Acme Orthopedics", model_number="AB-12/3")
    publish("Knees Up", code="L1833", manufacturer="Kneeland", distributor="Orth Supply", model_number="KNEE-9")
    publish("Ortho 500 XL", code="L1832", manufacturer="Össur", model_number="ortho-1")
    publish("Bräce™", code="E2607", manufacturer="Acme", model_number="")
    publish("Wrap", code="A6545", manufacturer="Bolt", model_number="KN")


def found(tsquery: str) -> set[str]:
    return set(RegisterEntry.objects.filter(search=WordQuery(tsquery)).values_list("product", flat=True))


WORDS = st.sampled_from(
    ["k", "kn", "knee", "knees", "kneel", "knee-9", "knee9", "orth", "ortho", "orthosis", "ortho-1"]
)
WORDS |= st.sampled_from(["l18", "l1832", "e2607", "ab", "ab12", "12/3", "AB-12/3", "500", "ortho-1"])
WORDS |= st.sampled_from(["acme", "xl", "bolt", "oss", "brace", "zz"])


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    typed=st.lists(WORDS, min_size=1, max_size=3).map(" ".join),
    weight=st.sampled_from(["", SearchedPart.PRODUCT, SearchedPart.ORGANIZATION]),
    most=st.sampled_from([1, 2, 10]),
)
def test_the_same_listings_are_found(typed: str, weight: str, most: int) -> None:
    if not RegisterEntry.objects.exists():
        some_register()
    tsquery = prefix_query(typed, weight=weight)
    assert tsquery is not None
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            known_words,
            "_KNOWN",
            known_words._KNOWN.replace("LIMIT 11", f"LIMIT {most + 1}").replace("<= 10", f"<= {most}"),
        )
        assert found(in_known_words(tsquery)) == found(tsquery)
    if not weight:
        begun = matching_beginnings(RegisterEntry.objects.all(), tsquery)
        assert set(begun.values_list("product", flat=True)) == found(tsquery)


def test_beginnings_are_those_of_every_word() -> None:
    publish("Öl", code="K1007", manufacturer="Bo", model_number="A-1")
    entries = RegisterEntry.objects.annotate(
        beginnings=Func(Beginnings("search"), function="tsvector_to_array", output_field=ArrayField(TextField()))
    )
    assert " ".join(sorted(entries.get().beginnings)) == "1 a a1 b bo k k1 k10 k100 k1007 o ol"


def test_whole_words_take_the_place_of_beginnings() -> None:
    some_register()
    assert in_known_words("bol:* & acm:*A") == "(bolt) & (acme:A)"
    # Model numbers begin so, too, and a word that nobody knows stays what it is.
    assert in_known_words("knee:* & orthos:* & nothing:*") == "knee:* & orthos:* & nothing:*"
    assert found("knee:*") == {"Knee Orthosis", "Knees Up"}
