"""The text of publications."""

from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

# No HTML of the author's reaches the page, and links only to addresses that cannot run a script.
_RENDERER = MarkdownIt("commonmark", {"html": False}).enable("table")


def as_html(text: str) -> SafeString:
    return mark_safe(_RENDERER.render(text))  # written by the renderer above
