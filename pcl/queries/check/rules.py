"""The check's rules as SQL, around any query of lines: the page, the API and the batch ask nothing else."""

from datetime import datetime
from functools import cache
from pathlib import Path

from pcl.models.folded import FOLDED

# What is given may fit so many listings, past ones included; of more, no answer would be an answer.
MOST_LISTINGS = 500
MOST_CITED = 10
HERE = Path(__file__).parent
_THEN = (
    "JOIN pcl_entryversion AS version"
    " ON version.listing_id = today.listing_id AND version.said @> '{instant}'::timestamptz"
)
_OF_THAT_NUMBER = "JOIN pcl_registerentry AS today ON today.model_normalized = asked.model_normalized"
# A number that was corrected since is asked about by the number that stood there, too.
_OF_THAT_NUMBER_THEN = """
    CROSS JOIN LATERAL (
        SELECT listing_id FROM pcl_registerentry WHERE model_normalized = asked.model_normalized
        UNION
        SELECT listing_id FROM pcl_entryversion
        WHERE model_normalized = asked.model_normalized AND said @> '{instant}'::timestamptz
    ) AS numbered
    JOIN pcl_registerentry AS today ON today.listing_id = numbered.listing_id
"""
_NAMED_SO_THEN = f"({FOLDED.format(name='version.product')} = asked.product_folded)"


def answers_sql(*, lines: str, asked: str, as_published: datetime | None = None) -> str:
    """A query of (number, answer, reasons, listings, requirement), a row for each row of the query `lines`.

    `lines` has the columns number, code (in capitals), day and asked; `asked` has asked, organization_key
    (`pcl.names.name_key`), product_folded (`pcl.models.folded`) and model_normalized
    (`pcl.text.normalize_model_number`), with an empty text for what is not given. Their parameters stay parameters.
    Listings are those that the list showed at `as_published`, or shows now; of these a model number is also the one
    that it showed, and beside it the product's name. Codes, requirements and who is meant by a name otherwise are as
    known today.
    """
    parts = {"shown": "today", "then": "", "of_that_number": _OF_THAT_NUMBER, "named_so_then": "false"}
    if as_published is not None:
        instant = as_published.isoformat()
        parts = {
            "shown": "version",
            "then": _THEN.format(instant=instant),
            "of_that_number": _OF_THAT_NUMBER_THEN.format(instant=instant),
            "named_so_then": _NAMED_SO_THEN,
        }
    text = _text().replace("{lines}", lines).replace("{asked}", asked)
    for name, part in parts.items():
        text = text.replace(f"{{{name}}}", part)
    return text


@cache
def _text() -> str:
    parts = [(HERE / name).read_text(encoding="utf-8") for name in ("codes.sql", "rules.sql", "sentences.sql")]
    text = "WITH RECURSIVE " + "\n".join(map(_without_comments, parts))
    for name, value in {"most": MOST_LISTINGS, "cited": MOST_CITED}.items():
        text = text.replace(f"{{{name}}}", str(value))
    return text


def _without_comments(sql: str) -> str:
    return "\n".join(line for line in sql.splitlines() if not line.lstrip().startswith("--"))
