"""Read a list's file into the lines of its import."""

from collections.abc import Iterator
from typing import Any

from django.db import connection

from pcl.errors import RegisterError
from pcl.models import ListImport, ListImportLine, ListOutcome
from pcl.queries.check_file.rows import rows_of
from pcl.queries.list_file.columns import Columns, split_header
from pcl.queries.list_file.lines import ReadRow, read_row
from pcl.services.list_import_progress import ListProgress
from pcl.text import normalize_model_number

MOST_ROWS = 100_000
# Ranges of model numbers make several listings of a row.
MOST_LISTINGS = 200_000
_WRITTEN = (
    *("list_import_id", "number", "row", "is_read", "outcome", "column", "message", "hint", "changed_since_preview"),
    *("code", "manufacturer", "distributor", "product", "model_number", "model_normalized", "classification"),
    *("comment", "other_names", "first_day", "last_day", "product_key"),
)


def read_list(*, list_import: ListImport, content: bytes, progress: ListProgress) -> int:
    """Write a line for each listing or problem of `content`, in the caller's transaction; how many rows it has.

    Sets `list_import.columns`. Raises RegisterError for a file that cannot be read.
    """
    progress.note("Reading the file")
    rows = rows_of(content)
    columns, first = split_header(rows)
    count = len(rows) - first
    if count > MOST_ROWS:
        raise RegisterError(f"The file has {count:,} rows; at most {MOST_ROWS:,} can be imported at once. Split it.")
    list_import.columns = columns.told()
    ListImportLine.objects.filter(list_import=list_import).delete()
    names = ", ".join(f'"{name}"' for name in _WRITTEN)
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY pcl_listimportline ({names}) FROM STDIN") as copy,
    ):
        number = 0
        for index in range(first, len(rows)):
            row, cells = rows[index]
            for line in _lines(read_row(row, cells, columns, first_day=list_import.first_day), columns):
                number += 1
                if number > MOST_LISTINGS:
                    raise RegisterError(
                        f"Up to row {row:,} the file makes more than {MOST_LISTINGS:,} listings, which is the most for "
                        "one import. Split it."
                    )
                copy.write_row([list_import.pk, number, row, *line])
            progress.note("Reading rows", index + 1 - first, count)
    return count


def _lines(read: ReadRow, columns: Columns) -> Iterator[list[Any]]:
    texts = read.texts
    of_row = [texts["classification"], texts["comment"], read.other_names, read.first_day, read.last_day, ""]
    named = [texts["code"], texts["manufacturer"], texts["distributor"], texts["product"]]
    for problem in read.problems:
        said = [False, ListOutcome.ERROR.value, problem.column[:60], problem.message, "", False]
        yield [*said, *named, texts["model_number"][:300], "", *of_row]
    for model_number in read.model_numbers:
        hinted = columns.label("model_number")[:60] if read.hint else ""
        said = [True, ListOutcome.NEW.value, hinted, "", read.hint, False]
        yield [*said, *named, model_number, normalize_model_number(model_number), *of_row]
