"""The text of publications."""

from typing import Any

from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

# No HTML of the author's reaches the page, and links only to addresses that cannot run a script.
_RENDERER = MarkdownIt("commonmark", {"html": False}).enable("table")


# The page's own heading is the first, so that the text's highest is the second.
_HIGHEST = 2
_LOWEST = 6


def as_html(text: str) -> SafeString:
    """Its headings begin at the second level, whatever level the author began with."""
    environment: dict[str, Any] = {}
    tokens = _RENDERER.parse(text, environment)
    headings = [token for token in tokens if token.type in {"heading_open", "heading_close"}]
    down = _HIGHEST - min((int(token.tag[1:]) for token in headings), default=_HIGHEST)
    for token in headings:
        token.tag = f"h{min(_LOWEST, int(token.tag[1:]) + down)}"
    return mark_safe(_RENDERER.renderer.render(tokens, _RENDERER.options, environment))  # written by the renderer above
