"""Asks ClamAV's daemon over its own protocol (clamd(8), INSTREAM): nothing has to be on the same machine or disk.

The file goes over as blocks, each after its length as four bytes in network order; a block of length 0 ends it.
Commands begin with `z` and end, like replies, with a zero byte.
"""

import socket
import struct
from contextlib import closing
from dataclasses import dataclass
from typing import BinaryIO

BLOCK = 64 * 1024
CONNECTS_WITHIN = 5.0
"""Seconds."""
ANSWERS_WITHIN = 120.0
"""Seconds between two signs of life; a large archive takes a while."""
LONGEST_REPLY = 4096


class ScannerAway(Exception):
    """It cannot be reached, or said nothing that could be understood. To be asked again later."""


class TooLargeForScanner(Exception):
    """The file is larger than clamd's StreamMaxLength."""


@dataclass(frozen=True)
class Word:
    """What the scanner said."""

    found: str
    """The name of what the file is infected with; empty when nothing was found."""


def scan(address: str, file: BinaryIO) -> Word:
    """Has `file` scanned, from its beginning. `address`: `host:port`, or the path of a socket.

    Raises ScannerAway or TooLargeForScanner.
    """
    file.seek(0)
    with closing(_connect(address, ANSWERS_WITHIN)) as connection:
        try:
            connection.sendall(b"zINSTREAM\0")
            while block := file.read(BLOCK):
                connection.sendall(struct.pack("!L", len(block)) + block)
            connection.sendall(struct.pack("!L", 0))
            broke_off = None
        except OSError as error:
            # It hangs up on a file that is too large, and says so before: that can still be read.
            broke_off = error
        try:
            reply = _reply(connection)
        except ScannerAway:
            if broke_off is None:
                raise
            raise ScannerAway(f"It ended the connection while the file was sent ({broke_off}).") from broke_off
    return _understood(reply)


def version(address: str, *, within: float = CONNECTS_WITHIN) -> str:
    """Its version, and that of its signatures where it has them: `ClamAV 1.4.3/27000/Mon Nov …`. Raises ScannerAway."""
    with closing(_connect(address, within)) as connection:
        try:
            connection.sendall(b"zVERSION\0")
        except OSError as error:
            raise ScannerAway(str(error)) from error
        said = _reply(connection)
    if not said.startswith("ClamAV"):
        raise ScannerAway(f"It says {said[:100]!r}, which no ClamAV does.")
    return said


def _understood(reply: str) -> Word:
    if "size limit exceeded" in reply:
        raise TooLargeForScanner
    _, _, said = reply.partition(": ")
    if said == "OK":
        return Word(found="")
    if said.endswith(" FOUND"):
        return Word(found=said.removesuffix(" FOUND"))
    raise ScannerAway(f"It says {reply[:200]!r}.")


def _connect(address: str, within: float) -> socket.socket:
    """Raises ScannerAway."""
    try:
        if address.startswith("/"):
            connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            try:
                connection.settimeout(CONNECTS_WITHIN)
                connection.connect(address)
            except OSError:
                connection.close()
                raise
        else:
            host, _, port = address.rpartition(":")
            connection = socket.create_connection((host.strip("[]"), int(port)), timeout=CONNECTS_WITHIN)
    except OSError as error:
        raise ScannerAway(f"It cannot be reached at {address}: {error.strerror or error}.") from error
    connection.settimeout(within)
    return connection


def _reply(connection: socket.socket) -> str:
    """Up to its zero byte. Raises ScannerAway when there is none."""
    said = b""
    try:
        while not said.endswith(b"\0"):
            more = connection.recv(LONGEST_REPLY)
            if not more:
                break
            said += more
            if len(said) > LONGEST_REPLY:
                break
    except OSError as error:
        raise ScannerAway(f"It does not answer: {error.strerror or error}.") from error
    if not said.endswith(b"\0"):
        raise ScannerAway("It ended the connection without an answer.")
    return said.rstrip(b"\0").decode(errors="replace").strip()
