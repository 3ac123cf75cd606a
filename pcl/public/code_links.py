"""Links on a code's page to what the rooms above the register say of it: announced when they are loaded."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class CodeLink:
    url: str
    text: str


Links = Callable[[str], Iterable[CodeLink]]
_ANNOUNCED: dict[str, Links] = {}


def announce_links(name: str, links: Links) -> None:
    """Have `links` asked for every code's page; once for each `name`."""
    _ANNOUNCED[name] = links


def links_for(code: str) -> list[CodeLink]:
    return [link for links in _ANNOUNCED.values() for link in links(code)]
