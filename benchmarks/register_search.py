"""Searching a million listings: our API and page beside Datasette's, and beside bare WSGI (DESIGN, section 8).

All answer the same mixed questions (words, beginnings of words, two words, a code with a word, words that an eighth of
the register has, rare ones, beginnings of model numbers, nothing found), of all listings whenever in force, a hundred
rows at most, over kept-alive connections, in turn, round by round. Three kinds of load: the mixed questions over and
over, as dashboards and autocompletion send them ("again"); the same in a writing of their own each time, which no kept
answer helps ("mixed"; the others keep nothing, so that theirs is the same load); and questions of two and three words
that were never asked before ("new").
Datasette has the same rows with the same words in SQLite's FTS5, its limit of time raised so
that it may finish, and is asked as it answers by default. It sorts by row number, we by code and name.
The bare function sends exactly the SQL of our API and dumps what comes back: no parsing, no links, no cursor.
"""

import json
import os
import random
import sqlite3
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import quote

import django
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

django.setup()

from benchmarks.code_search import ROOT, Load, asked, datasette, free_port, gunicorn, served  # noqa: E402
from benchmarks.made_up_register import FIRST, GROUPS, SECOND, STYLES  # noqa: E402
from benchmarks.register_rows import ROWS, register_of  # noqa: E402
from pcl.models import RegisterEntry  # noqa: E402

SMALL = min(10_000, ROWS)
ROUNDS = int(os.environ.get("ROUNDS", "3"))
SECONDS = float(os.environ.get("SECONDS", "4"))
NEW_IN_A_ROUND = int(os.environ.get("NEW_QUESTIONS", "60"))
TARGETS = {
    "list API : Datasette's JSON": 50.0,
    "search page : Datasette's page": 25.0,
    "list API : bare WSGI": 0.5,
}
GROWTH = 1.5
KINDS = ("again", "mixed", "new")
TIMES_IN_A_ROUND = 6
KEEPS_ANSWERS = ("register", "small")
AGAIN = (
    *("orthosis", "wheelchair", "compression", "ossur", "exoskeleton", "parker", "scooter", "nutrition"),
    *("orth", "wheel", "exo", "K08", "L06", "E26", "flex", "omni"),
    *("knee orthosis", "power wheelchair", "parker medical", "lumbar apex", "argo exoskeleton", "low air loss"),
    *("L1832 hinged", "K1007 carbon", "E2607 vario", "A6021 dressing"),
    *("msp4", "aco8", "zzgarble", "wheelchair nowhere"),
)


def new_questions(number: int) -> Iterator[str]:
    """Questions that nobody has asked, in the same mix; each round has its own."""
    chance = random.Random(number)
    nouns = sorted({word for _, _, names, _ in GROUPS for name in names for word in name.split()})
    codes = [code for _, _, _, several in GROUPS for code in several.split()]

    def beginning(word: str) -> str:
        return word[: chance.randrange(3, max(4, len(word)))]

    while True:
        first, second, style, noun = (chance.choice(each) for each in (FIRST, SECOND, STYLES, nouns))
        yield from (
            f"{style}{chance.choice(STYLES)}",
            f"{first} {beginning(second)}",
            f"{first} {noun}",
            f"{style} {noun} {chance.choice(STYLES)}",
            f"{chance.choice(codes)} {style}",
            f"{beginning(first)} {beginning(noun)}",
            f"{chance.choice(nouns)} {beginning(style)}",
            f"{style[0]}{noun[0]}{chance.randrange(10, 999)}",
            f"{noun} nothing{chance.randrange(1000)}",
        )


def ours(question: str) -> str:
    return f"/api/v1/listings/?status=all&q={quote(question.lower())}"


def our_page(question: str) -> str:
    return f"/?q={quote(question.lower())}&status=all"


def begun(question: str) -> str:
    return quote(" ".join(f"{word}*" for word in question.lower().split()))


def theirs(question: str) -> str:
    return f"/listings/listings.json?_search={begun(question)}&_searchmode=raw&_size=100&_shape=objects"


