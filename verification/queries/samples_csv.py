"""The list of samples as CSV, complete, straight from PostgreSQL."""

from collections.abc import Iterator

from django.db import connection
from django.db.models import F, QuerySet
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from pcl.queries.column import Harmless
from verification.models import Sample

COLUMNS: dict[str, Combinable] = {
    "dcn": Coalesce("used_again_for__dcn", "application__dcn"),
    "sent_for": F("application__dcn"),
    "product": Harmless(F("application__product_name")),
    "organization": Harmless(F("application__organization__name")),
    "what": Harmless(F("what")),
    "received_on": F("received_on"),
    "pieces": F("count"),
    "condition": F("condition"),
    "label_is_right": F("label_is_right"),
    "place": Harmless(F("place")),
    "keep_until": F("keep_until"),
    "gone": F("gone"),
    "gone_on": F("gone_on"),
}


def samples_as_csv(samples: QuerySet[Sample]) -> Iterator[bytes]:
    """Those samples in their order, in pieces as PostgreSQL sends them."""
    lines = samples.select_related(None).values_list(*COLUMNS.values())
    sql, parameters = lines.query.sql_with_params()
    yield (",".join(COLUMNS) + "\n").encode()
    with connection.cursor() as cursor, cursor.copy(f"COPY ({sql}) TO STDOUT WITH (FORMAT csv)", parameters) as copy:
        for piece in copy:
            yield bytes(piece)
