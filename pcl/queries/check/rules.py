"""The check's rules as SQL, around any query of lines: the page, the API and the batch ask nothing else."""

from datetime import datetime
from functools import cache
from pathlib import Path

from pcl.models.folded import FOLDED

# What is given may fit so many listings, past ones included; of more, no answer would be an answer.
MOST_LISTINGS = 500
MOST_CITED = 10
HERE = Path(__file__).parent
_REQUIRED = "SELECT {id} AS id, code_id, in_force, exception_text, fallback_code FROM {table}"
_NOW = {
    "shown": "today",
    "then": "",
    "of_that_number": "JOIN pcl_registerentry AS today ON today.model_normalized = asked.model_normalized",
    "named_so_then": "false",
    "required": _REQUIRED.format(id="id", table="pcl_requirement"),
    "knows": "knows",
}
_THEN = {
    "shown": "version",
    "then": "JOIN pcl_entryversion AS version"
    " ON version.listing_id = today.listing_id AND version.said @> '{instant}'::timestamptz",
    # A number that was corrected since is asked about by the number that stood there, too.
    "of_that_number": """CROSS JOIN LATERAL (
        SELECT listing_id FROM pcl_registerentry WHERE model_normalized = asked.model_normalized
        UNION
        SELECT listing_id FROM pcl_entryversion
        WHERE model_normalized = asked.model_normalized AND said @> '{instant}'::timestamptz
    ) AS numbered
    JOIN pcl_registerentry AS today ON today.listing_id = numbered.listing_id""",
    "named_so_then": f"({FOLDED.format(name='version.product')} = asked.product_folded)",
    "required": f"{_REQUIRED.format(id='requirement_id', table='pcl_requirementversion')}"
    " WHERE said @> '{instant}'::timestamptz",
    "knows": "knew, at the moment asked for,",
}


def answers_sql(*, lines: str, asked: str, as_published: datetime | None = None) -> str:
    """A query of (number, answer, reasons, listings, requirement), a row for each row of the query `lines`.

    `lines` has the columns number, code (in capitals), day and asked; `asked` has asked, organization_key
    (`pcl.names.name_key`), product_folded (`pcl.models.folded`) and model_normalized
    (`pcl.text.normalize_model_number`), with an empty text for what is not given. Their parameters stay parameters.
    Listings and requirements are those that the register showed at `as_published`, or shows now; of listings a model
    number is also the one that they showed, and beside it the product's name. Codes, and who and what is meant by a
    name otherwise, are as known today.
    """
    text = _text().replace("{lines}", lines).replace("{asked}", asked)
    for name, value in (_NOW if as_published is None else _THEN).items():
        text = text.replace(f"{{{name}}}", value)
    return text if as_published is None else text.replace("{instant}", as_published.isoformat())


@cache
def _text() -> str:
    parts = [(HERE / name).read_text(encoding="utf-8") for name in ("codes.sql", "rules.sql", "sentences.sql")]
    text = "WITH RECURSIVE " + "\n".join(map(_without_comments, parts))
    for name, value in {"most": MOST_LISTINGS, "cited": MOST_CITED}.items():
        text = text.replace(f"{{{name}}}", str(value))
    return text


def _without_comments(sql: str) -> str:
    return "\n".join(line for line in sql.splitlines() if not line.lstrip().startswith("--"))
