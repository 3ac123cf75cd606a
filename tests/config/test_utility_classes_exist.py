"""A class that only looks like one of the design system's does nothing, and nobody is told."""

import re
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
UTILITY = re.compile(
    r"(?:(?:tablet|desktop):)?(?:margin|padding|text|font|display|measure|width|grid)-[a-z0-9-]*[a-z0-9]"
)


def named_in_pages() -> set[str]:
    pages = "".join(page.read_text() for page in (ROOT / "templates").rglob("*.html"))
    return {
        name
        for classes in re.findall(r'class="([^"{]*)"', pages)
        for name in classes.split()
        if UTILITY.fullmatch(name)
    }


def test_every_utility_class_named_in_a_page_is_in_the_style_sheet() -> None:
    sheet = (ROOT / "static/built/register.css").read_text()
    named = named_in_pages()
    assert {"margin-top-1", "font-heading-md", "text-normal"} <= named
    in_sheet = {name.replace("\\:", ":") for name in re.findall(r"\.((?:[a-z]+\\:)?[a-z][a-z0-9-]*)", sheet)}
    assert named - in_sheet == set()
