"""A batch check of 100,000 lines, held against one plain SQL join over COPY in and out (DESIGN, section 8: 3 times).

Both get the same lines as texts and give rows as texts. The plain join knows no rule: it copies the lines into a
table, joins them with the listings by equal code, manufacturer, product and model number on their day, and copies the
rows out. The check reads each line with care, reckons its keys, copies them in, and copies out answers, sentences and
citations. Measured in turn, round by round; a round's ratio is of its own two times, and the median round counts.

Beside it stand, against the same plain join: lines of which a third lack the model number or the product and a third
the manufacturer, so that one line fits several listings; and the whole way of a batch as the page goes it, with lines
and answers kept in tables that survive a crash.

REGISTER_ROWS listings (default 100,000) and CHECKED_LINES lines (default 100,000) with a fixed seed. One line of ten
names a model that is not listed.
"""

import csv
import io
import os
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta

from django.db import connection, transaction

from benchmarks.database import database_of_its_own
from pcl.models import CheckBatch
from pcl.models.check_batch import CheckState
from pcl.names import name_key
from pcl.queries.check.engine import answers_as_text
from pcl.queries.check.line import Line
from pcl.queries.check.many_lines import read_lines
from pcl.services.check_batches import answer_batch, keep_batch

KEEP = 3.0
ROUNDS = int(os.environ.get("ROUNDS", "5"))
LISTINGS = int(os.environ.get("REGISTER_ROWS", "100000"))
LINES = int(os.environ.get("CHECKED_LINES", "100000"))
CODES = 300
MAKERS = 2000
TYPES = (
    "Brace",
    "Knee Orthosis",
    "Walker",
    "Dressing",
    "Sock",
    "Wheelchair",
    "Cushion",
    "Pump",
    "Ankle Support",
    "Glove",
)
PLAIN, CHECK = "plain join", "check"

# A made-up register straight into the tables, without the services' change for each listing: what is measured reads
# only these. (The database would refuse it at commit; its triggers are off for the moment.)
FILL = f"""
SET session_replication_role = replica;
INSERT INTO hcpcs_release (id, year, quarter, revision, file_name, file_format, sha256, is_complete, source,
        imported_at, code_count, modifier_count)
    VALUES (1, 2026, 4, 1, 'made up', 'text', repeat('0', 64), true, '', now(), 0, 0);
INSERT INTO hcpcs_code (id, kind, code, added, terminated, first_release_id, last_release_id, {{blank_names}})
    SELECT n, 'code', 'L' || lpad(n::text, 4, '0'), '2000-01-01', CASE WHEN n % 10 = 0 THEN date '2024-06-30' END, 1, 1,
        {{blank_values}}
    FROM generate_series(1, {CODES}) n;
INSERT INTO pcl_requirement (code_id, product_group, in_force, policy_article, lcd, exception_text, fallback_code,
        source, version, changed_at)
    SELECT n, 'some-group', daterange(CASE WHEN n % 4 = 0 THEN date '2024-01-01' END, NULL), '', '', '', 'A9270',
        'made up', 1, now()
    FROM generate_series(1, {CODES}) n WHERE n % 2 = 0;
INSERT INTO pcl_product (id, name, manufacturer_id, distributor_id, classification, fda_submission_numbers,
        fda_listing_numbers, created_at)
    SELECT n, {{product}}, n % {MAKERS} + 1, CASE WHEN n % 5 = 0 THEN (n * 7) % {MAKERS} + 1 END, 'Orthoses',
        '{{{{}}}}', '{{{{}}}}', now()
    FROM generate_series(1, {LISTINGS} / 4 + 1) n;
INSERT INTO pcl_productmodel (id, product_id, model_number, normalized, udi_di)
    SELECT n, n / 4 + 1, 'M-' || n, 'M' || n, '' FROM generate_series(1, {LISTINGS}) n;
INSERT INTO pcl_listing (id, model_id, code_id, effective, origin, comment, version)
    SELECT n, n, (n / 4) % {CODES} + 1,
        daterange(date '2020-01-01' + n % 1500, CASE WHEN n % 7 = 0 THEN date '2025-06-01' END), 'imported', '', 1
    FROM generate_series(1, {LISTINGS}) n;
INSERT INTO pcl_registerentry (listing_id, code_meaning_id, manufacturer_organization_id, distributor_organization_id,
        code, manufacturer, distributor, product, model_number, model_normalized, classification, effective, in_force,
        origin, comment, published_at, changed_at, search)
    SELECT l.id, l.code_id, p.manufacturer_id, p.distributor_id, c.code, maker.name, coalesce(seller.name, ''), p.name,
        m.model_number, m.normalized, p.classification, l.effective,
        l.effective * daterange(c.added, c.terminated, '[]'), l.origin, '', now(), now(), ''
    FROM pcl_listing l JOIN pcl_productmodel m ON m.id = l.model_id JOIN pcl_product p ON p.id = m.product_id
    JOIN hcpcs_code c ON c.id = l.code_id JOIN pcl_organization maker ON maker.id = p.manufacturer_id
    LEFT JOIN pcl_organization seller ON seller.id = p.distributor_id;
SET session_replication_role = origin;
"""
PLAIN_TABLE = """
    CREATE TEMP TABLE plain (number int, code text, day date, manufacturer text, product text, model_number text)
    ON COMMIT DROP
"""
PLAIN_JOIN = """
    COPY (
        SELECT plain.number, plain.code, plain.day, entry.listing_id, entry.code, entry.manufacturer, entry.product,
            entry.model_number, entry.effective
        FROM plain LEFT JOIN pcl_registerentry AS entry
            ON entry.code = plain.code AND entry.manufacturer = plain.manufacturer AND entry.product = plain.product
            AND entry.model_number = plain.model_number AND entry.effective @> plain.day
    ) TO STDOUT
"""


