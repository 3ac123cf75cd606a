"""A product group's file that is wrong is refused with its name and what is wrong in it."""

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from verification.product_groups import group, groups, reasons
from verification.product_groups.loader import FOLDER, read_group

RIGHT = """
slug = "boots"
title = "Boots"
version = 1
codes = ["A5500"]
sample = "A pair."

[[documents]]
key = "fda-registration"
label = "Evidence of FDA registration"
required = true

[[questions]]
key = "depth"
label = "Extra depth"
kind = "number"
required = true

[[questions]]
key = "closure"
label = "Closure"
kind = "choice"
required = true
options = [{ value = "laces", label = "Laces" }]
when = { question = "depth", equals = ["3"] }

[[checklist]]
codes = ["A5500"]
key = "depth"
requirement = "At least 3/16 inch of extra depth."
source = "Policy article"
"""


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "boots.toml"
    path.write_text(text)
    return path


def test_a_right_file_is_read(tmp_path: Path) -> None:
    found = read_group(written(tmp_path, RIGHT))
    assert (found.slug, found.version, found.codes) == ("boots", 1, ("A5500",))
    assert [row.key for row in found.checklist_for("A5500")] == ["depth"]
    assert found.checklist_for("A5501") == ()


@pytest.mark.parametrize(
    ("right", "wrong", "says"),
    [
        ('slug = "boots"', "slug = ", "is not a product group"),
        ('title = "Boots"', "", "'title'"),
        ("version = 1", "", "'version'"),
        ('kind = "number"', 'kind = "colour"', "unknown kind 'colour'"),
        ('options = [{ value = "laces", label = "Laces" }]', "", "'closure' has no options"),
        ('question = "depth"', 'question = "width"', "depends on 'width', which is not asked before it"),
        ('key = "closure"', 'key = "depth"', "The question 'depth' is there twice"),
        ('codes = ["A5500"]\nkey', 'codes = ["A5501"]\nkey', "The code A5500 has no checklist"),
        ('label = "Extra depth"', 'label = "Extra depth"\nlength = 3', "length"),
    ],
)
def test_a_wrong_file_is_refused_by_name(tmp_path: Path, right: str, wrong: str, says: str) -> None:
    assert right in RIGHT
    with pytest.raises(ImproperlyConfigured) as refusal:
        read_group(written(tmp_path, RIGHT.replace(right, wrong)))
    assert "boots.toml" in str(refusal.value)
    assert says in str(refusal.value)


def test_every_file_of_the_house_is_right() -> None:
    files = [path for path in FOLDER.glob("*.toml") if path.name not in {"reasons.toml", "phrases.toml"}]
    assert {group(read_group(path).slug, read_group(path).version) for path in files} == {read_group(p) for p in files}
    assert groups()


def test_an_unknown_group_or_version_is_not_there() -> None:
    with pytest.raises(KeyError):
        group("ladders")
    with pytest.raises(KeyError):
        group("powered-orthoses", 999)


def test_reasons_have_distinct_keys_and_every_rejection_its_text() -> None:
    for kind in (reasons().application, reasons().rejection):
        assert len({reason.key for reason in kind}) == len(kind)
    assert all(reason.text for reason in reasons().rejection)