def their_page(question: str) -> str:
    return f"/listings/listings?_search={begun(question)}&_searchmode=raw&_size=50"


SYSTEMS: dict[str, tuple[str, Callable[[str], str]]] = {
    "list API": ("register", ours),
    "Datasette's JSON": ("datasette", theirs),
    "bare WSGI": ("bare", ours),
    "search page": ("register", our_page),
    "Datasette's page": ("datasette", their_page),
    "list API, small": ("small", ours),
}
COLUMNS = {
    "id": "listing_id",
    "code": "code",
    "code_description": "code_meaning__long_description",
    "manufacturer": "manufacturer",
    "distributor": "distributor",
    "product": "product",
    "model_number": "model_number",
    "classification": "classification",
    "effective_from": "effective__startswith",
    "effective_to": "effective__endswith",
    "origin": "origin",
    "comment": "comment",
    "published_at": "published_at",
}
METADATA = {"databases": {"listings": {"tables": {"listings": {"fts_table": "words", "fts_pk": "id"}}}}}


def same_rows(path: Path) -> None:
    """All listings in SQLite, with the words that our search knows of them."""
    names = [name for name in COLUMNS if name != "id"]
    shown = RegisterEntry.objects.order_by("listing_id").values_list("search", *COLUMNS.values())
    with sqlite3.connect(path) as database:
        database.execute(f"CREATE TABLE listings (id INTEGER PRIMARY KEY, {', '.join(names)})")
        database.execute("CREATE VIRTUAL TABLE words USING FTS5 (word, content='', tokenize='unicode61')")
        for some in batched(shown.iterator(chunk_size=20_000), 20_000):
            database.executemany(
                f"INSERT INTO listings VALUES ({', '.join('?' * len(COLUMNS))})",
                ([value if isinstance(value, int) else str(value or "") for value in row[1:]] for row in some),
            )
            database.executemany(
                "INSERT INTO words (rowid, word) VALUES (?, ?)",
                ((row[1], " ".join(part.split("'")[1] for part in row[0].split())) for row in some),
            )
        database.execute("INSERT INTO words (words) VALUES ('optimize')")
        database.execute("ANALYZE")


def batched(rows: Iterator[Any], size: int) -> Iterator[list[Any]]:
    while some := list(islice(rows, size)):
        yield some


def statements_of(questions: list[str]) -> dict[str, list[str]]:
    """The SQL that our API sends for each, as it is sent."""
    client, found = Client(), {}
    for question in questions:
        with CaptureQueriesContext(connection) as queries:
            client.get(ours(question), headers={"host": "127.0.0.1"})
        found[ours(question)] = [each["sql"] for each in queries.captured_queries]
    return found


@contextmanager
def all_served(folder: Path) -> Iterator[dict[str, int]]:
    """Every system on a port of its own."""
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": settings.SETTINGS_MODULE, "PYTHONPATH": str(ROOT)}
    ports = {name: free_port() for name in ("register", "small", "bare", "datasette")}
    everything = [*AGAIN, *(each for number in range(ROUNDS + 1) for each in some_new(number))]
    with ExitStack() as stack:
        for name, rows in (("small", SMALL), ("register", ROWS)):
            with register_of(rows) as address:
                environment = {**environment, "DATABASE_URL": address}
                command = gunicorn(ports[name])
                stack.enter_context(served(command, ports[name], "/api/v1/listings/?limit=1", environment))
                if name == "register":
                    (folder / "sql.json").write_text(json.dumps(statements_of(everything)))
                    kept = folder.parent / f"listings-{rows}.db"
                    if not kept.exists():
                        print("(copying the same rows to SQLite)", file=sys.stderr)
                        same_rows(folder / "listings.db")
                        (folder / "listings.db").rename(kept)
                    (folder / "listings.db").symlink_to(kept)
        (folder / "metadata.json").write_text(json.dumps(METADATA))
        bare = {**environment, "BARE_SQL": str(folder / "sql.json")}
        stack.enter_context(served(gunicorn(ports["bare"], "benchmarks.bare_wsgi"), ports["bare"], "/", bare))
        serve = [
            *(str(datasette()), "serve", "-i", str(folder / "listings.db"), "--port", str(ports["datasette"])),
            *("--setting", "sql_time_limit_ms", "60000", "--metadata", str(folder / "metadata.json")),
        ]
        stack.enter_context(served(serve, ports["datasette"], "/-/versions.json", environment))
        yield ports


