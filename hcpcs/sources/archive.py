"""CMS's .zip, opened with the suspicion that a file from outside deserves."""

import hashlib
import zipfile
import zlib
from io import BytesIO
from pathlib import PurePosixPath

from hcpcs.parsing.file import ReleaseFile
from hcpcs.parsing.record import ReleaseFileError
from hcpcs.parsing.unpacking import MOST_MEMBERS, read_with_care
from hcpcs.sources.members import the_release_among

_ENCRYPTED = 0x1


def is_archive(content: bytes) -> bool:
    """A zip that is no workbook (a workbook is a zip, too)."""
    if not content.startswith(b"PK"):
        return False
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            return not any(name.startswith("xl/") for name in archive.namelist())
    except (zipfile.BadZipFile, ValueError, OverflowError, NotImplementedError):
        return b"xl/" not in content


def release_in_archive(content: bytes, *, member: str = "") -> ReleaseFile:
    """The release in it: by its name, the highest revision first and the text before a workbook; or the one given.

    Raises ReleaseFileError for an archive that is damaged, locked, holds no release, or unpacks to more than a release
    ever could. What it unpacks to is counted while it is read; the sizes that an archive states may be lies.
    """
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            return _release_in(archive, len(content), member)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OverflowError) as error:
        raise ReleaseFileError(
            f"It begins like a zip archive or a workbook, but is damaged ({error}). Download it again."
        ) from error


def member_names(content: bytes) -> list[str]:
    """Every file's path in it; none where it cannot be opened."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            return [info.filename for info in archive.infolist() if not info.is_dir()]
    except (zipfile.BadZipFile, ValueError, OverflowError, NotImplementedError):
        return []


def _release_in(archive: zipfile.ZipFile, size: int, member: str) -> ReleaseFile:
    members = {info.filename: info for info in archive.infolist() if not info.is_dir()}
    if len(archive.infolist()) > MOST_MEMBERS:
        raise ReleaseFileError(f"The archive has more than {MOST_MEMBERS:,} files, so it is none of CMS's.")
    path = _asked_for(members, member) if member else the_release_among(members).path
    info = members[path]
    if info.flag_bits & _ENCRYPTED:
        raise ReleaseFileError(f"{info.filename} in the archive is locked with a password. Unpack it and choose it.")
    with archive.open(info) as opened:
        unpacked = read_with_care(opened, packed=min(info.compress_size, size), name=info.filename)
    name = PurePosixPath(path.replace("\\", "/")).name
    if not unpacked.strip():
        raise ReleaseFileError(f"{name} in the archive is empty.")
    if is_archive(unpacked):
        raise ReleaseFileError(f"{name} in the archive is an archive itself. Unpack it and choose what is in it.")
    return ReleaseFile(name, hashlib.sha256(unpacked).hexdigest(), unpacked)


def _asked_for(members: dict[str, zipfile.ZipInfo], asked: str) -> str:
    for path in members:
        if asked in {path, PurePosixPath(path.replace("\\", "/")).name}:
            return path
    raise ReleaseFileError(f"The archive has no file {asked}. In it: {', '.join(sorted(members)[:8])}.")
