#!/usr/bin/env python3
"""Check that nobody rewrote the history of the register. Needs Python 3.11 or newer, and nothing else.

    python3 verify_changes.py https://register.example/api/v1/changes/
    python3 verify_changes.py changes.ndjson
    python3 verify_changes.py page-1.json page-2.json --known 120:4b8f…

Reads changes from an address of the API, from files with one change in each line (NDJSON), from files that hold pages
of the API as they were answered, or from standard input (-). Recalculates each fingerprint and checks that each change
carries that of the one before. The rule stands in verifying.md.

--known SEQ:HASH   a fingerprint that you noted earlier; finds also a history that was calculated anew, or cut short
--after SEQ:HASH   begin behind this change, which you have checked before

Ends with 0 when all is well, 1 when history was edited (and says where), 2 when something could not be read.
"""

import argparse
import hashlib
import json
import sys
import urllib.parse
import urllib.request
from collections.abc import Iterable, Iterator
from typing import Any

Change = dict[str, Any]
Noted = tuple[int, str]

BEFORE_THE_FIRST = "0" * 64
FIELDS = {"seq", "at", "kind", "listing", "before", "after", "reason", "previous_hash", "hash"}
PAGE = 1000
SECONDS = 60


class CannotRead(Exception):
    """What was given is no list of changes. The text says what is wrong, and where."""


def hash_of(change: Change) -> str:
    """SHA-256, in hexadecimal, of all fields but the hash: JSON, keys sorted, no blanks, UTF-8."""
    said = {name: value for name, value in change.items() if name != "hash"}
    text = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    # Half a pair of surrogates cannot stand in the register; in a forged file it must not stop the check.
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def faults_in(
    changes: Iterable[Change], known: dict[int, str] | None = None, after: Noted = (0, BEFORE_THE_FIRST)
) -> Iterator[tuple[int, str]]:
    """Yields (seq, what is wrong). The first tells where the first edit is."""
    known = dict(known or {})
    expected, previous_hash, latest = after[0] + 1, after[1], ""
    for change in changes:
        seq = change["seq"]
        if seq > expected:
            yield expected, f"{expected} to {seq - 1} missing, or told later than {seq}"
        elif seq < expected:
            yield expected, f"where {expected} should stand, {seq} is told a second time or too late"
        if hash_of(change) != change["hash"]:
            yield seq, "altered: its fields do not have the fingerprint that it carries"
        if change["previous_hash"] != previous_hash:
            yield seq, "does not carry the fingerprint of the change told before it"
        # Instants are written alike, so that they compare as text.
        if change["at"] < latest:
            yield seq, "says that it was made before the change told before it"
        if known.pop(seq, change["hash"]) != change["hash"]:
            yield seq, "does not have the fingerprint that you noted: history was rewritten"
        expected, previous_hash, latest = max(expected, seq + 1), change["hash"], change["at"]
    for seq in sorted(known):
        if seq > after[0]:
            yield seq, "missing, although you noted its fingerprint"


def changes_of(source: str) -> Iterator[Change]:
    if source.startswith(("http://", "https://")):
        yield from changes_at(source)
    elif source == "-":
        yield from changes_in(sys.stdin, "standard input")
    else:
        try:
            with open(source, encoding="utf-8-sig") as file:
                yield from changes_in(file, source)
        except OSError as error:
            raise CannotRead(f"{source}: {error.strerror}") from error
        except UnicodeDecodeError as error:
            raise CannotRead(f"{source} is not written in UTF-8") from error


def changes_in(lines: Iterator[str], name: str) -> Iterator[Change]:
    """One change in each line; or one document, a page of the API or a list, over all lines."""
    first = next((line for line in lines if line.strip()), "")
    if not first:
        return
    try:
        head = json.loads(first)
        is_document = not (isinstance(head, dict) and "seq" in head)
    except (ValueError, RecursionError):
        head, is_document = None, True
    if is_document:
        try:
            document = json.loads(first + "".join(lines))
        except (ValueError, RecursionError) as error:
            raise CannotRead(f"{name} is neither JSON nor one change in each line: {error}") from error
        yield from rows_of(document, name)
        return
    yield checked(head, f"{name}, first change")
    for number, line in enumerate(lines, start=2):
        if line.strip():
            try:
                change = json.loads(line)
            except (ValueError, RecursionError) as error:
                raise CannotRead(f"{name}, line {number} is not JSON: {error}") from error
            yield checked(change, f"{name}, line {number}")


