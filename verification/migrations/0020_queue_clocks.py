"""Due days of applications, reckoned from the logs of those that are there."""

import datetime
from itertools import groupby
from typing import Any

import django.db.models.functions.comparison
from django.apps.registry import Apps
from django.db import migrations, models
from django.utils import timezone

from verification.clocks import clocks
from verification.workflow.clock import clock_of

CHUNK = 500


def reckon(apps: Apps, _: Any) -> None:
    application_model, log_model = (apps.get_model("verification", name) for name in ("Application", "TransitionLog"))
    kinds = dict(application_model.objects.exclude(status="draft").order_by("pk").values_list("pk", "kind"))
    keys = list(kinds)
    for begin in range(0, len(keys), CHUNK):
        logs = log_model.objects.filter(application__in=keys[begin : begin + CHUNK]).order_by("application_id", "number")
        found = []
        for key, steps in groupby(logs.values_list("application_id", "source", "target", "at"), lambda row: row[0]):
            days = [(source, target, timezone.localdate(at)) for _, source, target, at in steps]
            due_on, days_left = clock_of(days, clocks().review_of(kinds[key]))
            found.append(application_model(pk=key, due_on=due_on, days_left=days_left))
        application_model.objects.bulk_update(found, ["due_on", "days_left"])


class Migration(migrations.Migration):
    dependencies = [
        ("verification", "0010_documents"),
    ]

    operations = [
        migrations.AddField(
            model_name="application",
            name="days_left",
            field=models.SmallIntegerField(
                editable=False,
                help_text="Of its clock, while that stops; below 0 where it was overdue then.",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="application",
            name="due_on",
            field=models.DateField(
                editable=False,
                help_text="Last day on which a determination is in time; empty while it stops.",
                null=True,
            ),
        ),
        migrations.RunPython(reckon, migrations.RunPython.noop, elidable=True),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("days_left", None), ("due_on", None), ("status", "draft")),
                    models.Q(
                        ("days_left__isnull", False),
                        ("due_on", None),
                        ("status__in", frozenset(["information_requested"])),
                    ),
                    models.Q(
                        ("days_left", None),
                        ("due_on__isnull", False),
                        ("status__in", frozenset(["in_review", "recommended", "submitted"])),
                    ),
                    ("status__in", frozenset(["determined", "rejected", "withdrawn"])),
                    _connector="OR",
                ),
                name="application_has_a_clock_while_it_is_open",
            ),
        ),
        migrations.AddField(
            model_name="application",
            name="is_closed",
            field=models.GeneratedField(
                db_persist=True,
                expression=models.Q(("closed_at__isnull", False)),
                output_field=models.BooleanField(),
            ),
        ),
        migrations.AddField(
            model_name="application",
            name="due_rank",
            field=models.GeneratedField(
                db_persist=True,
                expression=django.db.models.functions.comparison.Coalesce(
                    "due_on", models.Value(datetime.date(9999, 12, 31))
                ),
                output_field=models.DateField(),
            ),
        ),
    ]
