"""The requirements that a filter means, as CSV, straight from PostgreSQL."""

from collections.abc import Iterator
from datetime import date

from django.db import connection
from django.db.models import Case, CharField, DateField, Expression, F, Func, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Concat

from pcl.models import Requirement
from pcl.queries.keyset import Order
from pcl.queries.listing_export import Harmless

REQUIREMENT_COLUMNS = (
    "code",
    "code_description",
    "product_group",
    "in_force_from",
    "in_force_to",
    "presumed",
    "policy_article",
    "lcd",
    "exception_text",
    "fallback_code",
    "publication",
    "publication_url",
    "source",
    "snapshot_date",
    "url",
)
_TYPED = {
    "code_description": "code__long_description",
    "policy_article": "policy_article",
    "lcd": "lcd",
    "exception_text": "exception_text",
    "fallback_code": "fallback_code",
    "publication": "publication__title",
    "source": "source",
}


def requirements_as_csv(requirements: QuerySet[Requirement], *, order: Order, on: date, site: str) -> Iterator[bytes]:
    """The rows that the page and the API show for date of service `on`, sorted alike, as PostgreSQL sends them.

    One statement, so that all rows are of one instant. `in_force_to` is the last date of service. `presumed` is true
    where nobody knows whether the requirement applied as early as `on`: see pcl/queries/requirements.py.
    """
    cells = [_cell(name, on=on, site=site) for name in REQUIREMENT_COLUMNS]
    asked = order.sorted(requirements.select_related(None).defer(None), backward=False).values_list(*cells)
    sql, parameters = asked.query.sql_with_params()
    yield (",".join(REQUIREMENT_COLUMNS) + "\n").encode()
    with connection.cursor() as cursor, cursor.copy(f"COPY ({sql}) TO STDOUT WITH (FORMAT csv)", parameters) as copy:
        for piece in copy:
            yield bytes(piece)


def _cell(name: str, *, on: date, site: str) -> Expression | F:
    if name in _TYPED:
        return Harmless(F(_TYPED[name]))
    is_early = Q(snapshot_date=None) | Q(snapshot_date__gt=on)
    made: dict[str, Expression | F] = {
        "code": F("code__code"),
        "in_force_from": Func(F("in_force"), function="lower", output_field=DateField()),
        "in_force_to": Func(F("in_force"), template="(upper(%(expressions)s) - 1)", output_field=DateField()),
        "presumed": Case(
            When(Q(in_force__startswith__isnull=True) & is_early, then=Value("true")),
            default=Value("false"),
            output_field=CharField(),
        ),
        "publication_url": _address("publications", "publication__slug", site=site),
        "url": _address("codes", "code__code", site=site),
    }
    return made.get(name, F(name))


def _address(folder: str, column: str, *, site: str) -> Expression:
    """Empty where the column is."""
    missing = When(**{f"{column}__isnull": True}, then=Value(None))
    full = Concat(Value(f"{site}/{folder}/"), F(column), Value("/"), output_field=TextField())
    return Case(missing, default=full, output_field=TextField())
