"""Counts beside a search, and the dictionary that explains them."""

from datetime import date
from typing import Any

import pytest

from hcpcs.indicators import indicator_tables
from hcpcs.models import LAYOUT_FIELDS, Code, Kind
from hcpcs.queries.code_facets import FACETS, facet_meaning, facets_of, narrowed
from hcpcs.queries.codes import search_codes
from hcpcs.queries.dictionary import code_groups, dictionary
from tests.factories.register import make_code

pytestmark = pytest.mark.django_db
ON = date(2026, 11, 21)


@pytest.fixture(autouse=True)
def codes() -> None:
    make_code("A4253", betos="D1A", coverage="C", pricing_indicators=["32"])
    make_code("A6530", betos="O1L", coverage="C", pricing_indicators=["40", "35", "40"])
    make_code("E0601", betos="D1E", coverage="C", pricing_indicators=["36"])
    make_code("E1390", betos="D1C", coverage="D", pricing_indicators=["33"])
    make_code("G0001", betos="", coverage="", pricing_indicators=[])
    make_code("E0602", betos="D1E", coverage="C", pricing_indicators=["36"], terminated=date(2020, 1, 1))
    Code.objects.filter(pk=make_code("GY", coverage="S").pk).update(kind=Kind.MODIFIER)


def counts(chosen: dict[str, str] | None = None, **search: Any) -> dict[str, dict[str, int]]:
    found = search_codes(**({"q": "", "on": ON} | search))
    facets = facets_of(found, chosen or {})
    return {facet.name: {each.value: each.count for each in facet.values} for facet in facets}


def test_every_value_is_counted_once_for_a_code() -> None:
    assert counts() == {
        "group": {"A": 2, "E": 2, "G": 1, "modifiers": 1},
        "betos": {"D1A": 1, "D1C": 1, "D1E": 1, "O1L": 1},
        "pricing": {"32": 1, "33": 1, "35": 1, "36": 1, "40": 1},
        "coverage": {"C": 3, "D": 1, "S": 1},
    }
    assert counts(status="all")["group"] == {"A": 2, "E": 3, "G": 1, "modifiers": 1}


def test_a_facet_counts_what_another_choice_would_find() -> None:
    chosen = {"group": "E", "coverage": "C"}
    found = counts(chosen)

    assert found["group"] == {"A": 2, "E": 1}
    assert found["coverage"] == {"C": 1, "D": 1}
    assert found["betos"] == {"D1E": 1}
    for name in FACETS:
        for value, count in found[name].items():
            choice = {**chosen, name: value}
            assert narrowed(search_codes(q="", on=ON), choice).count() == count


def test_modifiers_are_a_group_of_their_own() -> None:
    assert [code.code for code in narrowed(search_codes(q="", on=ON), {"group": "modifiers"})] == ["GY"]
    assert [code.code for code in narrowed(search_codes(q="", on=ON), {"group": "g"})] == ["G0001"]


def test_counting_is_one_query(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        counts({"betos": "D1E", "pricing": "36"}, q="e0")


def test_values_have_their_meaning() -> None:
    assert facet_meaning("betos", "D1E") == "Other DME"
    assert facet_meaning("group", "e") == "Durable medical equipment"
    assert facet_meaning("pricing", "??") == ""


def test_the_dictionary_has_every_field_and_every_value_with_its_source() -> None:
    entries = {entry.name: entry for entry in dictionary()}

    assert set(entries) == set(LAYOUT_FIELDS) - {"kind", "sequence_number"} | {"status", "last_update"}
    assert {name: len(entry.values) for name, entry in entries.items() if entry.values} == {
        name: len(table) for name, table in indicator_tables().items()
    }
    assert entries["pricing_indicators"].source.endswith("positions 120-127")
    assert entries["pricing_indicators"].form == "text of up to 2 characters, up to 4 times"
    assert [each.value for each in entries["betos"].values if each.is_newer] == ["O1L"]
    assert all(entry.explanation and entry.form for entry in entries.values())
    assert all(len(letter) == 1 for letter in code_groups())
