"""What templates and the style sheet name is there after `make assets`: production fails on one that is not."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

ROOT = Path(__file__).resolve().parents[2]
NAMED = re.compile(r"""{%\s*static\s+["']([^"']+)["']""")


def named_static_files() -> set[str]:
    return {name for path in (ROOT / "templates").rglob("*.html") for name in NAMED.findall(path.read_text())}


@pytest.mark.parametrize("name", sorted(named_static_files()))
def test_a_static_file_that_a_template_names_exists(name: str) -> None:
    assert finders.find(name) is not None


def test_every_file_that_the_style_sheet_names_was_copied() -> None:
    built = ROOT / "static" / "built"
    named = set(re.findall(r"""url\(["']?(?!data:)([^"')?#]+)""", (built / "register.css").read_text()))
    assert "img/usa-icons/search.svg" in named
    assert [name for name in sorted(named) if not (built / name).is_file()] == []


def test_a_class_is_drawn_in_one_part_of_the_style_sheet() -> None:
    """Two parts that mean different things by one name take each other's pages apart."""
    drawn = [
        name
        for path in sorted((ROOT / "static" / "styles" / "parts").glob("*.scss"))
        for name in set(re.findall(r"^\.([\w-]+) \{$", path.read_text(), re.MULTILINE))
    ]
    assert len(drawn) > 50
    assert sorted({name for name in drawn if drawn.count(name) > 1}) == []
