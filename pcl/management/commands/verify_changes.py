"""Check that nobody rewrote history: manage.py verify_changes."""

import sys
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction
from tqdm import tqdm

from pcl.queries.chain_check import Fault, KnownHash, faults_in, listings_unlike_their_changes, stored_changes
from pcl.queries.change_feed import last_change

_SHOWN = 20


def known_hash(text: str) -> KnownHash:
    seq, _, digest = text.partition(":")
    digest = digest.strip().lower()
    if not seq.isascii() or not seq.isdigit() or len(digest) != 64 or set(digest) - set("0123456789abcdef"):
        raise ArgumentTypeError("write the number of a change and its fingerprint, such as 120:4b8f… (64 characters)")
    return KnownHash(int(seq), digest)


class Command(BaseCommand):
    help = (
        "Recalculate the chain of changes and compare each listing with its newest change. "
        "Ends with 1 when something was edited, put in, removed or moved, and says where. Changes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--known",
            action="append",
            default=[],
            type=known_hash,
            metavar="SEQ:HASH",
            help="a fingerprint noted earlier, such as one from a backup or a mail; may be given several times",
        )
        parser.add_argument("--all", action="store_true", help=f"list every fault, not only the first {_SHOWN}")

    def handle(self, *args: Any, **options: Any) -> None:
        # Within a transaction rows stream; outside of one the server would copy them all first.
        with transaction.atomic():
            newest = last_change()
            count = 0
            for fault in self._faults(newest.seq if newest else 0, options["known"]):
                count += 1
                if options["all"] or count <= _SHOWN:
                    self.stdout.write(f"Change {fault.seq}: {fault.what}")
        if count > _SHOWN and not options["all"]:
            self.stdout.write(f"and {count - _SHOWN:,} more (--all lists them)")
        if count:
            self.stderr.write("The register does not agree with its history.")
            sys.exit(1)
        self.stdout.write(
            f"{newest.seq:,} changes, unbroken; every listing is what its newest change says. "
            f"Note for next time: {newest.seq}:{newest.hash}"
            if newest
            else "There are no changes yet."
        )

    def _faults(self, total: int, known: list[KnownHash]) -> Iterator[Fault]:
        # disable=None: silent where standard error is not a terminal.
        with tqdm(stored_changes(), total=total, unit=" changes", disable=None, leave=False, file=sys.stderr) as rows:
            yield from faults_in(rows, known=known)
        yield from listings_unlike_their_changes()
