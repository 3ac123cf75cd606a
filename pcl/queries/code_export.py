"""Codes that a search finds, as CSV, and what each column of it means."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Case, CharField, DateField, Expression, F, Func, QuerySet, TextField, Value, When
from django.db.models.functions import Concat

from hcpcs.models import LAYOUT_FIELDS, Code, Kind
from hcpcs.queries.described_fields import field_texts
from pcl.queries.column import Column, ColumnKind
from pcl.queries.keyset import Order
from pcl.queries.row_stream import rows_as_csv

_FIRST = ("code", "kind", "status", "added", "terminated", "short_description", "long_description")
_REST = tuple(name for name in LAYOUT_FIELDS if name not in _FIRST and name != "sequence_number")
CODE_COLUMNS = (*_FIRST, *_REST, "url")
# Where the words of the record layout do not say what stands here.
_MEANINGS = {
    "kind": "code, or modifier.",
    "status": "current, ended or future on the date asked for, by added and terminated alone.",
    "url": "Its permanent page.",
}
_EXAMPLES = {
    "code": "K1007",
    "kind": "code",
    "status": "current",
    "added": "2020-10-01",
    "terminated": "2023-12-31",
    "short_description": "Bil hkaf pcs s/d micro sensor",
    "long_description": "Bilateral hip, knee, ankle, foot device, powered",
    "pricing_indicators": "36",
    "multiple_pricing_indicator": "A",
    "cim_references": "60-9",
    "mcm_references": "2130",
    "statute": "1861(s)",
    "lab_certifications": "100",
    "cross_references": "E0100",
    "coverage": "C",
    "asc_group": "YY",
    "asc_effective": "2008-01-01",
    "mog_group": "101",
    "mog_indicator": "1",
    "mog_effective": "2008-01-01",
    "processing_note": "0045",
    "betos": "D1E",
    "types_of_service": "9 P",
    "anesthesia_base_units": "5",
    "action_effective": "2020-10-01",
    "action_code": "N",
    "url": "https://register.example/codes/K1007/",
}


def code_columns(*, on: date, site: str) -> list[Column]:
    """The columns of a file in which the status is reckoned on `on` and addresses begin with `site`."""
    return [_column(name, on=on, site=site) for name in CODE_COLUMNS]


def codes_as_csv(codes: QuerySet[Code], *, order: Order, on: date, site: str) -> Iterator[bytes]:
    """The rows that the page and the API show, sorted alike: see `rows_as_csv`."""
    return rows_as_csv(order.sorted(codes, backward=False), code_columns(on=on, site=site))


def _column(name: str, *, on: date, site: str) -> Column:
    made = {"url": lambda: _url(site), "status": lambda: _status(on)}
    if name in made:
        return Column(name, _MEANINGS[name], made[name](), example=_EXAMPLES[name], typed=False)
    field: Any = Code._meta.get_field(name)  # noqa: SLF001  # Django's public `_meta`
    kind = _KINDS.get(field.get_internal_type(), ColumnKind.TEXT)
    expression: Expression | F = F(name)
    if kind is ColumnKind.TEXTS:
        expression = Func(F(name), template="array_remove(%(expressions)s, '')", output_field=field)
    is_text = kind in {ColumnKind.TEXT, ColumnKind.TEXTS}
    meaning = _MEANINGS.get(name) or _from_the_layout(name)
    return Column(name, meaning, expression, kind=kind, example=_EXAMPLES[name], typed=is_text)


_KINDS = {
    "DateField": ColumnKind.DAY,
    "PositiveSmallIntegerField": ColumnKind.INTEGER,
    "ArrayField": ColumnKind.TEXTS,
}


def _from_the_layout(name: str) -> str:
    said = field_texts()[name]
    return f"{said['label']}. {said['explanation']}"


def _url(site: str) -> Expression:
    folder = Case(When(kind=Kind.MODIFIER, then=Value("modifiers")), default=Value("codes"))
    return Concat(Value(f"{site}/"), folder, Value("/"), F("code"), Value("/"), output_field=TextField())


def _status(on: date) -> Expression:
    return Case(
        When(terminated__lt=Value(on, DateField()), then=Value("ended")),
        When(added__gt=Value(on, DateField()), then=Value("future")),
        default=Value("current"),
        output_field=CharField(),
    )
