"""Which of several files is the release: CMS puts it beside corrections, transactions, notes and its older issues."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath

from hcpcs.parsing.file import ReleaseName, release_name
from hcpcs.parsing.record import ReleaseFileError

_MEMBER = re.compile(r"HCPC\d{4}_(?:CONTR|JAN|APR|JUL|OCT)_ANWEB.*\.(?:txt|xlsx|xls)$", re.IGNORECASE)
# HCPC2026_JUL_ANWEB_06172026.txt: the day on which CMS made it, month first.
_MADE_ON = re.compile(r"_(\d{2})(\d{2})(\d{4})(?=[_.])")


@dataclass(frozen=True)
class Member:
    """A file that is a release by its name. `path` is where it stands: in an archive or below a folder."""

    path: str
    release: ReleaseName

    @property
    def name(self) -> str:
        return PurePosixPath(self.path.replace("\\", "/")).name

    @property
    def period(self) -> tuple[int, int]:
        """Year and quarter. An annual file, in force from 1 January, is apart from the one of January."""
        return (self.release.year or 0, self.release.quarter or 0)

    @property
    def preference(self) -> tuple[int, date, bool, bool, str]:
        """Of one period, the highest revision wins, then the latest day in the name, then the text file."""
        lower = self.name.lower()
        return (
            self.release.revision,
            _made_on(lower),
            lower.endswith(".txt"),
            lower.endswith(".xlsx"),
            self.path,
        )


def releases_among(paths: Iterable[str]) -> list[Member]:
    """Those that are a release by their name; CMS's other lists and all else are left out."""
    members = []
    for path in paths:
        name = PurePosixPath(path.replace("\\", "/")).name
        # "._" are a Macintosh's notes about a file, "~$" Excel's lock of an open one: both have the file's own name.
        if name.startswith(("._", "~$")) or not _MEMBER.match(name):
            continue
        try:
            members.append(Member(path, release_name(name)))
        except ReleaseFileError:  # corrections, transactions
            continue
    return members


def the_release_among(paths: Iterable[str]) -> Member:
    """The one to take. Raises ReleaseFileError where there is none, and where there are several periods."""
    listed = list(paths)
    members = releases_among(listed)
    if not members:
        shown = ", ".join(sorted(PurePosixPath(path).name for path in listed if not path.endswith("/"))[:8])
        raise ReleaseFileError(
            "No file in it is named as CMS names a release, such as HCPC2025_OCT_ANWEB_v3.txt. "
            f"In it: {shown or 'nothing'}."
        )
    if len({member.period for member in members}) > 1:
        names = ", ".join(sorted(member.name for member in members)[:8])
        raise ReleaseFileError(
            f"It holds releases of several quarters: {names}. Unpack it and choose one of them.", options="--member"
        )
    return max(members, key=lambda member: member.preference)


def _made_on(name: str) -> date:
    found = _MADE_ON.search(name)
    try:
        return date(int(found[3]), int(found[1]), int(found[2])) if found else date.min
    except ValueError:
        return date.min
