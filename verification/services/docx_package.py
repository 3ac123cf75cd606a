"""The zip file that a Word document is (ECMA-376 part 2), opened with limits: a small one can unfold to fill a disk."""

import posixpath
import re
import struct
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, BinaryIO
from xml.parsers import expat

# A long document with many pictures has some hundred parts.
MOST_PARTS = 5000
MOST_BYTES = 300 * 1024 * 1024
"""Of all parts together, unfolded."""
MOST_BYTES_OF_DIRECTORY = 2 * 1024 * 1024
READ_AT_ONCE = 64 * 1024
END_OF_DIRECTORY = struct.Struct("<4s4H2LH")
# The end of the directory may be followed by a remark of this length at most.
LONGEST_REMARK = 65535
READABLE_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
IS_ENCRYPTED = 0x1

CONTENT_TYPES = "[content_types].xml"


class TooMuch(Exception):
    """It unfolds to more than any document needs."""


class Damaged(Exception):
    """It is no zip file, or one that cannot be read from end to end."""


class Encrypted(Exception):
    """A part of it needs a password."""


@dataclass(frozen=True)
class Relationship:
    source: str
    """The part that has it; empty for the document as a whole."""
    kind: str
    """The last word of its type: `officeDocument`, `hyperlink`, `image`, …"""
    target: str
    is_external: bool

    @property
    def part(self) -> str:
        """The name of the part that it leads to, within the file."""
        folder = posixpath.dirname(self.source)
        joined = posixpath.join("/", folder, self.target)
        return posixpath.normpath(joined).lstrip("/").lower()


class Package:
    """Names of parts are without regard to case, and here in small letters."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self.parts = {info.filename.lower(): info for info in archive.infolist() if not info.is_dir()}

    def blocks(self, part: str) -> Iterator[bytes]:
        """Raises Damaged for a part that is missing or broken."""
        try:
            with self._archive.open(self.parts[part]) as file:
                while block := file.read(READ_AT_ONCE):
                    yield block
        except (
            KeyError,
            zipfile.BadZipFile,
            EOFError,
            OSError,
            ValueError,
            NotImplementedError,
            RuntimeError,
        ) as error:
            raise Damaged from error
        except Exception as error:
            # zlib.error has no common ancestor with the others.
            if type(error).__module__ == "zlib":
                raise Damaged from error
            raise

    def walk(self, part: str, begin: Callable[[str, dict[str, str]], None], **handlers: Any) -> None:
        """Reads XML without building a tree: `begin(local name, attributes)`, `end(local name)`, `text(characters)`.

        Raises Damaged for what is no XML, and for a document type, which can unfold and is never in such a part.
        """

        def refuse(*_: Any) -> None:
            raise Damaged

        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = refuse
        parser.StartElementHandler = lambda name, attributes: begin(_local(name), attributes)
        if "end" in handlers:
            parser.EndElementHandler = lambda name: handlers["end"](_local(name))
        if "text" in handlers:
            parser.CharacterDataHandler = handlers["text"]
        try:
            for block in self.blocks(part):
                parser.Parse(block)
            parser.Parse(b"", True)  # noqa: FBT003  # it has no name
        except expat.ExpatError as error:
            raise Damaged from error

    def content_types(self) -> tuple[dict[str, str], dict[str, str]]:
        """By ending and by name of the part."""
        by_ending: dict[str, str] = {}
        by_part: dict[str, str] = {}

        def begin(name: str, attributes: dict[str, str]) -> None:
            if name == "Default":
                by_ending[attributes.get("Extension", "").lower()] = attributes.get("ContentType", "").lower()
            elif name == "Override":
                by_part[attributes.get("PartName", "").lstrip("/").lower()] = attributes.get("ContentType", "").lower()

        self.walk(CONTENT_TYPES, begin)
        return by_ending, by_part

    def relationships(self) -> Iterator[Relationship]:
        for part in self.parts:
            folder, name = posixpath.split(part)
            if not name.endswith(".rels"):
                continue
            source = posixpath.join(posixpath.dirname(folder), name.removesuffix(".rels"))
            yield from self._relationships_of(part, source)

    def main_part(self) -> str:
        """The part with the text. Raises Damaged when none is named."""
        for each in self._relationships_of("_rels/.rels", ""):
            if each.kind == "officeDocument" and not each.is_external:
                return each.part
        raise Damaged

    def _relationships_of(self, part: str, source: str) -> list[Relationship]:
        found: list[Relationship] = []

        def begin(name: str, attributes: dict[str, str]) -> None:
            if name == "Relationship":
                kind = re.split(r"[/#]", attributes.get("Type", ""))[-1]
                mode = attributes.get("TargetMode", "").strip().lower()
                found.append(Relationship(source, kind, attributes.get("Target", "").strip(), mode == "external"))

        self.walk(part, begin)
        return found


@contextmanager
def open_package(file: BinaryIO) -> Iterator[Package]:
    """Raises Damaged, Encrypted or TooMuch."""
    _look_at_the_end(file)
    file.seek(0)
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, EOFError, OSError, ValueError, NotImplementedError, struct.error) as error:
        raise Damaged from error
    with archive:
        infos = archive.infolist()
        if sum(info.file_size for info in infos) > MOST_BYTES:
            raise TooMuch
        if any(info.flag_bits & IS_ENCRYPTED for info in infos):
            raise Encrypted
        names = [info.filename.lower() for info in infos]
        # Programs differ in which of two parts with one name they open.
        if len(set(names)) != len(names) or any(_leads_outside(name) for name in names):
            raise Damaged
        if any(info.compress_type not in READABLE_METHODS for info in infos):
            raise Damaged
        yield Package(archive)


def _look_at_the_end(file: BinaryIO) -> None:
    """Before anything is read into memory: how long is the directory?"""
    file.seek(0, 2)
    size = file.tell()
    file.seek(max(0, size - END_OF_DIRECTORY.size - LONGEST_REMARK))
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < END_OF_DIRECTORY.size:
        raise Damaged
    _, _, _, _, count, length, _, _ = END_OF_DIRECTORY.unpack_from(tail, at)
    # The form for more than 4 GB: no document has it, and its own count would be believed.
    if b"PK\x06\x07" in tail[max(0, at - 20) : at] or count > MOST_PARTS or length > MOST_BYTES_OF_DIRECTORY:
        raise TooMuch


def _leads_outside(name: str) -> bool:
    return name.startswith(("/", "\\")) or "\\" in name or ".." in name.split("/") or "\x00" in name


def _local(name: str) -> str:
    return name.rpartition(" ")[2]
