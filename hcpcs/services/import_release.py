"""Load a release that CMS published."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from django.db import connection, transaction

from hcpcs.models import LAYOUT_FIELDS, Code, FileFormat, Release, ReleaseRecord
from hcpcs.parsing.file import ReleaseFile, parse_release_file, release_name
from hcpcs.parsing.record import LayoutRecord, ParsedFile, ReleaseFileError
from hcpcs.queries.releases import absent_from
from hcpcs.services.bulk_load import copy_rows, references_checked_at_once
from hcpcs.services.check_records import warnings_about, warnings_about_the_period
from hcpcs.services.derive_catalogue import derive_catalogue
from hcpcs.services.import_report import ImportReport
from hcpcs.signals import catalogue_changed
from hcpcs.sources.open import open_release

# Any number that nothing else on this database locks: "HCPCS" on a telephone's keys.
_IMPORT_LOCK = 42727
# CMS keeps ended codes in its files. Where more than these are missing, the file is cut or is an excerpt.
MOST_ABSENT_CODES = 50
MOST_ABSENT_SHARE = 0.1


@dataclass(frozen=True)
class ReleasePeriod:
    """Which release a file is. `quarter` is None for an annual file, in force from 1 January."""

    year: int
    quarter: int | None
    revision: int


def import_release(
    *,
    path: Path,
    year: int | None = None,
    quarter: int | None = None,
    revision: int | None = None,
    is_complete: bool = True,
    source: str = "",
    dry_run: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> ImportReport:
    """Load CMS's text file, workbook or archive at `path`; otherwise as `import_release_file`."""
    return import_release_file(
        file=open_release(path),
        year=year,
        quarter=quarter,
        revision=revision,
        is_complete=is_complete,
        source=source,
        dry_run=dry_run,
        progress=progress,
    )