def some_new(number: int) -> list[str]:
    found: dict[str, None] = {}
    questions = new_questions(number)
    while len(found) < NEW_IN_A_ROUND:
        found[next(questions)] = None
    return list(found)


def measured(ports: dict[str, int]) -> dict[tuple[str, str], list[Load]]:
    loads: dict[tuple[str, str], list[Load]] = {}
    for number in range(ROUNDS + 1):
        for name, (server, address) in SYSTEMS.items():
            again = [address(question) for question in AGAIN]
            new = [address(question) for question in some_new(number)]
            kinds: dict[str, tuple[list[str], float | None]] = {"again": (again, SECONDS), "new": (new, None)}
            if server in KEEPS_ANSWERS:
                kinds["mixed"] = [address(question) for question in written_anew(number)], None
            for kind, (paths, seconds) in kinds.items():
                load = asked(ports[server], paths, seconds=seconds)
                # The first round warms what there is to warm and does not count.
                if number:
                    loads.setdefault((kind, name), []).append(load)
                    if kind == "again" and server not in KEEPS_ANSWERS:
                        loads.setdefault(("mixed", name), []).append(load)
    return loads


def written_anew(number: int) -> list[str]:
    """The mixed questions with blanks behind them, which mean nothing; no other round has as many."""
    blanks = range(number * TIMES_IN_A_ROUND + 1, (number + 1) * TIMES_IN_A_ROUND + 1)
    return [f"{question}{' ' * several}" for several in blanks for question in AGAIN]


def told(loads: dict[tuple[str, str], list[Load]]) -> int:
    print(f"{ROWS:,} listings; 4 connections, one process each; median of {ROUNDS} rounds\n")
    print(f"{'':<22} {'questions':<10} {'per second':>10} {'p50 ms':>8} {'p95 ms':>8}")
    for (kind, name), found in sorted(loads.items()):
        numbers = zip(*((each.per_second, each.p50, each.p95) for each in found), strict=True)
        per_second, p50, p95 = (statistics.median(each) for each in numbers)
        print(f"{name:<22} {kind:<10} {per_second:>10.1f} {p50:>8.1f} {p95:>8.1f}")
    print()
    kept = True
    for words, target in TARGETS.items():
        own, peer = words.split(" : ")
        for kind in KINDS:
            ratio = _ratio(loads[kind, own], loads[kind, peer], "per_second")
            kept = kept and ratio >= target
            print(f"{words:<32} {kind:<6} {ratio:>8.2f} times; at least {target} {_word(ok=ratio >= target)}")
    for kind in KINDS:
        ratio = _ratio(loads[kind, "list API"], loads[kind, "list API, small"], "p50")
        kept = kept and ratio <= GROWTH
        print(
            f"{f'median : at {SMALL:,} listings':<32} {kind:<6} {ratio:>8.2f} times; at most {GROWTH} "
            f"{_word(ok=ratio <= GROWTH)}"
        )
    return 0 if kept else 1


def _word(*, ok: bool) -> str:
    return "kept" if ok else "NOT kept"


def _ratio(own: list[Load], peer: list[Load], what: str) -> float:
    """Round by round, because a shared machine changes its pace."""
    return statistics.median(getattr(a, what) / getattr(b, what) for a, b in zip(own, peer, strict=True))


def main() -> int:
    base = Path(os.environ.get("PCL_VAR") or ROOT / "var").absolute() / "benchmark"
    base.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=base) as name, all_served(Path(name)) as ports:
        loads = measured(ports)
    return told(loads)


if __name__ == "__main__":
    sys.exit(main())
