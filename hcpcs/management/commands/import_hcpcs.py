"""Load HCPCS Level II releases: manage.py import_hcpcs HCPC2025_OCT_ANWEB_v3.txt october-2025.zip folder/."""

import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from hcpcs.management.report_lines import report_lines
from hcpcs.parsing.file import ReleaseFile
from hcpcs.parsing.record import ReleaseFileError
from hcpcs.services.derive_catalogue import CatalogueError
from hcpcs.services.import_release import import_release_file
from hcpcs.services.import_report import ImportReport
from hcpcs.sources.open import is_address, open_releases


class Command(BaseCommand):
    help = (
        "Load HCPCS Level II releases as CMS publishes them: the fixed-width text file (the safer source), the "
        "workbook (.xlsx, .xls), the .zip that has one of them, a folder of such files, or the https address of one. "
        "Each release is loaded entirely or not at all; the order does not matter."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("sources", nargs="+", metavar="FILE, FOLDER or https://…")
        parser.add_argument(
            "--member", default="", help="the file to take of an archive, where the usual one is not it"
        )
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
        sources: list[str] = options["sources"]
        if any(options[name] is not None for name in ("year", "quarter", "revision")) and (
            len(sources) > 1 or Path(sources[0]).is_dir()
        ):
            raise CommandError("--year, --quarter and --revision go with one file at a time.")
        for source in sources:
            where = source
            try:
                for file in self._open(source, options["member"]):
                    where = source if file.name in source else f"{source} ({file.name})"
                    report = self._import(file, source, options)
                    for line in report_lines(report, dry_run=options["dry_run"], everything=options["verbose_report"]):
                        self.stdout.write(line)
            except (ReleaseFileError, CatalogueError) as error:
                options_that_help = getattr(error, "options", "")
                hint = f" ({options_that_help})" if options_that_help else ""
                raise CommandError(f"{where} was not loaded. {error}{hint}") from error

    def _open(self, source: str, member: str) -> Iterator[ReleaseFile]:
        with _bar(source.rpartition("/")[2], "B", unit_scale=True) as bar:

            def show(done: int, total: int) -> None:
                bar.total = total or None
                bar.update(done - bar.n)

            yield from open_releases(source, member=member, progress=show)

    def _import(self, file: ReleaseFile, source: str, options: dict[str, Any]) -> ImportReport:
        with _bar(file.name, " lines") as bar:

            def show(done: int, total: int) -> None:
                bar.total = total
                bar.update(done - bar.n)
                if done == total:
                    bar.set_postfix_str("writing")

            return import_release_file(
                file=file,
                year=options["year"],
                quarter=options["quarter"],
                revision=options["revision"],
                is_complete=not options["incomplete"],
                source=options["source"] or (source if is_address(source) else ""),
                dry_run=options["dry_run"],
                progress=show,
            )


def _bar(text: str, unit: str, **how: Any) -> "tqdm[Any]":
    # disable=None: silent where standard error is not a terminal.
    return tqdm(desc=text, unit=unit, disable=None, leave=False, file=sys.stderr, **how)