def import_release_file(
    *,
    file: ReleaseFile,
    year: int | None = None,
    quarter: int | None = None,
    revision: int | None = None,
    is_complete: bool = True,
    source: str = "",
    dry_run: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> ImportReport:
    """Load CMS's text file or workbook and bring the catalogue in line: all of it or nothing.

    Year, quarter and revision are read from CMS's file name where they are not given. `is_complete=False` says that
    absence from the file means nothing. `progress` is told of lines read, and of all. With `dry_run` the report tells
    what would happen. Raises ReleaseFileError when the file is no release, CatalogueError when a meaning that is in use
    would have to go.
    """
    release_name(file.name)  # refuses CMS's other lists, by their names
    known = Release.objects.filter(sha256=file.sha256).first()
    if known is not None:
        return _unchanged(file, known)
    # What the file is comes before what it is called: of a letter, nobody wants to hear that its name lacks a quarter.
    file_format, parsed = parse_release_file(file, progress=progress)
    period = release_period(file.name, year, quarter, revision)
    release = new_release(file=file, file_format=file_format, period=period, is_complete=is_complete, source=source)
    return store_release(release=release, parsed=parsed, dry_run=dry_run)


def new_release(
    *, file: ReleaseFile, file_format: FileFormat, period: ReleasePeriod, is_complete: bool, source: str
) -> Release:
    """Not saved yet: `store_release` does."""
    return Release(
        year=period.year,
        quarter=period.quarter,
        revision=period.revision,
        is_complete=is_complete,
        source=source,
        file_format=file_format,
        file_name=file.name,
        sha256=file.sha256,
    )


def store_release(*, release: Release, parsed: ParsedFile, dry_run: bool = False) -> ImportReport:
    """Write a parsed file as `release` (not saved yet). Raises as `import_release` does."""
    with transaction.atomic():
        report = _store(release, parsed)
        if dry_run:
            transaction.set_rollback(True)
    return report


def release_period(file_name: str, year: int | None, quarter: int | None, revision: int | None) -> ReleasePeriod:
    """Year, quarter and revision as given, else as the name says. Raises ReleaseFileError when neither does."""
    named = release_name(file_name)
    if year is None and named.year is None:
        raise ReleaseFileError(
            "Its name does not say which release it is (CMS's names are like HCPC2025_OCT_ANWEB_v3.txt). "
            "Say the year, and the quarter unless it is an annual file.",
            options="--year, --quarter",
        )
    if quarter is not None and quarter not in {1, 2, 3, 4}:
        raise ReleaseFileError(f"The quarter is {quarter}; it must be 1, 2, 3 or 4.")
    chosen_year = year if year is not None else named.year
    assert chosen_year is not None  # noqa: S101
    if not 1983 <= chosen_year <= 2200:
        raise ReleaseFileError(f"The year is {chosen_year}; HCPCS begins in 1983.")
    # A year of one's own says that the name is wrong, and so its quarter is.
    chosen_quarter = quarter if quarter is not None or year is not None else named.quarter
    return ReleasePeriod(chosen_year, chosen_quarter, revision or named.revision)


def _unchanged(file: ReleaseFile, known: Release) -> ImportReport:
    return ImportReport(
        file_name=file.name,
        release=known,
        codes=known.code_count,
        modifiers=known.modifier_count,
        note=f"This very file is loaded already, as {known.label}. Nothing changed.",
    )


def _store(release: Release, parsed: ParsedFile) -> ImportReport:
    wait_for_other_imports()
    with references_checked_at_once(ReleaseRecord._meta.db_table, Code._meta.db_table):  # noqa: SLF001
        return _store_alone(release, parsed)


def _store_alone(release: Release, parsed: ParsedFile) -> ImportReport:
    report = ImportReport(file_name=release.file_name, release=release)
    report.take_file(parsed)
    same_file = Release.objects.filter(sha256=release.sha256).first()
    if same_file is not None:  # another import of the file was in the queue before this one
        report.release = same_file
        report.note = f"This very file is loaded already, as {same_file.label}. Nothing changed."
        return report
    earlier = Release.objects.filter(
        year=release.year, quarter=release.quarter, revision=release.revision, is_complete=release.is_complete
    ).first()
    if earlier is not None:
        report.release = earlier
        if not _replaces(earlier, release, parsed.records, report):
            return report
    report.warnings += warnings_about(parsed.records)
    report.warnings += warnings_about_the_period(release, parsed.records)
    report.anything_written = True
    release.code_count, release.modifier_count = report.codes, report.modifiers
    release.save()
    report.release = release
    _copy_records(release, parsed.records)
    report.absent = absent_from(release)
    _refuse_when_cut(release, report)
    report.take_changes(derive_catalogue(new=None if earlier else release))
    _take_stock()
    catalogue_changed.send(sender=Code)
    return report


def _take_stock() -> None:
    """Let the planner know at once: until it notices by itself, it compares releases row by row, for minutes.

    A fifth of the usual sample tells as much, since releases and codes are evenly spread; the usual one reads the whole
    table from some forty releases on.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL default_statistics_target = 20")
        cursor.execute(
            "ANALYZE hcpcs_releaserecord (release_id, kind, code), hcpcs_code (kind, code, added, terminated)"
        )
        cursor.execute("SET LOCAL default_statistics_target TO DEFAULT")


def wait_for_other_imports() -> None:
    """Imports queue: each sees the catalogue that the one before left. Released by commit and by rollback."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_IMPORT_LOCK])


def _replaces(earlier: Release, release: Release, records: list[LayoutRecord], report: ImportReport) -> bool:
    """Whether the file is to take the place of the one loaded as the same release; if so, makes room for it."""
    differing = _count_differing(earlier, records)
    if not differing:
        report.note = f"It says what the loaded file {earlier.file_name} says of {earlier.label}. Nothing changed."
        return False
    if release.file_format == FileFormat.WORKBOOK and earlier.file_format == FileFormat.TEXT:
        # CMS's workbook of 2019 lacks 115 action dates that its text has.
        report.note = (
            f"{differing} records differ from the text file {earlier.file_name} of {earlier.label}. "
            "The text file is the safer source and stays. Nothing changed."
        )
        return False
    report.note = f"It replaces the file {earlier.file_name} of {earlier.label}; {differing} records differ."
    earlier.records.all().delete()
    # The row stays, since codes refer to it as the release they were first or last seen in.
    release.pk = earlier.pk
    release._state.adding = False  # noqa: SLF001
    return True


def _count_differing(earlier: Release, records: Iterable[LayoutRecord]) -> int:
    loaded = {
        tuple(tuple(value) if isinstance(value, list) else value for value in row)
        for row in ReleaseRecord.objects.filter(release=earlier).values_list(*LAYOUT_FIELDS)
    }
    return len({row[:2] for row in loaded ^ {tuple(record) for record in records}})


def _copy_records(release: Release, records: Iterable[LayoutRecord]) -> None:
    copy_rows(
        table=ReleaseRecord._meta.db_table,  # noqa: SLF001
        columns=["release_id", *LAYOUT_FIELDS],
        rows=((release.pk, *record) for record in records),
    )


def _refuse_when_cut(release: Release, report: ImportReport) -> None:
    missing, there = len(report.absent), release.code_count + release.modifier_count
    if release.is_complete and missing > max(MOST_ABSENT_CODES, MOST_ABSENT_SHARE * (there + missing)):
        raise ReleaseFileError(
            f"{missing} codes of older releases are missing in it, from {report.absent[0][1]} to "
            f"{report.absent[-1][1]}. CMS keeps ended codes in its files, so this one is probably cut off. "
            "If it is an excerpt, say so.",
            options="--incomplete",
        )
