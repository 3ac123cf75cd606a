"""Importing an existing list of 100,000 rows, from the file to the register: seconds of each step, and peak memory.

Each step runs in a process of its own, as in the worker, on a register that has LISTINGS listings already. The list is
made up with a fixed seed: 400 manufacturers, 20,000 products, some with distributors, ends and other names.
"""

import csv
import io
import os
import random
import subprocess
import sys
import threading
from datetime import date, timedelta
from pathlib import Path

from django.core.files.base import ContentFile
from django.db import connection

from benchmarks.database import database_of_its_own  # first: it sets Django up

from accounts.models import User  # isort: skip
from hcpcs.models import Code, Kind, Release  # isort: skip
from pcl.models import Listing, ListingChange, ListImport, ListImportProgress  # isort: skip
from pcl.services.list_imports import ask_for_list_import, confirm_list_import  # isort: skip

ROWS = int(os.environ.get("ROWS", "100000"))
LISTINGS = int(os.environ.get("LISTINGS", "0"))
MOST_MEGABYTES = 1024
MOST_SECONDS = 600
HEADER = ["HCPCS", "Manufacturer", "Product", "Model", "Begin", "End", "Distributor", "Group", "Aliases"]
WORDS = [
    "power",
    "ankle",
    "orthosis",
    "walker",
    "knee",
    "lift",
    "pump",
    "brace",
    "crane",
    "foot",
    "hand",
    "cuff",
    "gait",
]


def made_up(rows: int, *, seed: int) -> bytes:
    chance = random.Random(seed)
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(HEADER)
    for number in range(rows):
        product = number // 5
        maker = product % 400
        begin = date(2015, 1, 1) + timedelta(days=chance.randrange(3000))
        ended = number % 4 == 0
        writer.writerow(
            [
                f"K{1000 + product % 500}",
                f"{_word(maker)} {_word(maker * 7 + 3)} Works {seed}{maker:03}",
                f"{chance.choice(WORDS).title()} {_word(product)} {seed}{product}",
                f"{_word(product)[:2].upper()}-{seed}{number}",
                begin.isoformat(),
                (begin + timedelta(days=chance.randrange(2000))).isoformat() if ended else "",
                f"{_word(maker + 5)} Supply {seed}{maker % 50:02}" if product % 10 == 0 else "",
                f"Group {product % 12}",
                f"Old {_word(product)} {product}" if product % 3 == 0 else "",
            ]
        )
    return text.getvalue().encode()


def _word(number: int) -> str:
    letters = "bcdfghklmnprstvz"
    return "".join(
        letters[(number >> 4 * place) % 16] + "aeiou"[(number >> 3 * place) % 5] for place in range(3)
    ).title()


def prepare() -> User:
    release = Release.objects.create(year=2026, quarter=4, file_name="x.txt", sha256="0" * 64)
    said = {"kind": Kind.CODE, "added": date(2000, 1, 1), "first_release": release, "last_release": release}
    Code.objects.bulk_create(
        Code(code=f"K{number}", long_description="A thing", short_description="Thing", **said)
        for number in range(1000, 1500)
    )
    return User.objects.create(email="registrar@demo.example", name="Registrar")


def bring(content: bytes, by: User) -> ListImport:
    return ask_for_list_import(by=by, upload=ContentFile(content, name="list.csv"), source="Made up", reason="Measured")


def step(what: str, list_import: ListImport) -> tuple[float, float, str]:
    """Seconds, peak megabytes and the stages seen on the way, of a fresh process that does what the worker does."""
    script = (
        "import sys, time, resource, django; django.setup()\n"
        "from django.conf import settings; settings.DATABASES['default']['NAME'] = sys.argv[3]\n"
        "from pcl.services.run_list_import import import_confirmed_list, make_list_preview\n"
        "started = time.perf_counter()\n"
        "work = {'preview': make_list_preview, 'import': import_confirmed_list}[sys.argv[1]]\n"
        "work(list_import_id=int(sys.argv[2]))\n"
        "print(time.perf_counter() - started, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)"
    )
    seen: list[str] = []
    stop = threading.Event()

    def watch() -> None:
        while not stop.wait(1):
            row = ListImportProgress.objects.get(pk=list_import.pk)
            seen.append(f"{row.stage} {row.percent if row.percent is not None else '-'}")
        connection.close()

    watching = threading.Thread(target=watch)
    watching.start()
    try:
        told = subprocess.run(
            [sys.executable, "-c", script, what, str(list_import.pk), connection.settings_dict["NAME"]],
            cwd=Path(__file__).parent.parent, check=True, capture_output=True, text=True,
        ).stdout.split()  # fmt: skip
    finally:
        stop.set()
        watching.join()
    return float(told[0]), float(told[1]), f"{len(set(seen))} different notes of progress"


def measure(title: str, what: str, list_import: ListImport) -> tuple[float, float]:
    seconds, megabytes, notes = step(what, list_import)
    list_import.refresh_from_db()
    print(f"{title:<34} {seconds:>8.1f} {megabytes:>9.0f}   {list_import.state}; {notes}", flush=True)
    return seconds, megabytes


def main() -> int:
    with database_of_its_own():
        by = prepare()
        print(f"{'':<34} {'seconds':>8} {'peak MB':>9}")
        figures = []
        if LISTINGS:
            before = bring(made_up(LISTINGS, seed=7), by)
            step("preview", before)
            confirm_list_import(list_import=ListImport.objects.get(pk=before.pk), by=by)
            step("import", before)
            print(f"(the register has {Listing.objects.count():,} listings)")
        content = made_up(ROWS, seed=1)
        asked = bring(content, by)
        print(f"(the file has {ROWS:,} rows, {len(content) / 1e6:.1f} MB)")
        figures.append(measure("dry run", "preview", asked))
        print(f"    {asked.counts}")
        confirm_list_import(list_import=asked, by=by, without_bad_rows=True)
        figures.append(measure("import", "import", asked))
        again = bring(content, by)
        figures.append(measure("dry run of the same file again", "preview", again))
        made, there = asked.listing_count, again.counts.get("there")
        changes = ListingChange.objects.count()
        print(f"\n{made:,} listings made, {changes:,} changes; of the same file again {there:,} are there")
        for each in ListImport.objects.all():
            each.file.delete(save=False)
    kept = all(seconds <= MOST_SECONDS and megabytes <= MOST_MEGABYTES for seconds, megabytes in figures)
    print(f"{'kept' if kept else 'NOT kept'}: each step within {MOST_SECONDS} seconds and {MOST_MEGABYTES:,} MB")
    return 0 if kept and made == there else 1


if __name__ == "__main__":
    sys.exit(main())
