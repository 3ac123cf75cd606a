"""The policy refuses inline scripts and styles in the browser; this test says so before a browser has to."""

import re
from pathlib import Path

import pytest
from django.conf import settings

TAG = re.compile(r"<[a-z](?:\{%.*?%\}|\{\{.*?\}\}|[^>])*>", re.IGNORECASE | re.DOTALL)
DATA_BLOCK = re.compile(r"""type=["']application/(?:json|ld\+json)["']""")


def breaches(text: str) -> list[str]:
    """What a strict Content-Security-Policy would refuse in a template's text."""
    text = re.sub(r"\{#.*?#\}|\{% comment.*?endcomment %\}|<!--.*?-->", "", text, flags=re.DOTALL)
    found = [f"inline style element: {match[0]}" for match in re.finditer(r"<style\b[^>]*>", text, re.IGNORECASE)]
    for tag in TAG.findall(text):
        if re.search(r"\sstyle\s*=", tag, re.IGNORECASE):
            found.append(f"style attribute: {tag}")
        if re.search(r"\son[a-z]+\s*=", tag, re.IGNORECASE):
            found.append(f"event handler: {tag}")
        if re.search(r"""=\s*["']?\s*javascript:""", tag, re.IGNORECASE):
            found.append(f"script in an address: {tag}")
        if re.search(r"""(?:src|href)\s*=\s*["']?(?:https?:)?//""", tag, re.IGNORECASE) and re.match(
            r"<(?:script|link|img|iframe)\b", tag, re.IGNORECASE
        ):
            found.append(f"from another host: {tag}")
        if tag.lower().startswith("<script") and "src=" not in tag and not DATA_BLOCK.search(tag):
            found.append(f"inline script: {tag}")
    return found


def our_templates() -> list[Path]:
    """All of the project's templates, also those that a room keeps beside its views."""
    rooms = [settings.BASE_DIR / room for room in ("templates", "accounts", "hcpcs", "pcl", "verification", "config")]
    found = {path for room in rooms for path in room.rglob("*.html")}
    # No page: mail programs read no style sheet of ours, so what little style a mail has stands in its tags.
    return sorted(found - {settings.BASE_DIR / "templates/mail/mail.html"})


def test_templates_were_found() -> None:
    assert settings.BASE_DIR / "templates/base.html" in our_templates()


@pytest.mark.parametrize("path", our_templates(), ids=lambda path: str(path.relative_to(settings.BASE_DIR)))
def test_no_template_needs_inline_code(path: Path) -> None:
    assert breaches(path.read_text()) == []


@pytest.mark.parametrize(
    "text",
    [
        "<p style='color: red'>",
        '<p class="{% if a > b %}x{% endif %}" style="color: red">',
        "<STYLE>p {}</STYLE>",
        '<button onclick="go()">',
        '<form {% if a %}id="x"{% endif %} onsubmit="go()">',
        "<script>go()</script>",
        '<script type="module">go()</script>',
        '<a href="javascript:go()">',
        '<script src="https://cdn.example/x.js"></script>',
        '<link rel="stylesheet" href="//cdn.example/x.css">',
    ],
)
def test_each_breach_is_noticed(text: str) -> None:
    assert len(breaches(text)) == 1


@pytest.mark.parametrize(
    "text",
    [
        '<script src="{% static "x.js" %}" defer></script>',
        '<script type="application/json" id="data">{}</script>',
        '<a href="https://www.cms.gov/">CMS</a>',
        '{# <p style="x"> #}<p data-on="x" class="on style">',
    ],
)
def test_what_is_allowed_is_let_through(text: str) -> None:
    assert breaches(text) == []
