"""Importing CMS's file of October 2025, held against reading and parsing it alone (DESIGN, section 8: at most 5 times).

Both are measured in turn, round by round, because a shared machine changes its pace; a round's ratio is of its own two
times, and the median round counts. The file is a work of the US government that the repository does not hold: it is
taken from RELEASE_FILES (default: ../shared/data/hcpcs), and without it a file of the same size and make is made up.
"""

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings

from benchmarks.database import database_of_its_own
from hcpcs.models import Code, Release, ReleaseRecord
from hcpcs.parsing.file import parse_release_file, read_release_file
from hcpcs.services.import_release import import_release

KEEP = 5.0
FEWER_QUERIES = 15
ROUNDS = int(os.environ.get("ROUNDS", "9"))
MANY = int(os.environ.get("RELEASES", "40"))
FILES = Path(os.environ.get("RELEASE_FILES") or Path(__file__).resolve().parents[2] / "shared" / "data" / "hcpcs")
TEXT_2025 = "HCPC2025_OCT_ANWEB_v3_reconstructed.txt"
BEFORE = ("HCPC2019_CONTR_ANWEB.txt", "HCPC2023_JAN_ANWEB_v3.xlsx")
QUARTERS = ("JAN", "APR", "JUL", "OCT")


def seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def clear() -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE hcpcs_release, hcpcs_releaserecord, hcpcs_code CASCADE")


