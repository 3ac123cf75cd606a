"""Two indexes that are the same cost twice as much to keep, and PostgreSQL reads one of them."""

import pytest
from django.db import connection

# What makes an index what it is, save its name: columns and expressions, their order, the rows that are in it. A unique
# one does what another does, too.
SAME = """
    SELECT table_of.relname, array_agg(name.relname::text ORDER BY name.relname)
    FROM pg_index AS index
    JOIN pg_class AS name ON name.oid = index.indexrelid
    JOIN pg_class AS table_of ON table_of.oid = index.indrelid
    WHERE table_of.relnamespace = 'public'::regnamespace
    GROUP BY table_of.relname, name.relam, index.indkey::text, index.indclass::text, index.indcollation::text,
        index.indoption::text, index.indnkeyatts, pg_get_expr(index.indexprs, index.indrelid),
        pg_get_expr(index.indpred, index.indrelid)
    HAVING count(*) > 1
    ORDER BY 1
"""


def same() -> list[tuple[str, list[str]]]:
    with connection.cursor() as cursor:
        cursor.execute(SAME)
        return list(cursor.fetchall())


@pytest.mark.django_db
def test_no_table_has_the_same_index_twice() -> None:
    assert same() == []


@pytest.mark.django_db
def test_two_that_are_the_same_would_be_found() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE INDEX once_more ON pcl_registerentry (model_normalized text_pattern_ops)")
        # Other rows, another order, other operators: another index.
        cursor.execute("CREATE INDEX a ON pcl_listing (code_id) WHERE id > 5")
        cursor.execute("CREATE INDEX b ON pcl_listing (code_id DESC)")
        cursor.execute("CREATE INDEX c ON pcl_registerentry (model_normalized)")
    assert same() == [("pcl_registerentry", ["entry_by_model_number", "once_more"])]
