"""How much a zip may unpack to, counted while it is read: the sizes that it states may be lies."""

from typing import IO

from hcpcs.parsing.record import ReleaseFileError

# The largest release so far has 5.4 MB of text.
LARGEST_FILE = 100 * 1024 * 1024
# CMS's archives have a dozen files.
MOST_MEMBERS = 1000
# A release's text shrinks to a 13th, a workbook's parts to a 10th.
HIGHEST_RATIO = 100
# Up to here the ratio says nothing: an empty form of a few kilobytes may shrink to nearly nothing.
_RATIO_COUNTS_FROM = 1024 * 1024
_CHUNK = 64 * 1024


def read_with_care(opened: IO[bytes], *, packed: int, name: str) -> bytes:
    """Everything in `opened`, or ReleaseFileError as soon as it is more than a release could be."""
    pieces: list[bytes] = []
    unpacked = 0
    while piece := opened.read(_CHUNK):
        unpacked += len(piece)
        if unpacked > LARGEST_FILE:
            raise ReleaseFileError(
                f"{name} in it unpacks to more than {LARGEST_FILE // 1024 // 1024} MB, so it is no release."
            )
        if unpacked > _RATIO_COUNTS_FROM and unpacked > HIGHEST_RATIO * packed:
            raise ReleaseFileError(
                f"{name} in it unpacks to more than {HIGHEST_RATIO} times its packed size, as no release does."
            )
        pieces.append(piece)
    return b"".join(pieces)
