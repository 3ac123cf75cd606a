"""Load HCPCS Level II releases: manage.py import_hcpcs HCPC2025_OCT_ANWEB_v3.txt."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from hcpcs.management.report_lines import report_lines
from hcpcs.parsing.record import ReleaseFileError
from hcpcs.services.derive_catalogue import CatalogueError
from hcpcs.services.import_release import import_release
from hcpcs.services.import_report import ImportReport


class Command(BaseCommand):
    help = (
        "Load one or more HCPCS Level II releases as CMS publishes them: the fixed-width text file (the safer source) "
        "or the workbook. Each file is loaded entirely or not at all; the order of the files does not matter."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--year", type=int, help="where the file name does not say it, or says it wrongly")
        parser.add_argument("--quarter", type=int, choices=[1, 2, 3, 4], help="leave out for an annual file")
        parser.add_argument("--revision", type=int, help="the number after _v in CMS's file names; 1 if there is none")
        parser.add_argument(
            "--incomplete", action="store_true", help="the file is an excerpt: absence from it means nothing"
        )
        parser.add_argument("--source", default="", help="where the file was obtained, kept with the release")
        parser.add_argument("--dry-run", action="store_true", help="report what would change, and change nothing")
        parser.add_argument("--verbose-report", action="store_true", help="list every code, field and skipped line")

    def handle(self, *args: Any, **options: Any) -> None:
        files: list[Path] = options["files"]
        if len(files) > 1 and any(options[name] is not None for name in ("year", "quarter", "revision")):
            raise CommandError("--year, --quarter and --revision go with one file at a time.")
        for path in files:
            try:
                report = self._import(path, options)
            except (ReleaseFileError, CatalogueError) as error:
                raise CommandError(f"{path} was not loaded. {error}") from error
            for line in report_lines(report, dry_run=options["dry_run"], everything=options["verbose_report"]):
                self.stdout.write(line)

    def _import(self, path: Path, options: dict[str, Any]) -> ImportReport:
        # disable=None: silent where standard error is not a terminal.
        with tqdm(desc=path.name, unit=" lines", disable=None, leave=False, file=sys.stderr) as bar:

            def show(done: int, total: int) -> None:
                bar.total = total
                bar.update(done - bar.n)
                if done == total:
                    bar.set_postfix_str("writing")

            return import_release(
                path=path,
                year=options["year"],
                quarter=options["quarter"],
                revision=options["revision"],
                is_complete=not options["incomplete"],
                source=options["source"],
                dry_run=options["dry_run"],
                progress=show,
            )
