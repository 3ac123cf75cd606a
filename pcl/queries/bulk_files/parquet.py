"""Rows as Parquet: columns with their types, readable by DuckDB, pandas, R and many others."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import IO, Any

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
from django.db.models import QuerySet

from pcl.queries.column import Column, ColumnKind
from pcl.queries.row_stream import plain_cells

# What is in memory at once; also what a reader can skip at once.
ROWS_TOGETHER = 50_000
_TYPES = {
    ColumnKind.TEXT: pa.string(),
    ColumnKind.INTEGER: pa.int64(),
    ColumnKind.DAY: pa.date32(),
    ColumnKind.INSTANT: pa.timestamp("us", tz="UTC"),
    ColumnKind.FLAG: pa.bool_(),
    # As in a cell of the CSV: with blanks between, and JSON as text.
    ColumnKind.TEXTS: pa.string(),
    ColumnKind.JSON: pa.string(),
}


def parquet_schema(columns: Sequence[Column], said: Mapping[str, str]) -> pa.Schema:
    """Types and meanings of the columns; `said` is told of the file as a whole."""
    fields = [pa.field(each.name, _TYPES[each.kind], metadata={"description": each.meaning}) for each in columns]
    return pa.schema(fields, metadata=dict(said))


def write_parquet(file: IO[bytes], rows: QuerySet[Any], columns: Sequence[Column], *, said: Mapping[str, str]) -> int:
    """Returns how many rows there are. PostgreSQL's CSV is taken apart by pyarrow, some ten thousand rows at a time."""
    schema = parquet_schema(columns, said)
    cells = plain_cells(rows, columns)
    count = 0
    with pa.parquet.ParquetWriter(file, schema, compression="zstd") as writer:
        while text := _some(cells):
            table = _table(text, schema)
            count += table.num_rows
            writer.write_table(table, row_group_size=ROWS_TOGETHER)
    return count


def _some(cells: Iterator[bytes]) -> bytes:
    return b"".join(islice(cells, ROWS_TOGETHER))


def _table(text: bytes, schema: pa.Schema) -> pa.Table:
    table = pa.csv.read_csv(
        pa.BufferReader(text),
        read_options=pa.csv.ReadOptions(column_names=schema.names, use_threads=False, block_size=len(text) + 1),
        parse_options=pa.csv.ParseOptions(newlines_in_values=True),
        convert_options=pa.csv.ConvertOptions(
            column_types={field.name: field.type for field in schema},
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
        ),
    )
    return table.replace_schema_metadata(schema.metadata).cast(schema)
