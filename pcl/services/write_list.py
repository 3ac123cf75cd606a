"""Put the lines of a confirmed list on the register: all in the caller's one transaction."""

from datetime import datetime
from typing import Any

from django.db import connection

from pcl.models import ListImport, Origin
from pcl.models.list_import_line import WRITTEN
from pcl.services.changes import instant_of_change, stand_at_the_chain
from pcl.services.joined_whole import joined_whole
from pcl.services.judge_list import judge_lines
from pcl.services.list_import_former_names import add_new_names
from pcl.services.list_import_names import create_named_organizations, resolve_names
from pcl.services.list_import_progress import ListProgress
from pcl.services.organizations import lock_organization_names
from pcl.services.publish_listing import NewListing, publish_listings

# Listings recorded at once: enough for few statements, few enough for little memory.
PIECE = 2000
_TO_WRITE = "line.list_import_id = %(id)s AND line.outcome = ANY(%(written)s)"
# The first row that names something says how it is spelled.
_PRODUCTS = f"""
WITH wanted AS (
    SELECT line.product_key AS key, (array_agg(line.product ORDER BY line.number))[1] AS name,
        min(maker.organization_id) AS maker_id, min(seller.organization_id) AS seller_id,
        (array_agg(line.classification ORDER BY line.number) FILTER (WHERE line.classification <> ''))[1] AS kind,
        min(line.number) AS first
    FROM pcl_listimportline line
    JOIN pcl_listimportname maker ON maker.list_import_id = %(id)s AND maker.name = line.manufacturer
    LEFT JOIN pcl_listimportname seller ON seller.list_import_id = %(id)s AND seller.name = line.distributor
    WHERE {_TO_WRITE} AND line.product_row_id IS NULL
    GROUP BY line.product_key ORDER BY first
),
fresh AS MATERIALIZED (SELECT wanted.*, nextval(pg_get_serial_sequence('pcl_product', 'id')) AS id FROM wanted),
made AS (
    INSERT INTO pcl_product
        (id, name, manufacturer_id, distributor_id, classification,
            fda_submission_numbers, fda_listing_numbers, created_at)
    SELECT id, name, maker_id, seller_id, coalesce(kind, ''), '{{}}', '{{}}', now() FROM fresh
),
named AS (
    INSERT INTO pcl_productname (product_id, name, used, source)
    SELECT DISTINCT ON (fresh.id, upper(other.name)) fresh.id, other.name, daterange(NULL, NULL), %(source)s
    FROM fresh JOIN pcl_listimportline line ON line.product_key = fresh.key AND {_TO_WRITE}
    CROSS JOIN unnest(line.other_names) other(name)
    WHERE upper(other.name) <> upper(fresh.name) ORDER BY fresh.id, upper(other.name), line.number
)
UPDATE pcl_listimportline line SET product_row_id = fresh.id FROM fresh
WHERE line.product_key = fresh.key AND {_TO_WRITE}
"""  # noqa: S608  # a condition of this program
_MODELS = f"""
WITH wanted AS (
    SELECT line.product_row_id AS product_id, line.model_normalized AS normalized,
        (array_agg(line.model_number ORDER BY line.number))[1] AS number, min(line.number) AS first
    FROM pcl_listimportline line WHERE {_TO_WRITE} AND line.model_row_id IS NULL
    GROUP BY 1, 2 ORDER BY first
),
fresh AS MATERIALIZED (SELECT wanted.*, nextval(pg_get_serial_sequence('pcl_productmodel', 'id')) AS id FROM wanted),
made AS (
    INSERT INTO pcl_productmodel (id, product_id, model_number, normalized, udi_di)
    SELECT id, product_id, number, normalized, '' FROM fresh
)
UPDATE pcl_listimportline line SET model_row_id = fresh.id FROM fresh
WHERE line.product_row_id = fresh.product_id AND line.model_normalized = fresh.normalized
    AND line.model_row_id IS NULL AND {_TO_WRITE}
"""  # noqa: S608  # a condition of this program


def write_list(*, list_import: ListImport, progress: ListProgress) -> None:
    """Compare the lines with the register once more, and list those that still fit; the others say why they do not.

    Sets the import's counts of listings and former names, and its changes in the history.
    """
    progress.note("Comparing with the register again")
    # First, so that what is compared with stays as it is until all is written.
    stand_at_the_chain()
    lock_organization_names()
    resolve_names(list_import)
    judge_lines(list_import, again=True)
    at = instant_of_change(stand_at_the_chain())
    progress.note("Writing former names")
    # Before anything is listed: what is listed afterwards is found by them from its first moment on.
    list_import.name_count = add_new_names(list_import, at=at)
    total = list_import.lines.filter(outcome__in=WRITTEN).count()
    if not total:
        return
    progress.note("Writing organizations and products")
    parameters: dict[str, Any] = {"id": list_import.pk, "written": list(WRITTEN), "source": list_import.source}
    with joined_whole("pcl_listimportline", "pcl_listimportname") as cursor:
        create_named_organizations(list_import, _TO_WRITE, parameters)
        cursor.execute(_PRODUCTS, parameters)
        cursor.execute(_MODELS, parameters)
    _publish(list_import, total, progress, at=at)


def _publish(list_import: ListImport, total: int, progress: ListProgress, *, at: datetime) -> None:
    planned_for = _rows_when_last_counted()
    lines = list_import.lines.filter(outcome__in=WRITTEN).order_by("number")
    asked = ("number", "id", "model_row_id", "code_meaning_id", "first_day", "last_day", "comment")
    done, last = 0, 0
    while piece := list(lines.filter(number__gt=last).values_list(*asked)[:PIECE]):
        changes = publish_listings(
            new=[NewListing(*of_listing) for _, _, *of_listing in piece],
            origin=Origin.IMPORTED,
            reason=f"{list_import.reason} (Source: {list_import.source})",
            by=list_import.confirmed_by,
            at=at,
        )
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE pcl_listimportline line SET listing_id = made.listing"
                " FROM unnest(%s::bigint[], %s::bigint[]) made(line, listing) WHERE line.id = made.line",
                [[row[1] for row in piece], [change.listing_id for change in changes]],
            )
        list_import.first_seq = list_import.first_seq or changes[0].seq
        list_import.last_seq = changes[-1].seq
        done, last = done + len(piece), piece[-1][0]
        progress.note("Writing listings", done, total)
        if done > 3 * planned_for:
            # The triggers' statements keep plans that were made for a smaller register, and on an empty one would read
            # all of it for each piece: an hour instead of minutes.
            _count_rows()
            planned_for = done
    list_import.listing_count = done


def _rows_when_last_counted() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = 'pcl_entryversion'::regclass")
        return int(cursor.fetchone()[0])


def _count_rows() -> None:
    tables = ("listing", "listingchange", "registerentry", "entryversion", "productmodel", "product", "organization")
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(f'pcl_{table}' for table in tables)}")
