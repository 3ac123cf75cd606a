"""Changes as rows of a file: as the change feed tells them, and as they are hashed."""

from django.db.models import CharField, F, Func

from pcl.queries.column import Column, ColumnKind

# As pcl.services.changes.instant_text writes it.
AT = Func(
    F("at"),
    template="""to_char(%(expressions)s AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')""",
    output_field=CharField(),
)
_LISTED = '{"id": 1, "code": "K1007", "product": "ReWalk", "effective_to": null, …}'


def change_columns() -> list[Column]:
    return [
        Column("seq", "1, 2, 3 … without a gap.", F("seq"), kind=ColumnKind.INTEGER, example="120", typed=False),
        Column(
            "at",
            "When the register began to say so, in UTC, as it is hashed.",
            AT,
            kind=ColumnKind.INSTANT,
            example="2024-01-02T15:04:05.678900Z",
            typed=False,
        ),
        Column(
            "kind",
            "listed, end_dated, extended, reinstated, rescinded, recoded, renamed or corrected.",
            F("kind"),
            example="end_dated",
            typed=False,
        ),
        Column("listing", "The listing's id.", F("listing_id"), kind=ColumnKind.INTEGER, example="1", typed=False),
        Column(
            "before",
            "What the register said of the listing, in the names of its columns; empty when it is new; of a listing "
            "that continues an earlier one, what it said of that one.",
            F("before"),
            kind=ColumnKind.JSON,
            example=_LISTED,
            typed=False,
        ),
        Column("after", "What it says since.", F("after"), kind=ColumnKind.JSON, example=_LISTED, typed=False),
        Column("reason", "Why.", F("reason"), example="The manufacturer withdrew the product."),
        Column(
            "previous_hash",
            "The hash of the change before; 64 zeros for the first.",
            F("previous_hash"),
            example="0000…",
            typed=False,
        ),
        Column(
            "hash",
            "SHA-256 of the other fields: docs/verifying.md says how it is reckoned.",
            F("hash"),
            example="1a68bf08…",
            typed=False,
        ),
    ]
