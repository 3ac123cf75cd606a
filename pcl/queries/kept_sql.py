"""SQL that Django put together once and that is sent again with other values.

To put a search together takes Django longer than it takes PostgreSQL to answer it: at a million listings, half of the
processor's time of an answer (docs/adr/0024).
"""

from typing import Any

from django.db import connection
from django.db.models import Expression, QuerySet, TextField
from django.db.models.sql.compiler import SQLCompiler


class Given(Expression):
    """In a question that is kept, the place of a value that each asking brings along.

    `sql_type` is what PostgreSQL is to take it for.
    """

    def __init__(self, name: str, sql_type: str = "text") -> None:
        super().__init__(output_field=TextField())
        self.name = name
        self.sql_type = sql_type

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, Any]:
        return f"%s::{self.sql_type}", (self,)


class KeptSQL:
    """The SQL of querysets of values, which may have `Given` among their values; `around` is put around them.

    What the database says is handed on as it is: only for columns that Django would hand on as they are.
    Raises EmptyResultSet where Django sees that nothing can be found.
    """

    def __init__(self, *found: QuerySet[Any], around: str = "{}") -> None:
        written = [each.query.sql_with_params() for each in found]
        self.sql = around.format(*[sql for sql, _ in written])
        self.parameters = [value for _, values in written for value in values]

    def rows(self, **given: Any) -> list[tuple[Any, ...]]:
        """One query."""
        values = [given[value.name] if isinstance(value, Given) else value for value in self.parameters]
        with connection.cursor() as cursor:
            cursor.execute(self.sql, values)
            return cursor.fetchall()
