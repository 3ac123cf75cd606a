"""Load DMEPOS fee schedules: manage.py import_fees DMEPOS25_APR.csv."""

import sys
from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from hcpcs.parsing.fee_file import FeeFileError
from hcpcs.services.import_fees import FeeImportReport, import_fees

_SHOWN = 10


class Command(BaseCommand):
    help = (
        "Load one or more DMEPOS fee schedules as CMS publishes them: the CSV file, the workbook of the same columns, "
        "or the archive with either. Each file is loaded entirely or not at all; their order does not matter."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--year", type=int, help="where neither the title nor the file name says it, or wrongly")
        parser.add_argument("--quarter", type=int, choices=[1, 2, 3, 4], help="goes with --year")
        parser.add_argument("--revision", type=int, help="a higher one stands beside the earlier and counts instead")
        parser.add_argument("--source", default="", help="where the file was obtained, kept with the schedule")
        parser.add_argument(
            "--allow-removals", action="store_true", help="replace a quarter although many of its rows are missing"
        )
        parser.add_argument("--dry-run", action="store_true", help="report what would change, and change nothing")
        parser.add_argument("--verbose-report", action="store_true", help="list every row and skipped line")

    def handle(self, *args: Any, **options: Any) -> None:
        files: list[Path] = options["files"]
        if len(files) > 1 and any(options[name] is not None for name in ("year", "quarter", "revision")):
            raise CommandError("--year, --quarter and --revision go with one file at a time.")
        if options["revision"] is not None and not 1 <= options["revision"] <= 999:
            raise CommandError("--revision is a number from 1 to 999.")
        for path in files:
            try:
                report = self._import(path, options)
            except FeeFileError as error:
                raise CommandError(f"{path} was not loaded. {error}") from error
            for line in report_lines(report, dry_run=options["dry_run"], everything=options["verbose_report"]):
                self.stdout.write(line)

    def _import(self, path: Path, options: dict[str, Any]) -> FeeImportReport:
        # disable=None: silent where standard error is not a terminal.
        with tqdm(desc=path.name, unit=" lines", disable=None, leave=False, file=sys.stderr) as bar:

            def show(done: int, total: int) -> None:
                bar.total = total
                bar.update(done - bar.n)
                if done == total:
                    bar.set_postfix_str("writing")

            given = {name: options[name] for name in ("year", "quarter", "revision", "source", "allow_removals")}
            return import_fees(path=path, **given, dry_run=options["dry_run"], progress=show)


def report_lines(report: FeeImportReport, *, dry_run: bool = False, everything: bool = False) -> Iterator[str]:
    """What the import did, or with `dry_run` would do. With `everything` no list is cut."""
    shown = None if everything else _SHOWN
    yield f"{report.file_name}: {report.schedule}"
    yield f"  {report.rows:,} rows" + (f" of {report.codes:,} codes" if report.codes else "")
    if report.note:
        yield f"  {report.note}"
    if report.is_replacement and report.anything_written:
        for what in ("added", "changed", "removed"):
            rows: list[str] = getattr(report, what)
            yield f"  {len(rows):,} {what}{': ' if rows else ''}{_cut(rows, shown)}"
    if report.copyrighted:
        yield f"  {report.copyrighted:,} rows of CPT or CDT codes left out (under copyright, and not Level II)"
    yield from _block("lines skipped", [f"line {line.number}: {line.reason}" for line in report.skipped], shown)
    yield from _block("warnings", report.warnings, shown)
    if dry_run:
        yield "  Dry run: nothing was written."


def _cut(names: Sequence[str], shown: int | None) -> str:
    more = f" and {len(names) - shown:,} more" if shown is not None and len(names) > shown else ""
    return f"{', '.join(names[:shown])}{more}"


def _block(what: str, lines: Sequence[str], shown: int | None) -> Iterator[str]:
    if not lines:
        return
    yield f"  {len(lines):,} {what}:"
    for line in lines[:shown]:
        yield f"    {line}"
    if shown is not None and len(lines) > shown:
        yield f"    and {len(lines) - shown:,} more (--verbose-report lists all)"