def take_out(release: Release) -> None:
    """The newest release, as if it had never been loaded."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM hcpcs_releaserecord WHERE release_id = %s", [release.pk])
        cursor.execute("DELETE FROM hcpcs_code WHERE first_release_id = %s", [release.pk])
        cursor.execute(
            "UPDATE hcpcs_code SET last_release_id = (SELECT id FROM hcpcs_release WHERE id <> %s"
            " ORDER BY year DESC, coalesce(quarter, 1) DESC LIMIT 1) WHERE last_release_id = %s",
            [release.pk, release.pk],
        )
        cursor.execute("DELETE FROM hcpcs_release WHERE id = %s", [release.pk])


def measure(title: str, path: Path, prepare: Callable[[], None]) -> float:
    """Prints a line; the median ratio. The first round warms caches and does not count."""
    alone, imported, ratios = [], [], []
    for number in range(ROUNDS + 1):
        prepare()
        by_itself = seconds(lambda: parse_release_file(read_release_file(path)))
        whole = seconds(lambda: import_release(path=path))
        if number:
            alone.append(by_itself)
            imported.append(whole)
            ratios.append(whole / by_itself)
    times = [statistics.median(alone) * 1000, statistics.median(imported) * 1000]
    print(
        f"{title:<46} {times[0]:>9.0f} {times[1]:>9.0f} {statistics.median(ratios):>7.2f}"
        f"   {min(ratios):.2f} to {max(ratios):.2f}"
    )
    return statistics.median(ratios)


def variants(path: Path, folder: Path) -> Iterator[Path]:
    """Quarterly releases before `path`: each without what was added later, and with some 50 re-described."""
    lines = path.read_bytes().split(b"\r\n")
    year, quarter = 2025, 3
    for number in range(1, MANY):
        quarter -= 1
        if quarter < 0:
            year, quarter = year - 1, 3
        begins = f"{year}{3 * quarter + 1:02}01".encode()
        kept, there = [], False
        for index, original in enumerate(lines):
            line = original
            if line[10:11] in b"37":
                there = line[268:276] <= begins
                if there and (index + number) % 200 == 0:
                    line = line[:12] + bytes([97 + number % 26]) + line[13:]
                if there and line[284:292].strip() and line[284:292] > begins:
                    line = line[:284] + b" " * 8 + line[292:]
            if there:
                kept.append(line)
        made = folder / f"HCPC{year}_{QUARTERS[quarter]}_ANWEB.txt"
        made.write_bytes(b"\r\n".join([*kept, b""]))
        yield made


def made_up(folder: Path) -> Path:
    """A file of the size and make of October 2025's, where CMS's is not at hand."""
    words = ["power", "wheelchair", "accessory", "replacement", "each", "adjustable", "custom", "with", "any", "type"]
    lines = []
    for number in range(8846):
        code = f"{'AEGJKLQ'[number % 7]}{number // 7:04}"
        text = " ".join(words[(number * step) % len(words)] for step in range(3, 3 + 12 + number % 20))
        added = (date(1990, 1, 1) + timedelta(days=number)).strftime("%Y%m%d")
        pieces = [text[start : start + 79] for start in range(0, len(text), 79)]
        first = f"{code}001003{pieces[0]:<80}{text[:27]:<28}36      A".ljust(229) + "C"
        lines.append(f"{first.ljust(256)}D1E P      0{added}{added}        N".ljust(320))
        lines += [f"{code}{100 * index:05}4{piece:<80}".ljust(320) for index, piece in enumerate(pieces[1:], 2)]
    path = folder / "HCPC2025_OCT_ANWEB_v3.txt"
    path.write_text("\r\n".join([*lines, ""]), newline="")
    return path


def main() -> int:
    with tempfile.TemporaryDirectory() as name, database_of_its_own():
        folder = Path(name)
        path = FILES / TEXT_2025
        if not path.exists():
            print(f"(CMS's file is not in {FILES}: one of its size and make is made up)")
            path = made_up(folder)
        parsed = parse_release_file(read_release_file(path))[1]
        print(f"{path.name}: {len(parsed.records):,} records, {path.stat().st_size / 1e6:.1f} MB; {ROUNDS} rounds\n")
        print(f"{'median of the rounds':<46} {'parse ms':>9} {'import ms':>9} {'ratio':>7}   ratios seen")
        ratios = [measure("into an empty catalogue", path, clear)]
        clear()
        older = [FILES / earlier for earlier in BEFORE if (FILES / earlier).exists()]
        if older:
            for earlier in older:
                import_release(path=earlier)
            ratios.append(measure("after 2019 and January 2023", path, lambda: take_out_newest(len(older))))
            clear()
        import_release(path=path)
        for made in variants(path, folder):
            import_release(path=made)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        ratios.append(measure(f"as the {MANY}th release, the newest", path, lambda: take_out_newest(MANY - 1)))
        print(f"\n{MANY} releases: {ReleaseRecord.objects.count():,} records, {Code.objects.count():,} codes")
        queries = pages_of_codes()
    worst = max(ratios)
    print(f"\nkept: {worst:.2f} <= {KEEP}" if worst <= KEEP else f"\nNOT kept: {worst:.2f} > {KEEP}")
    print(f"{'kept' if queries < FEWER_QUERIES else 'NOT kept'}: {queries} < {FEWER_QUERIES} queries for a code's page")
    return 0 if worst <= KEEP and queries < FEWER_QUERIES else 1


def pages_of_codes() -> int:
    """The most queries that a page of a code, or of its history, costs; prints each."""
    client = Client(headers={"host": "localhost"})
    most = 0
    # Without a collected style sheet, which is none of a page's queries.
    plain = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    with override_settings(STORAGES={**settings.STORAGES, **plain}):
        for path in ("/codes/E0601/", "/codes/E0601/?on=2020-06-01", "/codes/K1007/", "/codes/E0601/history/"):
            client.get(path)
            with CaptureQueriesContext(connection) as queries:
                taken = seconds(lambda path=path: client.get(path))  # type: ignore[misc]
            print(f"{path:<46} {len(queries):>3} queries {taken * 1000:>6.0f} ms")
            most = max(most, len(queries))
    return most


def take_out_newest(leave: int) -> None:
    releases = sorted(Release.objects.all(), key=lambda release: release.age_key)
    if len(releases) > leave:
        take_out(releases[-1])


if __name__ == "__main__":
    sys.exit(main())
