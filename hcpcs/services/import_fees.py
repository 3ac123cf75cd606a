"""Load a DMEPOS fee schedule that CMS published."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from django.db import connection, transaction

from hcpcs.models import Code, Fee, FeeSchedule, Kind
from hcpcs.parsing.fee_file import FeeFileError, read_fee_file
from hcpcs.parsing.fees import FeeRow, ParsedFees, fee_file_name, parse_fees
from hcpcs.parsing.record import SkippedLine
from hcpcs.services.bulk_load import copy_rows

# Any number that nothing else on this database locks: "FEES" on a telephone's keys.
_IMPORT_LOCK = 3337
# A re-issued quarter corrects amounts. Where it lacks more rows than these, it is cut or is another file.
MOST_REMOVED_ROWS = 50
MOST_REMOVED_SHARE = 0.1


@dataclass
class FeeImportReport:
    """`added`, `changed` and `removed` name rows ("E0193 RR") against the file that this one replaces, if it does."""

    file_name: str
    schedule: FeeSchedule
    # False: the file was loaded before, or says what the loaded file says.
    anything_written: bool = False
    note: str = ""
    rows: int = 0
    codes: int = 0
    is_replacement: bool = False
    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    skipped: list[SkippedLine] = field(default_factory=list)
    copyrighted: int = 0
    warnings: list[str] = field(default_factory=list)


def import_fees(
    *,
    path: Path,
    year: int | None = None,
    quarter: int | None = None,
    revision: int | None = None,
    source: str = "",
    allow_removals: bool = False,
    dry_run: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> FeeImportReport:
    """Load the CSV file, workbook or archive at `path`: all of it or nothing.

    Year and quarter are read from the title in the file where they are not given, the revision from the file's name.
    A file of the same year, quarter and revision replaces the one loaded; one that lacks many of its rows is refused
    unless `allow_removals`. `progress` is told of lines read, and of all. With `dry_run` the report tells what would
    happen. Raises FeeFileError when the file is no fee schedule.
    """
    file = read_fee_file(path)
    known = FeeSchedule.objects.filter(sha256=file.sha256).first()
    if known is not None:
        return _unchanged(file.name, known)
    parsed = parse_fees(file, progress=progress)
    chosen_year, chosen_quarter = _period(file.name, parsed, year, quarter)
    schedule = FeeSchedule(
        year=chosen_year,
        quarter=chosen_quarter,
        revision=revision or fee_file_name(file.name).revision,
        file_name=file.name,
        sha256=file.sha256,
        source=source,
        row_count=len(parsed.rows),
    )
    with transaction.atomic():
        report = _store(schedule, parsed, allow_removals=allow_removals)
        if dry_run:
            transaction.set_rollback(True)
    return report


def _period(file_name: str, parsed: ParsedFees, year: int | None, quarter: int | None) -> tuple[int, int]:
    if (year is None) != (quarter is None):
        raise FeeFileError("Give --year and --quarter together, or neither.")
    if year is not None and quarter is not None:
        if not 1983 <= year <= 2200 or quarter not in {1, 2, 3, 4}:
            raise FeeFileError(f"Quarter {quarter} of {year} is none: 1 to 4, and a year from 1983 on.")
        return year, quarter
    named = fee_file_name(file_name)
    titled, called = (parsed.year, parsed.quarter), (named.year, named.quarter)
    if None not in titled and None not in called and titled != called:
        raise FeeFileError(
            f"Its title says quarter {parsed.quarter} of {parsed.year}, its name quarter {named.quarter} of "
            f"{named.year}. Say with --year and --quarter which is right."
        )
    chosen_year, chosen_quarter = titled if None not in titled else called
    if chosen_year is None or chosen_quarter is None:
        raise FeeFileError(
            "Neither its title (such as “April 2025 Fee Schedule”) nor its name (such as DMEPOS25_APR.csv) says which "
            "quarter it is for. Give --year and --quarter."
        )
    return chosen_year, chosen_quarter


def _unchanged(file_name: str, known: FeeSchedule) -> FeeImportReport:
    return FeeImportReport(
        file_name=file_name,
        schedule=known,
        rows=known.row_count,
        note=f"This very file is loaded already, as {known.label}. Nothing changed.",
    )


def _store(schedule: FeeSchedule, parsed: ParsedFees, *, allow_removals: bool) -> FeeImportReport:
    with connection.cursor() as cursor:
        # Imports queue: each sees what the one before left. Released by commit and by rollback.
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_IMPORT_LOCK])
    same_file = FeeSchedule.objects.filter(sha256=schedule.sha256).first()
    if same_file is not None:  # another import of the file was in the queue before this one
        return _unchanged(schedule.file_name, same_file)
    report = FeeImportReport(
        file_name=schedule.file_name,
        schedule=schedule,
        rows=len(parsed.rows),
        codes=len({row.code for row in parsed.rows}),
        skipped=parsed.skipped,
        copyrighted=parsed.copyrighted,
        warnings=[*parsed.warnings, *_unknown_codes(parsed.rows)],
    )
    earlier = FeeSchedule.objects.filter(
        year=schedule.year, quarter=schedule.quarter, revision=schedule.revision
    ).first()
    if earlier is not None and not _replaces(earlier, schedule, parsed.rows, report, allow_removals=allow_removals):
        return report
    report.anything_written = True
    schedule.save()
    copy_rows(
        table=Fee._meta.db_table,  # noqa: SLF001  # Django's public `_meta`
        columns=["schedule_id", *FeeRow._fields],
        rows=(_copied(schedule, row) for row in parsed.rows),
    )
    return report


def _replaces(
    earlier: FeeSchedule, schedule: FeeSchedule, rows: list[FeeRow], report: FeeImportReport, *, allow_removals: bool
) -> bool:
    """Whether the file is to take the place of the one loaded for its quarter; if so, makes room for it."""
    before = {row[:3]: row for row in _loaded(earlier)}
    after = {row[:3]: row for row in rows}
    report.is_replacement = True
    report.added = [_named(key) for key in after if key not in before]
    report.removed = [_named(key) for key in before if key not in after]
    report.changed = [_named(key) for key, row in after.items() if key in before and before[key] != row]
    if not (report.added or report.removed or report.changed):
        report.schedule = earlier
        report.note = f"It says what the loaded file {earlier.file_name} says of {earlier.label}. Nothing changed."
        return False
    if len(report.removed) > max(MOST_REMOVED_ROWS, MOST_REMOVED_SHARE * len(before)) and not allow_removals:
        raise FeeFileError(
            f"{len(report.removed)} of the {len(before)} rows loaded for {earlier.label} are missing in it, so it is "
            "probably cut off. If they were never right, say --allow-removals."
        )
    report.note = f"It replaces the file {earlier.file_name} of {earlier.label}."
    earlier.fees.all().delete()
    # The row stays, so that what names the schedule goes on naming the quarter.
    schedule.pk = earlier.pk
    schedule._state.adding = False  # noqa: SLF001
    return True


def _loaded(schedule: FeeSchedule) -> Iterable[FeeRow]:
    for values in Fee.objects.filter(schedule=schedule).order_by().values_list(*FeeRow._fields):
        yield FeeRow._make(tuple(value) if isinstance(value, list) else value for value in values)


def _named(key: tuple[str, ...]) -> str:
    return " ".join(each for each in key if each)


def _copied(schedule: FeeSchedule, row: FeeRow) -> tuple[object, ...]:
    return (schedule.pk, *row._replace(non_rural=_as_array(row.non_rural), rural=_as_array(row.rural)))  # type: ignore[arg-type]


def _as_array(amounts: tuple[Decimal | None, ...]) -> str:
    """PostgreSQL's text form; `copy_rows` knows arrays of text only, in which NULL would be a word."""
    return f"{{{','.join('NULL' if amount is None else str(amount) for amount in amounts)}}}"


def _unknown_codes(rows: list[FeeRow]) -> Iterable[str]:
    known = set(Code.objects.filter(kind=Kind.CODE).values_list("code", flat=True))
    unknown = sorted({row.code for row in rows} - known)
    if known and unknown:
        listed = ", ".join(unknown[:10])
        more = f" and {len(unknown) - 10:,} more" if len(unknown) > 10 else ""
        yield f"{len(unknown):,} codes are in no loaded HCPCS release: {listed}{more}"
