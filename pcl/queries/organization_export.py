"""Manufacturers and distributors as rows of a file."""

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import DateField, F, Func, JSONField, OuterRef, TextField, Value
from django.db.models.functions import Concat, JSONObject

from pcl.models import OrganizationName
from pcl.queries.column import Column, ColumnKind


def organization_columns(*, site: str) -> list[Column]:
    names = OrganizationName.objects.filter(organization=OuterRef("pk")).order_by("used", "pk")
    one = JSONObject(
        name="name",
        used_from=Func(F("used"), function="lower", output_field=DateField()),
        used_to=Func(F("used"), template="(upper(%(expressions)s) - 1)", output_field=DateField()),
        source="source",
    )
    other_names = Func(ArraySubquery(names.values(told=one)), function="to_jsonb", output_field=JSONField())
    return [
        Column("slug", "Its short name, which ends its address.", F("slug"), example="argo-technologies", typed=False),
        Column("name", "Its name today.", F("name"), example="Argo Technologies"),
        Column(
            "other_names",
            "Former names, each with its first and last day (null where not known) and the document that says so.",
            other_names,
            kind=ColumnKind.JSON,
            example='[{"name": "Argo Ltd.", "source": "Letter", "used_to": "2019-12-31", "used_from": null}]',
            typed=False,
        ),
        Column(
            "merged_into",
            "The short name (slug) of the organization that it became part of; empty where it stands by itself.",
            F("merged_into__slug"),
            example="lifeward",
            typed=False,
        ),
        Column(
            "url",
            "Its page.",
            Concat(Value(f"{site}/organizations/"), F("slug"), Value("/"), output_field=TextField()),
            example="https://register.example/organizations/argo-technologies/",
            typed=False,
        ),
    ]
