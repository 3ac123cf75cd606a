"""Former names that a list tells of products which the register has: found for the preview, added with the import."""

from datetime import datetime
from typing import Any

from django.db import connection

from pcl.models import ListImport, Listing
from pcl.models.list_import_line import NAMING
from pcl.services.entries import refresh_entries

# Entries written anew at once: enough for few statements, few enough for little memory.
PIECE = 2000
# The first line that says a name adds it; one that the product has already, in capitals or not, is nothing new.
_FIND = """
WITH said AS (
    SELECT DISTINCT ON (product.id, upper(other.name)) line.id, other.name
    FROM pcl_listimportline line
    JOIN pcl_product product ON product.id = line.product_row_id
    CROSS JOIN unnest(line.other_names) other(name)
    WHERE line.list_import_id = %(id)s AND line.outcome = ANY(%(naming)s) AND upper(other.name) <> upper(product.name)
        AND NOT EXISTS (
            SELECT FROM pcl_productname known
            WHERE known.product_id = product.id AND upper(known.name) = upper(other.name)
        )
    ORDER BY product.id, upper(other.name), line.number
),
told AS (SELECT id, array_agg(name ORDER BY name) AS names FROM said GROUP BY id)
UPDATE pcl_listimportline line SET new_names = coalesce(told.names, '{}')
FROM pcl_listimportline every LEFT JOIN told ON told.id = every.id
WHERE line.id = every.id AND every.list_import_id = %(id)s AND every.new_names <> coalesce(told.names, '{}')
"""
_ADD = """
INSERT INTO pcl_productname (product_id, name, used, source)
SELECT line.product_row_id, new.name, daterange(NULL, NULL), %(source)s
FROM pcl_listimportline line CROSS JOIN unnest(line.new_names) new(name)
WHERE line.list_import_id = %(id)s
ORDER BY line.number
"""


def find_new_names(list_import: ListImport, cursor: Any) -> None:
    """Note beside each line that was judged which former names its product would get by it, as the register is now."""
    cursor.execute(_FIND, {"id": list_import.pk, "naming": list(NAMING)})


def add_new_names(list_import: ListImport, *, at: datetime) -> int:
    """Give products the names that were found; how many. The list finds their listings by them since the instant `at`.

    Of what a listing says nothing changes, so there is no change in the chain, as there is none for the other names of
    a new product; since when it is found by them is kept. To be called while standing at the chain.
    """
    with connection.cursor() as cursor:
        cursor.execute(_ADD, {"id": list_import.pk, "source": list_import.source})
        count = int(cursor.rowcount)
    if count:
        products = list_import.lines.filter(new_names__len__gt=0).values("product_row")
        listings = list(Listing.objects.filter(model__product__in=products).order_by("pk").values_list("pk", flat=True))
        for first in range(0, len(listings), PIECE):
            refresh_entries(listings[first : first + PIECE], at=at)
    return count