def changes_at(address: str) -> Iterator[Change]:
    parts = urllib.parse.urlsplit(address)
    query = dict(urllib.parse.parse_qsl(parts.query))
    query.setdefault("limit", str(PAGE))
    address = urllib.parse.urlunsplit(parts._replace(query=urllib.parse.urlencode(query)))
    while address:
        try:
            with urllib.request.urlopen(address, timeout=SECONDS) as answer:  # only http and https come here
                page = json.load(answer)
        except (OSError, ValueError) as error:
            raise CannotRead(f"{address} could not be read: {error}") from error
        yield from rows_of(page, address)
        following = page.get("next") if isinstance(page, dict) else None
        if following and not str(following).startswith(("http://", "https://")):
            raise CannotRead(f"{address} names a next page that is no address: {following}")
        address = following


def rows_of(document: Any, name: str) -> Iterator[Change]:
    rows = document.get("results") if isinstance(document, dict) else document
    if not isinstance(rows, list):
        raise CannotRead(f"{name} holds no list of changes")
    for number, row in enumerate(rows, start=1):
        yield checked(row, f"{name}, change {number}")


def checked(change: Any, where: str) -> Change:
    if not isinstance(change, dict) or not change.keys() >= FIELDS:
        raise CannotRead(f"{where} is no change: it must have {', '.join(sorted(FIELDS))}")
    if type(change["seq"]) is not int or not all(
        isinstance(change[name], str) for name in ("at", "previous_hash", "hash")
    ):
        raise CannotRead(f"{where} is no change: its number, instant or fingerprint is not one")
    return change


def noted(text: str) -> Noted:
    seq, _, digest = text.partition(":")
    digest = digest.strip().lower()
    if not (seq.isascii() and seq.isdigit()) or len(digest) != 64 or set(digest) - set("0123456789abcdef"):
        raise argparse.ArgumentTypeError("write the number of a change, a colon and its 64 hexadecimal characters")
    return int(seq), digest


def told(changes: Iterable[Change], counted: dict[str, Any]) -> Iterator[Change]:
    for change in changes:
        counted["changes"] += 1
        counted["last"] = change
        if counted["changes"] % 10_000 == 0 and sys.stderr.isatty():
            print(f"  {counted['changes']:,} changes", end="\r", file=sys.stderr)
        yield change


def main() -> int:
    summary, _, details = __doc__.partition("\n\n")
    parser = argparse.ArgumentParser(
        description=summary, epilog=details, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("sources", nargs="+", metavar="SOURCE", help="address, file, or - for standard input")
    parser.add_argument("--known", action="append", default=[], type=noted, metavar="SEQ:HASH")
    parser.add_argument("--after", default=(0, BEFORE_THE_FIRST), type=noted, metavar="SEQ:HASH")
    given = parser.parse_args()
    sources = [
        f"{source}{'&' if '?' in source else '?'}after={given.after[0]}"
        if given.after[0] and source.startswith(("http://", "https://"))
        else source
        for source in given.sources
    ]
    counted: dict[str, Any] = {"changes": 0, "last": None}
    faults = 0
    try:
        changes = told((change for source in sources for change in changes_of(source)), counted)
        for seq, what in faults_in(changes, known=dict(given.known), after=given.after):
            faults += 1
            print(f"change {seq}: {what}")
    except CannotRead as error:
        print(f"Not checked to the end. {error}", file=sys.stderr)
        return 2
    if faults:
        print(f"HISTORY WAS EDITED: {faults} faults in {counted['changes']:,} changes, the first of them above.")
        return 1
    if counted["last"] is None:
        print("There are no changes to check.")
        return 0
    last = counted["last"]
    print(f"{counted['changes']:,} changes, unbroken. Note for next time: {last['seq']}:{last['hash']}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
