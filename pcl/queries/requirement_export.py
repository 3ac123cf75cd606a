"""The requirements that a filter means, as CSV, and what each column of it means."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import DateField, Expression, F, Func, Q, QuerySet, TextField, Value

from pcl.queries.column import Column, ColumnKind, Holds
from pcl.queries.keyset import Order
from pcl.queries.row_stream import rows_as_csv


def requirement_columns(*, on: date, site: str) -> list[Column]:
    """The columns of a file in which `presumed` is reckoned on `on` and addresses begin with `site`."""
    is_early = Q(snapshot_date=None) | Q(snapshot_date__gt=on)
    first_day = Func(F("in_force"), function="lower", output_field=DateField())
    last_day = Func(F("in_force"), template="(upper(%(expressions)s) - 1)", output_field=DateField())
    return [
        Column("code", "The code for which only listed products may be billed.", F("code__code"), example="K1007"),
        Column(
            "code_description",
            "CMS's long description of the code.",
            F("code__long_description"),
            example="Bilateral hip, knee, ankle, foot device, powered",
        ),
        Column(
            "product_group",
            "The product group, in small letters with hyphens.",
            F("product_group"),
            example="powered-orthoses",
            typed=False,
        ),
        Column(
            "in_force_from",
            "First date of service to which the requirement applies; empty where no source names one.",
            first_day,
            kind=ColumnKind.DAY,
            example="2024-04-01",
            typed=False,
        ),
        Column(
            "in_force_to",
            "Last date of service to which it applies, inclusive; empty while no end is set.",
            last_day,
            kind=ColumnKind.DAY,
            example="2026-12-31",
            typed=False,
        ),
        Column(
            "presumed",
            "true: no source says whether it applied on a day as early as the one asked for; it is taken to have.",
            Holds(Q(in_force__startswith__isnull=True) & is_early),
            kind=ColumnKind.FLAG,
            example="false",
            typed=False,
        ),
        Column("policy_article", "The policy article that says so.", F("policy_article"), example="A52465"),
        Column("lcd", "The local coverage determination.", F("lcd"), example="L33686"),
        Column(
            "exception_text",
            "Products that need not be listed.",
            F("exception_text"),
            example="Custom fabricated devices",
        ),
        Column(
            "fallback_code",
            "What to bill for a product that is not listed.",
            F("fallback_code"),
            example="A9270",
        ),
        Column(
            "publication",
            "Title of the publication that announced it; empty where this register has none.",
            F("publication__title"),
            example="Powered Exoskeleton - Correct Coding",
        ),
        Column(
            "publication_url",
            "The publication's page.",
            _address("publications", "publication__slug", site=site),
            example="https://register.example/publications/powered-exoskeleton/",
            typed=False,
        ),
        Column("source", "The document or list that was read.", F("source"), example="PDAC list of 2026-01-05"),
        Column(
            "snapshot_date",
            "The day on which the source said so; empty where it has none.",
            F("snapshot_date"),
            kind=ColumnKind.DAY,
            example="2026-01-05",
            typed=False,
        ),
        Column(
            "url",
            "The code's page.",
            _address("codes", "code__code", site=site),
            example="https://register.example/codes/K1007/",
            typed=False,
        ),
    ]


def requirements_as_csv(requirements: QuerySet[Any], *, order: Order, on: date, site: str) -> Iterator[bytes]:
    """The rows that the page and the API show for date of service `on`, sorted alike: see `rows_as_csv`.

    `presumed` is true where nobody knows whether the requirement applied as early as `on`: pcl/queries/requirements.py.
    """
    asked = order.sorted(requirements.select_related(None).defer(None), backward=False)
    return rows_as_csv(asked, requirement_columns(on=on, site=site))


def _address(folder: str, column: str, *, site: str) -> Expression:
    """Empty where the column is."""
    # `||` is null where a part of it is; Django's Concat would say "".
    full = Func(Value(f"{site}/{folder}/"), F(column), Value("/"), template="(%(expressions)s)", arg_joiner=" || ")
    full.output_field = TextField()
    return full
