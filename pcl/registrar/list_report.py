"""The report of a list's import as its page shows it: one outcome at a time, a page of it."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, QueryDict

from pcl.models import ListImport, ListImportState, ListOutcome
from pcl.models.list_import_line import WRITTEN
from pcl.public.paging import shown_page
from pcl.queries.list_imports import (
    BY_NUMBER,
    LINES_PER_PAGE,
    NAMES_PER_PAGE,
    line_rows,
    lines_that_name,
    names_decided,
    names_to_decide,
)

TAGS: dict[str, str] = {
    ListImportState.READING: "info",
    ListImportState.READY: "waiting",
    ListImportState.CONFIRMED: "info",
    ListImportState.IMPORTED: "good",
    ListImportState.FAILED: "bad",
    ListImportState.DISCARDED: "past",
}
# What asks for something comes first.
_ORDER = (
    *(ListOutcome.UNDECIDED, ListOutcome.ERROR, ListOutcome.OVERLAP),
    *(ListOutcome.NEW, ListOutcome.HISTORIC, ListOutcome.TWICE, ListOutcome.THERE),
)
_WHEN_IMPORTED = {ListOutcome.NEW: "Listed", ListOutcome.HISTORIC: "Listed, ended already"}
_EXPLAINED = {
    ListOutcome.UNDECIDED: "They name an organization that looks like one of the register’s. Decide above.",
    ListOutcome.ERROR: "What cannot be read or used. These rows are not listed, and stop no others.",
    ListOutcome.OVERLAP: "The register has this model under this code for some of these days. These are not listed.",
    ListOutcome.NEW: "A listing for each model number, with the first and last day to bill.",
    ListOutcome.HISTORIC: "Their last day to bill has passed: they are found when somebody asks for a day before it.",
    ListOutcome.TWICE: "A row before says the same. Nothing to do.",
    ListOutcome.THERE: "The register says the same of this model, code and dates. At most former names are added.",
}


@dataclass(frozen=True)
class ShownOutcome:
    key: str
    label: str
    count: int
    url: str
    is_open: bool


def shown_list_report(request: HttpRequest, asked: ListImport) -> dict[str, Any]:
    """`outcome` and `cursor` of the address choose; what means nothing there shows the first."""
    there = [outcome for outcome in _ORDER if asked.counts.get(outcome)]
    chosen = next((key for key in there if key == request.GET.get("outcome")), there[0] if there else None)
    labels = _WHEN_IMPORTED if asked.state == ListImportState.IMPORTED else {}
    told = {
        "outcomes": [
            ShownOutcome(key.value, labels.get(key, key.label), asked.counts[key], _url(key.value), key == chosen)
            for key in there
        ],
        "fits": sum(asked.counts.get(outcome, 0) for outcome in WRITTEN),
        # A row may have several errors, and still is one that is left out.
        "left_out": asked.counts.get("error_rows", 0) + asked.counts.get(ListOutcome.OVERLAP, 0),
        "undecided": names_to_decide(asked) if asked.state == ListImportState.READY else [],
        "decided": names_decided(asked),
        "naming": lines_that_name(asked) if asked.counts.get("former_names") else [],
        "most_naming": NAMES_PER_PAGE,
    }
    if chosen is not None:
        lines = asked.lines.filter(outcome=chosen)
        told["page"] = shown_page(request, lines, order=BY_NUMBER, rows_of=line_rows, limit=LINES_PER_PAGE)
        told["open"] = next(shown for shown in told["outcomes"] if shown.is_open)
        told["explained"] = _EXPLAINED[chosen]
    return told


def _url(outcome: str) -> str:
    query = QueryDict(mutable=True)
    query["outcome"] = outcome
    return f"?{query.urlencode()}#report"
