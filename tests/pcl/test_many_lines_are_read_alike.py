"""Lines read column by column are those that are read one by one, faults and all."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pcl.names import name_key
from pcl.queries.check import many_lines
from pcl.queries.check.line import FIELDS, Faults, Line, model_key, product_key, read_line
from pcl.queries.check.many_lines import keys_of, read_lines

TEXTS = st.sampled_from(
    [
        "",
        " ",
        "K1007",
        "k1007 ",
        "ß",
        "½",
        "™",
        "--",
        "a\nb",
        "\n",
        "A-1/2",
        "Ünï Ltd.",
        "x\x00",
        "\ud800",
        "x" * 301,
        "é",
    ]
)
DAYS = st.sampled_from(["2024-06-01", " 2024-06-01 ", "2024-02-30", "06/01/2024", "", "9" * 50])
PLAIN = st.fixed_dictionaries({"code": st.just("k1007"), "date_of_service": st.just("2024-06-01")})
ODD = st.fixed_dictionaries(
    {},
    optional={
        **{name: TEXTS | st.none() | st.integers() for name in FIELDS},
        "date_of_service": DAYS | st.none() | st.integers(),
    },
)
NAMED = st.fixed_dictionaries(
    {"code": TEXTS, "date_of_service": DAYS},
    optional=dict.fromkeys(("ref", "manufacturer", "product", "model_number"), TEXTS),
)


def alone(given_line: dict[str, Any]) -> tuple[str, Any]:
    try:
        return ("line", read_line(given_line))
    except Faults as faults:
        return ("faults", faults.fields)


def told(read: Line | Faults) -> tuple[str, Any]:
    return ("faults", read.fields) if isinstance(read, Faults) else ("line", read)


@settings(max_examples=300, deadline=None)
@given(lines=st.lists(PLAIN | NAMED | ODD, max_size=7))
def test_together_is_as_alone(lines: list[dict[str, Any]]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(many_lines, "AT_ONCE", 3)
        assert [told(each) for each in read_lines(lines)] == [alone(line) for line in lines]


def test_lines_without_a_fault_are_read_together() -> None:
    lines = [{"code": "k1007", "date_of_service": "2024-06-01", "product": f"Bräce {n}"} for n in range(3)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(many_lines, "read_line", None)
        assert [line.product for line in read_lines(lines) if isinstance(line, Line)] == [
            "Bräce 0",
            "Bräce 1",
            "Bräce 2",
        ]


@settings(max_examples=300, deadline=None)
@given(
    lines=st.lists(
        st.builds(
            Line,
            code=st.just("K1007"),
            day=st.just("2024-06-01"),
            manufacturer=st.sampled_from(["", "Acme Inc.", "ÄCME", "™", "a\nb"]),
            product=TEXTS.filter(str.isprintable),
            model_number=st.sampled_from(["", "a-1", "Ü/2", "x\ny", "--", "½"]),
        ),
        min_size=1,
        max_size=5,
    )
)
def test_keys_are_those_of_each_alone(lines: list[Line]) -> None:
    expected = [
        tuple(
            (key(text) or "?") if text else ""
            for key, text in (
                (name_key, line.manufacturer),
                (product_key, line.product),
                (model_key, line.model_number),
            )
        )
        for line in lines
    ]
    assert keys_of(lines) == expected
