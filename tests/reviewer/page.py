"""What a page says, as somebody reads it."""

import re
from html import unescape

from django.http import HttpResponse as Response


def main_of(response: Response) -> str:
    """The page's own part, without the header and the footer that all pages share."""
    return response.content.decode().split("<main", 1)[1].split("</main>", 1)[0]


def text_of(response: Response) -> str:
    without_tags = re.sub(r"<[^>]+>", " ", main_of(response))
    return " ".join(unescape(without_tags).split())


def seen_version(response: Response) -> int:
    """The version that the page's form would send back."""
    found = re.search(r'name="seen_version"\s+value="(\d+)"', main_of(response))
    assert found, "the page has no form"
    return int(found[1])
