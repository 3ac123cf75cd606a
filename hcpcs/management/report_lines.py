"""An import report as lines of text, for a terminal."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from hcpcs.services.import_report import ImportReport

# How much of a list is shown unless everything is asked for.
_SHOWN = 10


def report_lines(report: ImportReport, *, dry_run: bool = False, everything: bool = False) -> Iterator[str]:
    """What the import did, or with `dry_run` would do. With `everything` no list is cut."""
    shown = None if everything else _SHOWN
    yield f"{report.file_name}: HCPCS Level II {report.release.label}"
    yield f"  {report.codes:,} codes and {report.modifiers:,} modifiers"
    if report.note:
        yield f"  {report.note}"
    if report.anything_written:
        yield from _list("added", [code for _, code in report.added], shown)
        yield from _list("of these, codes used again with a new meaning", [code for _, code in report.reused], shown)
        yield from _changed(report, everything=everything)
        yield from _list("ended", [f"{code} (last day {day})" for _, code, day in report.ended], shown)
        if report.removed:
            yield from _list("removed", [code for _, code in report.removed], shown)
        if report.absent:
            yield from _list(
                "absent, though older releases have them (nothing was ended for it)",
                [code for _, code in report.absent],
                shown,
            )
    if report.copyrighted:
        yield f"  {report.copyrighted:,} CPT or CDT codes left out (under copyright, and not Level II)"
    yield from _block("lines skipped", [f"line {line.number}: {line.reason}" for line in report.skipped], shown)
    yield from _block("warnings", report.warnings, shown)
    if dry_run:
        yield "  Dry run: nothing was written."


def _changed(report: ImportReport, *, everything: bool) -> Iterator[str]:
    counts = Counter(name for change in report.changed for name in change.fields)
    yield f"  {len(report.changed):,} changed"
    for name, count in counts.most_common():
        yield f"    {name.replace('_', ' ')}: {count:,}"
    if everything:
        for change in report.changed:
            for name, (before, after) in change.fields.items():
                yield f"    {change.code} {name.replace('_', ' ')}: {_shown(before)} -> {_shown(after)}"


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return " ".join(value) or "none"
    return "none" if value in {None, ""} else str(value)


def _list(what: str, names: Sequence[str], shown: int | None) -> Iterator[str]:
    listed = ", ".join(names[:shown])
    more = f" and {len(names) - shown:,} more" if shown is not None and len(names) > shown else ""
    yield f"  {len(names):,} {what}{': ' if names else ''}{listed}{more}"


def _block(what: str, lines: Sequence[str], shown: int | None) -> Iterator[str]:
    if not lines:
        return
    yield f"  {len(lines):,} {what}:"
    for line in lines[:shown]:
        yield f"    {line}"
    if shown is not None and len(lines) > shown:
        yield f"    and {len(lines) - shown:,} more (--verbose-report lists all)"
