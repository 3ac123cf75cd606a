"""A mail's text as HTML, for the programs that show it: one source for both, so that they never say two things."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from django.template.loader import render_to_string

ONLY_A_LINK = re.compile(r"https?://\S+")
# A line shorter than this ends where its writer ended it; a longer one was only wrapped.
WRAPPED = 60
SIGNATURE = "PCL Registry"


@dataclass(frozen=True)
class Block:
    kind: Literal["text", "link", "list", "signature"]
    lines: tuple[str, ...]


def html_of(subject: str, text: str) -> str:
    """`text` as an HTML page: paragraphs, lists of lines that begin with a dash, and links that stand alone."""
    return render_to_string("mail/mail.html", {"subject": subject, "blocks": list(blocks_of(text))})


def blocks_of(text: str) -> Iterator[Block]:
    for block in re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip()):
        lines = [line.strip() for line in block.split("\n")]
        if ONLY_A_LINK.fullmatch(block.strip()):
            yield Block("link", (block.strip(),))
        elif lines[0].startswith(SIGNATURE):
            yield Block("signature", tuple(lines))
        elif all(line.startswith("- ") for line in lines):
            yield Block("list", tuple(line.removeprefix("- ") for line in lines))
        else:
            yield Block("text", tuple(_unwrapped(lines)))


def _unwrapped(lines: list[str]) -> Iterator[str]:
    so_far = ""
    for line in lines:
        so_far = f"{so_far} {line}" if so_far else line
        if len(line) < WRAPPED:
            yield so_far
            so_far = ""
    if so_far:
        yield so_far
