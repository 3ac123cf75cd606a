"""The lines of a batch with their answers: for the page, and as files."""

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count

from pcl.models import Answer, CheckAnswer, CheckBatch, CheckLine
from pcl.queries.check.citations import citations_of
from pcl.queries.check.engine import Answered
from pcl.queries.column import HARMLESS, ColumnKind
from pcl.queries.keyset import Order, Row
from pcl.queries.published_instant import asked_of
from pcl.queries.row_stream import copied, in_pieces, taken_apart
from pcl.queries.workbook import workbook_pieces

ERROR = "error"
IN_ORDER = Order(columns=("number",), key=("number",))
WORDS = {**dict(Answer.choices), ERROR: "Line cannot be read"}
FILE_COLUMNS = (
    *("row", "ref", "code", "date_of_service", "manufacturer", "product", "model_number"),
    *("answer", "answer_in_words", "reasons", "listing_ids", "listing_url"),
)
_TYPED = ", ".join(
    HARMLESS.format(f"line.{name}")
    for name in ("ref", "code", "date_of_service", "manufacturer", "product", "model_number")
)
# Of columns and constants of this program.
_FILE = f"""
    SELECT line.row, {_TYPED}, answer, %s::jsonb ->> answer, {HARMLESS.format("array_to_string(reasons, ' ')")},
        array_to_string(listings, ' '),
        CASE WHEN listings <> '{{}}' THEN %s || '/listings/' || listings[1] || '/?on=' || line.day || %s END
    FROM pcl_checkanswer AS answer JOIN pcl_checkline AS line USING (batch_id, number)
    WHERE batch_id = %s ORDER BY number
"""  # noqa: S608


def counts_of(batch: CheckBatch) -> dict[str, int]:
    """How many lines have each answer."""
    counted = CheckAnswer.objects.filter(batch=batch).values_list("answer").annotate(count=Count("number")).order_by()
    return dict(counted)


def citations_for(
    answered: Sequence[tuple[CheckAnswer, CheckLine]], *, site: str, as_published: datetime | None
) -> list[Row]:
    """Of each answer that is kept, those that a check of the line by itself has."""
    said = [
        (Answered(each.answer, each.reasons, each.listings, each.requirement), line.day or date.min)
        for each, line in answered
    ]
    return citations_of(said, site=site, as_published=as_published)


def result_rows(batch: CheckBatch) -> Callable[[Any], list[Row]]:
    """Rows of the result table, of a query of CheckAnswer: line, answer in words, reasons, citations."""

    def rows(found: Any) -> list[Row]:
        answers = list(found)
        lines = {
            line.number: line
            for line in CheckLine.objects.filter(batch=batch, number__in=[answer.number for answer in answers])
        }
        cited = citations_for(
            [(each, lines[each.number]) for each in answers], site="", as_published=batch.as_published
        )
        return [
            {
                "number": each.number,
                "line": lines[each.number],
                "answer": each.answer,
                "words": WORDS[each.answer],
                "reasons": each.reasons,
                "citations": citations,
            }
            for each, citations in zip(answers, cited, strict=True)
        ]

    return rows


def results_as_csv(batch: CheckBatch, *, site: str) -> Iterator[bytes]:
    """Every line with its answer, as PostgreSQL sends them; with a byte order mark, so that Excel reads it."""
    yield ("\ufeff" + ",".join(FILE_COLUMNS) + "\n").encode()
    yield from in_pieces(copied(_FILE, _parameters(batch, site)))


def results_as_workbook(batch: CheckBatch, *, site: str) -> Iterator[bytes]:
    """The same as a workbook, while PostgreSQL sends it."""
    number, *texts = FILE_COLUMNS
    kinds = {number: ColumnKind.INTEGER} | dict.fromkeys(texts, ColumnKind.TEXT)
    return workbook_pieces(kinds, taken_apart(_FILE, _parameters(batch, site)), title="Answers")


def _parameters(batch: CheckBatch, site: str) -> list[Any]:
    then = f"&{urlencode(asked_of(batch.as_published))}" if batch.as_published else ""
    return [json.dumps(WORDS), site, then, batch.pk]
