"""Release files from wherever somebody says they are: a file, CMS's archive, a folder, an https address."""

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

from django.conf import settings

from hcpcs.parsing.file import ReleaseFile, read_release_file
from hcpcs.parsing.record import ReleaseFileError
from hcpcs.sources.archive import is_archive, member_names, release_in_archive
from hcpcs.sources.download import Download, Limits, download
from hcpcs.sources.members import Member, releases_among, the_release_among

Progress = Callable[[int, int], None]
# A folder of every quarter since 2015 has some hundred files.
MOST_FILES = 5000


def is_address(where: str) -> bool:
    return where.lower().startswith(("https://", "http://"))


def open_releases(where: str, *, member: str = "", progress: Progress | None = None) -> Iterator[ReleaseFile]:
    """Every release at `where`, older ones first: one for a file or an address, any number for a folder.

    `member` chooses a file of an archive by its name. Raises ReleaseFileError.
    """
    if is_address(where):
        yield release_from_address(where, member=member, progress=progress)
    elif Path(where).is_dir():
        yield from releases_in_folder(Path(where))
    else:
        yield open_release(Path(where), member=member)


def open_release(path: Path, *, member: str = "") -> ReleaseFile:
    """One file: a text, a workbook, or an archive with one of them."""
    return unpacked(read_release_file(path), member=member)


def unpacked(file: ReleaseFile, *, member: str = "") -> ReleaseFile:
    """The file itself, or the release in it when it is an archive."""
    if is_archive(file.content):
        return release_in_archive(file.content, member=member)
    if member:
        raise ReleaseFileError(f"{file.name} is no archive, so there is no file {member} in it.")
    return file


def release_from_address(address: str, *, member: str = "", progress: Progress | None = None) -> ReleaseFile:
    """What an https address has, unpacked."""
    fetched = fetch(address, progress=progress)
    with fetched.file as file:
        return unpacked(release_file(fetched.name, file.read()), member=member)


def fetch(address: str, *, progress: Progress | None = None) -> Download:
    """Download under the limits of the settings."""
    limits = Limits(most_bytes=settings.RELEASE_MAX_BYTES, internal_hosts=settings.RELEASE_INTERNAL_HOSTS)
    return download(address, limits=limits, progress=progress)


def release_file(name: str, content: bytes) -> ReleaseFile:
    """Raises ReleaseFileError for an empty one."""
    if not content.strip():
        raise ReleaseFileError("It is empty.")
    return ReleaseFile(name, hashlib.sha256(content).hexdigest(), content)


def releases_in_folder(folder: Path) -> Iterator[ReleaseFile]:
    """Every release below `folder`, also in archives, each year, quarter and revision once, older ones first.

    Where it is there more than once, the latest day in the name wins, then the text before a workbook.
    """
    best: dict[tuple[tuple[int, int], int], tuple[Member, Path]] = {}
    for member, path in _members_below(folder):
        key = (member.period, member.release.revision)
        if key not in best or member.preference > best[key][0].preference:
            best[key] = (member, path)
    if not best:
        raise ReleaseFileError(
            "No file in the folder is named as CMS names a release, such as HCPC2025_OCT_ANWEB_v3.txt, and no archive "
            "in it has one."
        )
    for _, (member, path) in sorted(best.items()):
        try:
            yield open_release(path, member="" if path.name == member.name else member.path)
        except ReleaseFileError as error:
            raise ReleaseFileError(f"{path}: {error}") from error


def _members_below(folder: Path) -> Iterator[tuple[Member, Path]]:
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    if len(paths) > MOST_FILES:
        raise ReleaseFileError(f"The folder has more than {MOST_FILES:,} files. Choose one further down.")
    for path in paths:
        if path.suffix.lower() == ".zip":
            names = member_names(read_release_file(path).content)
            if releases_among(names):
                yield the_release_among(names), path
        else:
            for member in releases_among([path.name]):
                yield member, path
