"""The words of a Word document, for a look at it in the page: paragraph by paragraph, without layout and pictures."""

from typing import BinaryIO

from verification.services.docx_package import Damaged, Encrypted, TooMuch, open_package

MOST_CHARACTERS = 300_000


class _Enough(Exception):
    pass


def paragraphs(file: BinaryIO, *, most: int) -> list[str]:
    """At most `most` paragraphs with something in them. None of a file that cannot be read: it was readable once."""
    reader = _Reader(most)
    try:
        with open_package(file) as package:
            package.walk(package.main_part(), reader.begin, end=reader.end, text=reader.text)
    except _Enough:
        pass
    except (Damaged, Encrypted, TooMuch):
        return []
    return reader.done


class _Reader:
    def __init__(self, most: int) -> None:
        self.most = most
        self.done: list[str] = []
        self.open: list[list[str]] = []
        self.is_text = False
        # Some programs read this in place of a drawing; it says the same a second time.
        self.in_fallback = 0
        self.characters = 0

    def begin(self, name: str, _attributes: dict[str, str]) -> None:
        if name == "Fallback":
            self.in_fallback += 1
        elif name == "p":
            self.open.append([])
        elif name == "t":
            self.is_text = True
        elif name in {"tab", "br", "cr"} and self.open and not self.in_fallback:
            self.open[-1].append("\t" if name == "tab" else "\n")

    def text(self, characters: str) -> None:
        if self.is_text and self.open and not self.in_fallback:
            self.open[-1].append(characters)
            self.characters += len(characters)

    def end(self, name: str) -> None:
        if name == "Fallback":
            self.in_fallback -= 1
        elif name == "t":
            self.is_text = False
        elif name == "p" and self.open:
            words = "".join(self.open.pop()).strip()
            if words:
                self.done.append(words)
            if len(self.done) >= self.most or self.characters > MOST_CHARACTERS:
                raise _Enough
