"""An import's report as rows, so that a long one can be looked at page by page and taken away whole."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import chain
from typing import Any

from hcpcs.models import ReleaseImport, ReleaseImportLine, Section
from hcpcs.services.bulk_load import copy_rows
from hcpcs.services.import_report import ImportReport


@dataclass(frozen=True)
class Line:
    section: str
    kind: str = ""
    code: str = ""
    field: str = ""
    before: str = ""
    after: str = ""


def keep_report(release_import: ReleaseImport, report: ImportReport) -> None:
    """Put the report's lines in place of those that were there, and its counts on the row (not saved yet)."""
    release_import.lines.all().delete()
    numbers: Counter[str] = Counter()
    rows = []
    for line in lines_of(report):
        numbers[line.section] += 1
        rows.append((release_import.pk, numbers[line.section], *asdict(line).values()))
    copy_rows(
        table=ReleaseImportLine._meta.db_table,  # noqa: SLF001  # Django's public `_meta`
        columns=["release_import_id", "number", *Line.__dataclass_fields__],
        rows=rows,
    )
    release_import.counts = {
        **{section: numbers[section] for section in Section.values},
        "codes": report.codes,
        "modifiers": report.modifiers,
        "copyrighted": report.copyrighted,
        "changed_codes": len(report.changed),
        "fields": dict(Counter(name for change in report.changed for name in change.fields).most_common()),
        "writes": report.anything_written,
    }
    release_import.note = report.note
    release_import.release_label = report.release.label


def lines_of(report: ImportReport) -> Iterator[Line]:
    texts = {(record.kind, record.code): record.long_description for record in report.records}

    def about(section: Section, codes: Sequence[tuple[str, str]]) -> Iterator[Line]:
        return (Line(section, kind, code, after=texts.get((kind, code), "")) for kind, code in codes)

    return chain(
        about(Section.ADDED, report.added),
        about(Section.REUSED, report.reused),
        (Line(Section.ENDED, kind, code, after=day.isoformat()) for kind, code, day in report.ended),
        (
            Line(Section.CHANGED, change.kind, change.code, name, _text(before), _text(after))
            for change in report.changed
            for name, (before, after) in change.fields.items()
        ),
        about(Section.REMOVED, report.removed),
        about(Section.ABSENT, report.absent),
        (Line(Section.SKIPPED, before=f"{line.number}", after=line.reason) for line in report.skipped),
        (Line(Section.WARNING, after=warning) for warning in report.warnings),
    )


def _text(value: Any) -> str:
    if isinstance(value, list | tuple):
        return " ".join(value)
    return "" if value is None else str(value)
