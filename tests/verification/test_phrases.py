"""Phrases for a rationale: read from their file, checked, and filled in with what is known."""

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from verification.letters.compose import character_no_letter_can_show
from verification.product_groups.phrases import OUTCOMES, PHRASES, phrases, phrases_for, read_phrases

RIGHT = """
[[phrase]]
key = "one"
label = "One"
text = "{product} lacks [name it]."
outcomes = ["no_code"]
groups = ["*"]
"""


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "phrases.toml"
    path.write_text(text)
    return path


def test_ours_is_right_and_every_outcome_has_one() -> None:
    found = read_phrases(PHRASES)
    assert found == phrases()
    assert {outcome for phrase in found for outcome in phrase.outcomes} == set(OUTCOMES)
    assert [phrase.key for phrase in found if character_no_letter_can_show(phrase.text)] == []


def test_what_is_known_is_filled_in_and_the_rest_is_left_to_be_named(tmp_path: Path) -> None:
    (phrase,) = read_phrases(written(tmp_path, RIGHT))
    assert phrase.filled(product="Stride {x}") == "Stride {x} lacks [name it]."
    assert phrase.filled() == "[product] lacks [name it]."


def test_a_groups_own_come_first_and_another_groups_not_at_all() -> None:
    own = [phrase.key for phrase in phrases_for("powered-orthoses")]
    assert own[0] == "powered-orthosis"
    assert "powered-orthosis" not in [phrase.key for phrase in phrases_for("another-group")]


@pytest.mark.parametrize(
    ("right", "wrong", "says"),
    [
        ('key = "one"', "key = ", "does not hold phrases"),
        ('label = "One"', "", "label"),
        ('label = "One"', 'label = " "', "has no text or no label"),
        ("{product}", "{price}", "has the blank {price}"),
        ("{product}", "{product.x}", "has the blank {product.x}"),
        ("{product}", "{", "does not hold phrases"),
        ('outcomes = ["no_code"]', 'outcomes = ["denied"]', "names an outcome that is none of"),
        ('groups = ["*"]', 'groups = ["shoes-of-nobody"]', "names a product group that there is not"),
        (RIGHT, RIGHT + RIGHT, "'one' is there twice"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, right: str, wrong: str, says: str) -> None:
    with pytest.raises(ImproperlyConfigured) as refusal:
        read_phrases(written(tmp_path, RIGHT.replace(right, wrong)))
    assert "phrases.toml" in str(refusal.value)
    assert says in str(refusal.value)
