"""An import's report as its page shows it: one section at a time, a page of it."""

from dataclasses import dataclass
from datetime import date

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, QueryDict

from hcpcs.models import ReleaseImport, ReleaseImportLine, Section
from hcpcs.queries.field_values import label_of
from hcpcs.queries.release_imports import LINES_PER_PAGE, lines_on_page
from hcpcs.queries.word_differences import Part, in_one

_TEXTS = {"long_description", "short_description"}
_EXPLAINED = {
    Section.ADDED: "New to the catalogue, with the description that the file gives.",
    Section.REUSED: "CMS has given these strings a new meaning. What is bound to the old meaning stays bound to it.",
    Section.ENDED: "They have a last day of use that they had not, or had another.",
    Section.CHANGED: "Each changed field of the codes that stay. The end of a code is a change of a field, too.",
    Section.REMOVED: "No loaded release would have them any more.",
    Section.ABSENT: "Older releases have them. Nothing is ended for it: CMS keeps ended codes in its files.",
    Section.SKIPPED: "Lines of the file that cannot be read. All others are loaded.",
    Section.WARNING: "Odd, but no reason to refuse the file.",
}


@dataclass(frozen=True)
class ShownSection:
    key: str
    label: str
    count: int
    url: str
    is_open: bool


@dataclass(frozen=True)
class ShownLine:
    line: ReleaseImportLine
    field: str
    parts: list[Part]
    """Of a changed field, what went and what came."""
    day: date | None
    """Of an ended code, its last day of use."""


@dataclass(frozen=True)
class ShownReport:
    sections: list[ShownSection]
    open: ShownSection | None
    explained: str
    lines: list[ShownLine]
    first: int
    last: int
    previous_url: str | None
    next_url: str | None


def shown_report(request: HttpRequest, asked: ReleaseImport) -> ShownReport:
    """`section` and `page` of the address choose; what means nothing there shows the first."""
    counts = {Section(key): count for key, count in asked.counts.items() if key in Section.values and count}
    # What may be a reason not to confirm comes first.
    order = [Section.WARNING, Section.SKIPPED, *(key for key in Section if key not in {"warning", "skipped"})]
    there = [section for section in order if section in counts]
    chosen = next((key for key in there if key == request.GET.get("section")), there[0] if there else None)
    sections = [
        ShownSection(key.value, key.label, counts[key], _url(section=key.value), is_open=key == chosen) for key in there
    ]
    if chosen is None:
        return ShownReport(sections, None, "", [], 0, 0, None, None)
    pages: Page[int] = Paginator(range(counts[chosen]), LINES_PER_PAGE).get_page(request.GET.get("page"))
    lines = [_shown(line) for line in lines_on_page(asked, chosen, pages.number)]

    def beside(number: int) -> str:
        return _url(section=chosen.value, page=str(number))

    return ShownReport(
        sections=sections,
        open=next(section for section in sections if section.is_open),
        explained=_EXPLAINED[chosen],
        lines=lines,
        first=pages.start_index(),
        last=pages.end_index(),
        previous_url=beside(pages.previous_page_number()) if pages.has_previous() else None,
        next_url=beside(pages.next_page_number()) if pages.has_next() else None,
    )


def _shown(line: ReleaseImportLine) -> ShownLine:
    parts: list[Part] = []
    if line.section == Section.CHANGED:
        if line.field in _TEXTS:
            parts = in_one(line.before, line.after)
        else:
            parts = [Part(line.before or "none", "del"), Part(line.after or "none", "ins")]
    ended = line.section == Section.ENDED
    return ShownLine(
        line=line,
        field=label_of(line.field) if line.field else "",
        parts=parts,
        day=date.fromisoformat(line.after) if ended else None,
    )


def _url(**parameters: str) -> str:
    query = QueryDict(mutable=True)
    query.update(parameters)
    return f"?{query.urlencode()}#report"
