"""What becomes of each line of a list, as the register is now: one statement, however many lines."""

from typing import Any

from django.db.models import Count, Q, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from hcpcs.models import Kind
from pcl.models import ListImport
from pcl.models.list_import_line import WRITTEN
from pcl.queries.list_file.columns import LABELS
from pcl.services.joined_whole import joined_whole
from pcl.services.list_import_former_names import find_new_names

# `named`: which organizations are meant, and a key for those still to be made, so that lines of one product find each
# other. `found`: the products of these organizations by today's name, or by another name that only one of them has.
# `ranked` and `apart`: what the file itself says twice, or says otherwise for the same days.
_JUDGE = """
WITH named AS MATERIALIZED (
    SELECT line.*, upper(line.product) AS product_name,
        maker.organization_id AS maker_id, seller.organization_id AS seller_id,
        maker.is_undecided AS maker_is_undecided, coalesce(seller.is_undecided, FALSE) AS seller_is_undecided,
        maker.look_alike_id AS maker_like, seller.look_alike_id AS seller_like,
        coalesce('o' || maker.organization_id, 'n' || maker.name_key) AS maker_key,
        coalesce('o' || seller.organization_id, 'n' || seller.name_key, '') AS seller_key
    FROM pcl_listimportline line
    JOIN pcl_listimportname maker ON maker.list_import_id = line.list_import_id AND maker.name = line.manufacturer
    LEFT JOIN pcl_listimportname seller
        ON seller.list_import_id = line.list_import_id AND seller.name = line.distributor
    WHERE line.list_import_id = %(id)s AND line.is_read
),
found AS MATERIALIZED (
    SELECT DISTINCT ON (maker_id, seller_id, name) maker_id, seller_id, name, id FROM (
        SELECT 1 AS priority, product.manufacturer_id AS maker_id, coalesce(product.distributor_id, 0) AS seller_id,
            upper(product.name) AS name, product.id
        FROM pcl_product product WHERE product.manufacturer_id IN (SELECT maker_id FROM named)
        UNION ALL
        SELECT 2, product.manufacturer_id, coalesce(product.distributor_id, 0), upper(other.name), min(product.id)
        FROM pcl_productname other JOIN pcl_product product ON product.id = other.product_id
        WHERE product.manufacturer_id IN (SELECT maker_id FROM named)
        GROUP BY 2, 3, 4 HAVING count(DISTINCT product.id) = 1
    ) known ORDER BY maker_id, seller_id, name, priority, id
),
placed AS MATERIALIZED (
    SELECT named.*, found.id AS product_id, model.id AS model_id, meaning.id AS code_id,
        coalesce('p' || found.id, md5(concat_ws('|', named.maker_key, named.seller_key, named.product_name))) AS key
    FROM named
    LEFT JOIN found ON found.maker_id = named.maker_id AND found.seller_id = coalesce(named.seller_id, 0)
        AND found.name = named.product_name AND (named.distributor = '' OR named.seller_id IS NOT NULL)
    LEFT JOIN LATERAL (
        SELECT id FROM pcl_productmodel
        WHERE product_id = found.id AND normalized = named.model_normalized ORDER BY id LIMIT 1
    ) model ON TRUE
    LEFT JOIN LATERAL (
        SELECT id FROM hcpcs_code code
        WHERE code.code = named.code AND code.kind = %(kind)s
            AND (added IS NULL OR added <= named.first_day) AND (terminated IS NULL OR named.first_day <= terminated)
        ORDER BY added DESC NULLS LAST LIMIT 1
    ) meaning ON TRUE
),
ranked AS MATERIALIZED (
    SELECT placed.*, first_value(row) OVER same AS same_row, row_number() OVER same AS rank
    FROM placed
    WINDOW same AS (PARTITION BY key, model_normalized, code, code_id, first_day, last_day ORDER BY number)
),
apart AS (
    SELECT id, first_day, last_day,
        max(ARRAY[coalesce(last_day, DATE '9999-12-31') - DATE '1900-01-01', row]) OVER (
            beside ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS before,
        lead(first_day) OVER beside AS next_day, lead(row) OVER beside AS next_row
    FROM ranked WHERE rank = 1 AND code_id IS NOT NULL
    WINDOW beside AS (PARTITION BY key, model_normalized, code_id ORDER BY first_day, number)
),
judged AS (
    SELECT ranked.*, listed.id AS listed_id, listed.effective AS listed_days,
        listed.effective = daterange(ranked.first_day, ranked.last_day, '[]') AS is_there,
        CASE WHEN apart.before[1] >= ranked.first_day - DATE '1900-01-01' THEN apart.before[2]
            WHEN apart.next_day <= coalesce(ranked.last_day, DATE '9999-12-31') THEN apart.next_row END AS other_row,
        validity.words AS validity
    FROM ranked
    LEFT JOIN apart ON apart.id = ranked.id
    LEFT JOIN LATERAL (
        SELECT id, effective FROM pcl_listing
        WHERE model_id = ranked.model_id AND code_id = ranked.code_id
            AND effective && daterange(ranked.first_day, ranked.last_day, '[]')
        ORDER BY id LIMIT 1
    ) listed ON TRUE
    LEFT JOIN LATERAL (
        SELECT string_agg(
            concat('from ', coalesce(to_char(added, 'FMMonth FMDD, YYYY'), 'ever'),
                ' to ' || to_char(terminated, 'FMMonth FMDD, YYYY')), ' and ' ORDER BY added
        ) AS words
        FROM hcpcs_code code
        WHERE ranked.code_id IS NULL AND code.code = ranked.code AND code.kind = %(kind)s
    ) validity ON TRUE
),
said AS (
    SELECT id, product_id, model_id, code_id, key, listed_id, judged.number,
        CASE
            WHEN code_id IS NULL THEN 'error'
            WHEN maker_is_undecided OR seller_is_undecided THEN 'undecided'
            WHEN is_there AND rank = 1 THEN 'there'
            WHEN rank > 1 THEN 'twice'
            WHEN listed_id IS NOT NULL THEN 'overlap'
            WHEN other_row IS NOT NULL THEN 'error'
            WHEN last_day < %(today)s THEN 'historic'
            ELSE 'new'
        END AS outcome,
        CASE
            WHEN code_id IS NULL AND validity IS NULL THEN %(code_column)s
            WHEN code_id IS NULL THEN %(day_column)s
            WHEN maker_is_undecided THEN %(maker_column)s
            WHEN seller_is_undecided THEN %(seller_column)s
            WHEN is_there OR rank > 1 THEN ''
            WHEN listed_id IS NOT NULL OR other_row IS NOT NULL THEN %(day_column)s
            WHEN hint <> '' THEN %(model_column)s
            ELSE ''
        END AS column_name,
        CASE
            WHEN code_id IS NULL AND validity IS NULL THEN concat(
                'The catalogue has no HCPCS code “', code, '”. Put it right, or load the release that has it first.')
            WHEN code_id IS NULL THEN concat(
                code, ' is not valid on ', to_char(first_day, 'FMMonth FMDD, YYYY'), ': it is valid ', validity,
                '. Give a first day within, or another code.')
            WHEN maker_is_undecided OR seller_is_undecided THEN concat(
                'Say whether “', CASE WHEN maker_is_undecided THEN manufacturer ELSE distributor END,
                '” is the same organization as “', (
                    SELECT name FROM pcl_organization
                    WHERE id = CASE WHEN maker_is_undecided THEN maker_like ELSE seller_like END
                ), '”.')
            WHEN is_there AND rank = 1 THEN ''
            WHEN rank > 1 THEN concat('Row ', same_row, ' says the same. Nothing to do.')
            WHEN listed_id IS NOT NULL THEN concat(
                'Listing ', listed_id, ' has this model under this code from ',
                to_char(lower(listed_days), 'FMMonth FMDD, YYYY'),
                CASE WHEN upper_inf(listed_days) THEN ' on, without an end'
                    ELSE ' to ' || to_char(upper(listed_days) - 1, 'FMMonth FMDD, YYYY') END,
                '. Change that listing, or the dates in the file.')
            WHEN other_row IS NOT NULL THEN concat(
                'Row ', other_row, ' has this model under this code for some of the same days, with other dates. '
                'Leave one of them, or part the dates.')
            ELSE ''
        END AS message
    FROM judged
)
UPDATE pcl_listimportline line
SET product_row_id = said.product_id, model_row_id = said.model_id, code_meaning_id = said.code_id,
    product_key = said.key, outcome = said.outcome, "column" = said.column_name, message = said.message,
    listing_id = said.listed_id,
    changed_since_preview = %(again)s AND said.outcome <> ALL(%(written)s)
FROM said
WHERE line.id = said.id AND (NOT %(again)s OR line.outcome = ANY(%(written)s))
"""