def maker(number: int) -> str:
    return f"Maker {number} Medical"


def product(number: int) -> str:
    return f"{TYPES[number % len(TYPES)]} {number}"


def fill() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = 'hcpcs_code'"
            " AND is_nullable = 'NO' AND is_generated = 'NEVER' AND column_name NOT IN"
            " ('id', 'kind', 'code', 'first_release_id', 'last_release_id')"
        )
        needed = cursor.fetchall()
        words = "ARRAY[" + ",".join(f"'{each}'" for each in TYPES) + "]"
        text = FILL.format(
            blank_names=", ".join(name for name, _ in needed),
            blank_values=", ".join("'{}'" if kind == "ARRAY" else "''" for _, kind in needed),
            product=f"({words})[n % {len(TYPES)} + 1] || ' ' || n",
        ).replace("{{}}", "{}")
        cursor.execute("SET session_replication_role = replica")
        with cursor.copy("COPY pcl_organization (id, slug, name, name_key, created_at) FROM STDIN") as copy:
            for number in range(1, MAKERS + 1):
                name = maker(number)
                copy.write_row((number, f"maker-{number}", name, name_key(name), "2024-01-01"))
        cursor.execute(text)
        cursor.execute("ANALYZE")


def made_lines(*, complete: bool) -> list[dict[str, str]]:
    chosen = random.Random(20240601)
    lines = []
    for _ in range(LINES):
        listing = chosen.randint(1, LISTINGS)
        its_product = listing // 4 + 1
        by_name, by_number = chosen.choice([(True, True), (True, True), (True, False), (False, True)])
        named = complete or chosen.random() < 0.7
        day = date(2023, 1, 1) + timedelta(days=chosen.randrange(900))
        number = f"M-{listing}" if chosen.random() < 0.9 else f"Z-{listing}"
        lines.append(
            {
                "code": f"L{(listing // 4) % CODES + 1:04}",
                "date_of_service": day.isoformat(),
                "manufacturer": maker(its_product % MAKERS + 1) if named else "",
                "product": product(its_product) if by_name or complete else "",
                "model_number": number if by_number or complete else "",
            }
        )
    return lines


def plain_join(lines: list[dict[str, str]]) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(PLAIN_TABLE)
        with cursor.copy("COPY plain FROM STDIN") as copy:
            copy.write(
                "".join(
                    f"{number}\t{line['code']}\t{line['date_of_service']}\t{line['manufacturer']}\t{line['product']}"
                    f"\t{line['model_number']}\n"
                    for number, line in enumerate(lines)
                )
            )
        cursor.execute("ANALYZE plain")
        written = 0
        with cursor.copy(PLAIN_JOIN) as copy:
            for piece in copy:
                written += len(piece)
    return written


def check(lines: list[dict[str, str]]) -> int:
    return sum(len(piece) for piece in answers_as_text(readable(lines)))


def readable(lines: list[dict[str, str]]) -> Iterator[Line]:
    return (line for line in read_lines(lines) if isinstance(line, Line))


def whole_batch(lines: list[dict[str, str]]) -> int:
    batch = keep_batch(rows=enumerate(lines, start=2), columns={})
    CheckBatch.objects.filter(pk=batch.pk).update(state=CheckState.AT_WORK)
    answer_batch(batch_id=batch.pk)
    count = batch.answers.count()
    batch.delete()
    return count


def seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def told(lines: list[dict[str, str]]) -> str:
    """How the lines are answered, so that the figure is not one of empty answers."""
    counts: dict[str, int] = {}
    for row in answered(lines):
        counts[row[1]] = counts.get(row[1], 0) + 1
    return ", ".join(f"{count:,} {answer}" for answer, count in sorted(counts.items(), key=lambda item: -item[1]))


def answered(lines: list[dict[str, str]]) -> Iterator[list[str]]:
    whole = b"".join(answers_as_text(readable(lines))).decode()
    return csv.reader(io.StringIO(whole), delimiter="\t", quoting=csv.QUOTE_NONE)


def main() -> int:
    times: dict[str, list[float]] = {}
    with database_of_its_own():
        fill()
        complete, partial = made_lines(complete=True), made_lines(complete=False)
        print(f"{LISTINGS:,} listings, {LINES:,} lines, {ROUNDS} rounds")
        print(f"complete lines: {told(complete)}\npartial lines: {told(partial)}\n")
        works: dict[str, Callable[[], object]] = {
            PLAIN: lambda: plain_join(complete),
            CHECK: lambda: check(complete),
            "check, partial lines": lambda: check(partial),
            "whole batch": lambda: whole_batch(complete),
        }
        for number in range(ROUNDS + 1):
            for name, work in works.items():
                took = seconds(work)
                # The first round warms what there is to warm and does not count.
                if number:
                    times.setdefault(name, []).append(took)
    ratios = {}
    for name, taken in times.items():
        each = [mine / plain for mine, plain in zip(taken, times[PLAIN], strict=True)]
        ratios[name] = statistics.median(each)
        print(
            f"{name:<24} {statistics.median(taken):>6.2f} s {ratios[name]:>6.2f} times"
            f"   {min(each):.2f} to {max(each):.2f}"
        )
    kept = ratios[CHECK] <= KEEP
    print(f"\n{'kept' if kept else 'NOT kept'}: {ratios[CHECK]:.2f}, {KEEP:.0f} asked for")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
