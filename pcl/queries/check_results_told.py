"""The answers of a batch as programs read them: those of a single check, with the row of each line."""

from collections.abc import Iterator

from pcl.models import CheckAnswer, CheckBatch, CheckLine
from pcl.queries.check_results import citations_for
from pcl.queries.keyset import Row

# What is in memory at once.
TOGETHER = 2000


class CutShort(Exception):
    """The batch was deleted while it was being told."""


def results_in_pieces(batch: CheckBatch, *, site: str) -> Iterator[list[Row]]:
    """All of them in the order of the lines, some thousand at a time. Raises CutShort rather than leave any out."""
    for first in range(1, batch.lines_count + 1, TOGETHER):
        last = min(first + TOGETHER - 1, batch.lines_count)
        answers = list(CheckAnswer.objects.filter(batch=batch, number__range=(first, last)).order_by("number"))
        lines = CheckLine.objects.filter(batch=batch, number__range=(first, last)).order_by("number")
        kept = list(lines.only("number", "row", "ref", "day"))
        if not len(answers) == len(kept) == last - first + 1:
            raise CutShort
        citations = citations_for(list(zip(answers, kept, strict=True)), site=site, as_published=batch.as_published)
        yield [
            {
                "row": line.row,
                "ref": line.ref or None,
                "answer": each.answer,
                "reasons": each.reasons,
                "citations": cited,
            }
            for line, each, cited in zip(kept, answers, citations, strict=True)
        ]
