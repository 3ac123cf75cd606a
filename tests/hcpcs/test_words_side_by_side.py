"""Words that differ between two texts, and words of a text that were asked for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hcpcs.queries.word_differences import in_one, side_by_side
from hcpcs.queries.words import marked, shortened, sought_beginnings, words_of

TEXTS = st.text(alphabet=st.sampled_from("ab ,-(\n"), max_size=40)


def told(before: str, after: str) -> list[tuple[str, str]]:
    return [(part.text, part.mark) for part in in_one(before, after) if not part.mark.endswith("blank")]


def test_words_are_marked_where_they_stand() -> None:
    assert told("Garment, full leg, each", "Garment, half leg, each") == [
        ("Garment,", ""),
        ("full", "del"),
        ("half", "ins"),
        (" ", ""),
        ("leg, each", ""),
    ]
    assert told("Catheter, silicone, each", "Catheter, silicone or latex, each") == [
        ("Catheter, silicone", ""),
        ("or latex", "ins"),
        (", each", ""),
    ]


def test_texts_with_little_in_common_are_told_one_after_the_other() -> None:
    assert told("Item or service of the oil spill", "Cost-sharing waived for tests") == [
        ("Item or service of the oil spill", "del"),
        ("Cost-sharing waived for tests", "ins"),
    ]


@pytest.mark.parametrize(("before", "after"), [("", ""), ("a", "a"), ("", "b"), ("b", "")])
def test_nothing_is_told_of_nothing(before: str, after: str) -> None:
    assert [part.mark for part in in_one(before, after)] == [
        mark for mark, there in (("", before == after != ""), ("del", before > after), ("ins", after > before)) if there
    ]


@given(before=TEXTS, after=TEXTS)
def test_the_parts_are_the_texts_again(before: str, after: str) -> None:
    sides = side_by_side(before, after)

    # Blanks between words that stayed are those of the later text.
    assert "".join("".join(part.text for part in sides.before).split()) == "".join(before.split())
    assert "".join(part.text for part in sides.after) == after


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("q", "words"),
    [
        ("compress", ["compression", "Compress"]),
        ("garments", ["garments", "garment"]),
        ("batteries", ["battery"]),
        ("non-pneumatic", ["Non", "pneumatic"]),
        ("E06", ["E0601"]),
        ("ression", []),
        ("!!!", []),
        ("", []),
        ("<b>", ["battery", "B"]),
    ],
)
def test_words_that_were_asked_for_are_marked(q: str, words: list[str]) -> None:
    text = "E0601 Non-pneumatic compression garments, Compress garment; battery B"

    pieces = marked(text, sought_beginnings(q))

    assert "".join(piece.text for piece in pieces) == text
    assert [piece.text for piece in pieces if piece.is_marked] == words


@pytest.mark.django_db
def test_a_long_text_is_cut_so_that_the_first_match_is_seen() -> None:
    text = " ".join(["word"] * 100 + ["target"] + ["after"] * 100)

    pieces = shortened(marked(text, sought_beginnings("target")))

    assert "target" in [piece.text for piece in pieces]
    assert sum(len(piece.text) for piece in pieces) < 260
    assert pieces[0].text.startswith("… word")
    assert pieces[-1].text.endswith(" …")
    assert shortened(marked("Short", ())) == marked("Short", ())
    assert shortened(marked("word " * 100, ()))[0].text.endswith(" …")


def test_a_pasted_letter_is_a_handful_of_words() -> None:
    assert len(words_of("a " * 5_000)) == 12
    assert [len(word) for word in words_of("x" * 10_000)] == [60]
