"""Enter a list of codes that require verification: manage.py import_requirements list.csv --snapshot-date …."""

from argparse import ArgumentParser
from collections.abc import Iterator, Sized
from datetime import date
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from pcl.errors import RegisterError
from pcl.queries.parameters import day_from
from pcl.queries.requirement_import import ImportPlan, plan_import
from pcl.queries.requirement_list import decode_list, read_list
from pcl.services.import_requirements import LONGEST_SOURCE, import_requirements, refuse_bad_list_day

MOST_BYTES = 64 * 1024 * 1024


class Command(BaseCommand):
    help = (
        "Enter the codes of a CSV file with the columns HCPCS and LCD as codes that require coding verification "
        "review. The list names no first date of service; its source and its day are kept. A code that has one keeps "
        "it. Entering the same list again changes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--snapshot-date", required=True, help="the day on which the list said so, as 2025-05-01")
        parser.add_argument("--source", required=True, help="what list it is, as it is shown to everybody")
        parser.add_argument("--dry-run", action="store_true", help="report what would be entered, and enter nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        source = options["source"].strip()
        try:
            snapshot_date = day_from(options["snapshot_date"])
        except ValidationError as error:
            raise CommandError(f"--snapshot-date: {error.messages[0]}") from error
        if not 0 < len(source) <= LONGEST_SOURCE:
            raise CommandError(f"--source must have 1 to {LONGEST_SOURCE} characters.")
        try:
            if path.stat().st_size > MOST_BYTES:
                raise CommandError(f"{path} is larger than {MOST_BYTES // 1024 // 1024} MB, so it is no list of codes.")
            text = decode_list(path.read_bytes())
            if options["dry_run"]:
                refuse_bad_list_day(snapshot_date)
                plan = plan_import(read_list(text), snapshot_date=snapshot_date)
            else:
                plan = import_requirements(text=text, source=source, snapshot_date=snapshot_date)
        except (OSError, RegisterError) as error:
            raise CommandError(f"{path} was not entered. {error}") from error
        for line in report_lines(plan, snapshot_date=snapshot_date, dry_run=options["dry_run"]):
            self.stdout.write(line)


def report_lines(plan: ImportPlan, *, snapshot_date: date, dry_run: bool = False) -> Iterator[str]:
    """What was done, or with `dry_run` would be; lines that cannot be used one by one."""
    yield f"{_many(plan.to_add, 'code')} added, known from the list of {snapshot_date}, with no known begin"
    if plan.earlier:
        yield f"{_many(plan.earlier, 'code')} dated back to this list"
    yield f"{_many(plan.there, 'code')} there already from a list"
    kept = _names([each.listed.code for each in plan.dated])
    yield f"{_many(plan.dated, 'code')} with dates of their own, kept as they are{kept}"
    if plan.bad:
        yield f"{_many(plan.bad, 'line')} that cannot be used:"
        yield from (f"  line {bad.line}: {bad.said}: {bad.why}" for bad in plan.bad)
    if plan.missing:
        yield f"{_many(plan.missing, 'code')} in force on {snapshot_date} that are not on the list; they stay:"
        yield f"  {', '.join(requirement.code.code for requirement in plan.missing)}"
    if dry_run:
        yield "Dry run: nothing was written."


def _many(things: Sized, what: str) -> str:
    return f"{len(things):,} {what}{'s' if len(things) != 1 else ''}"


def _names(codes: list[str]) -> str:
    return f": {', '.join(codes)}" if codes else ""