def judge_lines(list_import: ListImport, *, again: bool = False) -> None:
    """Write each line's outcome. `again`, after the confirmation, changes only lines that fitted until now."""
    used = dict((list_import.columns or {}).get("used", []))

    def column(name: str, *otherwise: str) -> str:
        labels = [LABELS[name], *(LABELS[other] for other in otherwise)]
        return next((used[label] for label in labels if label in used), labels[0])

    parameters = {
        "id": list_import.pk,
        "kind": Kind.CODE,
        "today": timezone.localdate(),
        "again": again,
        "written": list(WRITTEN),
        "code_column": column("code"),
        "day_column": column("first_day", "dates"),
        "maker_column": column("manufacturer"),
        "seller_column": column("distributor"),
        "model_column": column("model_number"),
    }
    with joined_whole("pcl_listimportline", "pcl_listimportname") as cursor:
        cursor.execute(_JUDGE, parameters)
        find_new_names(list_import, cursor)


def counted(list_import: ListImport, *, rows: int) -> dict[str, Any]:
    """How many lines have which outcome; `rows` is how many the file has."""
    lines = list_import.lines.order_by()
    told: dict[str, Any] = dict(lines.values_list("outcome").annotate(Count("id")))
    return {
        **told,
        **lines.aggregate(
            error_rows=Count("row", filter=Q(outcome="error"), distinct=True),
            hints=Count("id", filter=Q(outcome__in=WRITTEN) & ~Q(hint="")),
            changed=Count("id", filter=Q(changed_since_preview=True)),
            new_products=Count("product_key", filter=Q(outcome__in=WRITTEN, product_row=None), distinct=True),
            former_names=Coalesce(Sum("new_names__len"), 0),
            named_products=Count("product_row", filter=Q(new_names__len__gt=0), distinct=True),
        ),
        "rows": rows,
        "undecided_names": list_import.names.filter(is_undecided=True).count(),
        "new_organizations": _new_organizations(list_import),
    }


def _new_organizations(list_import: ListImport) -> int:
    written = list_import.lines.filter(outcome__in=WRITTEN).order_by()
    named = Q(name__in=written.values("manufacturer")) | Q(name__in=written.values("distributor"))
    new = list_import.names.filter(named, organization=None).order_by()
    return new.aggregate(new=Count("name_key", distinct=True))["new"]
