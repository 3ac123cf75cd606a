"""What is wrong with a Word document (DOCX)? It may hold text and pictures, and nothing that runs or fetches."""

from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import BinaryIO

from verification.services.docx_package import (
    CONTENT_TYPES,
    Damaged,
    Encrypted,
    Package,
    Relationship,
    TooMuch,
    open_package,
)

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MAIN = DOCX + ".main+xml"
# Office's files of before 2007, and the envelope of a document with a password, which is one of them.
OLD_OR_LOCKED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class DocxVerdict(StrEnum):
    FINE = "fine"
    DAMAGED = "damaged"
    ENCRYPTED = "encrypted"
    ANOTHER_KIND = "another kind"
    """A zip file, but no Word document."""
    MACROS = "macros"
    HOLDS_FILES = "holds files"
    CONTROLS = "controls"
    LEADS_OUTSIDE = "leads outside"
    FETCHES = "fetches"
    TOO_MUCH = "too much"


# Last words of the types of relationships.
REFUSED_RELATIONSHIPS = {
    "vbaProject": DocxVerdict.MACROS,
    "wordVbaData": DocxVerdict.MACROS,
    "oleObject": DocxVerdict.HOLDS_FILES,
    "package": DocxVerdict.HOLDS_FILES,
    "aFChunk": DocxVerdict.HOLDS_FILES,
    "subDocument": DocxVerdict.LEADS_OUTSIDE,
    "control": DocxVerdict.CONTROLS,
    "activeXControlBinary": DocxVerdict.CONTROLS,
}
REFUSED_TYPES = {
    "macroenabled": DocxVerdict.MACROS,
    "vbaproject": DocxVerdict.MACROS,
    "oleobject": DocxVerdict.HOLDS_FILES,
    "activex": DocxVerdict.CONTROLS,
}
REFUSED_PARTS = {
    "vbaproject": DocxVerdict.MACROS,
    "vbadata": DocxVerdict.MACROS,
    "/embeddings/": DocxVerdict.HOLDS_FILES,
    "/activex/": DocxVerdict.CONTROLS,
}
# A link that somebody has to follow does no harm before.
PERMITTED_LINKS = ("http://", "https://", "mailto:", "tel:", "#")
# Fields that fetch something when the document is opened or printed.
REFUSED_FIELDS = frozenset(
    {"DDE", "DDEAUTO", "LINK", "INCLUDE", "INCLUDETEXT", "INCLUDEPICTURE", "IMPORT", "DATABASE", "RD"}
)


def verdict_on(file: BinaryIO) -> DocxVerdict:
    """What stands against keeping `file`. Memory stays small: at most MOST_BYTES of a package are read, in blocks."""
    file.seek(0)
    begin = file.read(len(OLD_OR_LOCKED))
    if begin == OLD_OR_LOCKED:
        return DocxVerdict.ENCRYPTED
    if not begin.startswith(b"PK\x03\x04"):
        return DocxVerdict.DAMAGED
    try:
        with open_package(file) as package:
            return next(_objections(package), DocxVerdict.FINE)
    except TooMuch:
        return DocxVerdict.TOO_MUCH
    except Encrypted:
        return DocxVerdict.ENCRYPTED
    except Damaged:
        return DocxVerdict.DAMAGED


def _objections(package: Package) -> Iterator[DocxVerdict]:
    if CONTENT_TYPES not in package.parts or "_rels/.rels" not in package.parts:
        yield DocxVerdict.ANOTHER_KIND
    by_ending, by_part = package.content_types()
    yield from _objections_to_names([*by_ending.values(), *by_part.values()], REFUSED_TYPES)
    yield from _objections_to_names(package.parts, REFUSED_PARTS)
    if by_part.get(package.main_part()) != MAIN:
        yield DocxVerdict.ANOTHER_KIND
    for relationship in package.relationships():
        yield from _objections_to_relationship(relationship)
    for part in package.parts:
        content_type = by_part.get(part) or by_ending.get(part.rpartition(".")[2], "")
        if "wordprocessingml" in content_type and content_type.endswith("+xml"):
            if any(_fetches(field) for field in _Fields.of(package, part)):
                yield DocxVerdict.FETCHES
        else:
            # Read to the end, so that a part that is cut off or not what its checksum says is found.
            for _ in package.blocks(part):
                pass


def _objections_to_names(names: Iterable[str], refused: dict[str, DocxVerdict]) -> Iterator[DocxVerdict]:
    for name in names:
        yield from (objection for part, objection in refused.items() if part in name)


def _objections_to_relationship(relationship: Relationship) -> Iterator[DocxVerdict]:
    if relationship.kind in REFUSED_RELATIONSHIPS:
        yield REFUSED_RELATIONSHIPS[relationship.kind]
    is_a_link = relationship.kind == "hyperlink" and relationship.target.lower().startswith(PERMITTED_LINKS)
    if relationship.is_external and not is_a_link:
        yield DocxVerdict.LEADS_OUTSIDE


def _fetches(field: str) -> bool:
    words = field.split(maxsplit=1)
    return bool(words) and words[0].strip('"').upper() in REFUSED_FIELDS


class _Fields:
    """The instructions of a part's fields. One may be spread over many runs, and stand within another."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.waiting: list[str] = []
        self.is_instruction = False

    @classmethod
    def of(cls, package: Package, part: str) -> list[str]:
        found = cls()
        package.walk(part, found.begin, end=found.end, text=found.text)
        return [*found.done, *found.waiting]

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        by_name = {key.rpartition(" ")[2]: value for key, value in attributes.items()}
        if name == "fldSimple":
            self.done.append(by_name.get("instr", ""))
        elif name == "fldChar":
            self._step(by_name.get("fldCharType", ""))
        elif name == "instrText":
            self.is_instruction = True

    def _step(self, kind: str) -> None:
        if kind == "begin":
            self.waiting.append("")
        elif kind == "end" and self.waiting:
            self.done.append(self.waiting.pop())

    def end(self, name: str) -> None:
        if name == "instrText":
            self.is_instruction = False

    def text(self, characters: str) -> None:
        if not self.is_instruction:
            return
        if not self.waiting:
            self.waiting.append("")
        self.waiting[-1] += characters
