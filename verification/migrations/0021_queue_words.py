"""The words by which an application is found in the queue, also of those that are there, and the queue's indexes."""

from typing import Any

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models

from verification.application_words import words_of

CHUNK = 500


def keep(apps: Apps, _: Any) -> None:
    application_model, words_model = (
        apps.get_model("verification", name) for name in ("Application", "ApplicationWords")
    )
    submitted = application_model.objects.exclude(status="draft").select_related("organization")
    submitted = submitted.prefetch_related("models", "requested_codes__code").order_by("pk")
    kept = []
    for application in submitted.iterator(chunk_size=CHUNK):
        names = (
            application.product_name,
            application.manufacturer_name,
            application.distributor_name,
            application.organization.name,
        )
        words = words_of(
            dcn=application.dcn,
            names=names,
            codes=[requested.code.code for requested in application.requested_codes.all()],
            model_numbers=[model.model_number for model in application.models.all()],
        )
        kept.append(words_model(application_id=application.pk, words=words))
    words_model.objects.bulk_create(kept, batch_size=CHUNK)


class Migration(migrations.Migration):

    dependencies = [
        ('verification', '0020_queue_clocks'),
    ]

    operations = [
        migrations.CreateModel(
            name='ApplicationWords',
            fields=[
                ('application', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='words', serialize=False, to='verification.application')),
                ('words', django.contrib.postgres.search.SearchVectorField()),
            ],
        ),
        migrations.AddIndex(
            model_name='application',
            index=models.Index(fields=['is_closed', 'due_rank', 'id'], name='queue_by_due_day'),
        ),
        migrations.AddIndex(
            model_name='application',
            index=models.Index(fields=['product_group', 'is_closed', 'due_rank', 'id'], name='queue_by_group'),
        ),
        migrations.AddIndex(
            model_name='application',
            index=models.Index(fields=['kind', 'is_closed', 'due_rank', 'id'], name='queue_by_kind'),
        ),
        migrations.AddIndex(
            model_name='application',
            index=models.Index(fields=['is_closed', 'submitted_at', 'id'], name='queue_by_submission'),
        ),
        migrations.AddIndex(
            model_name='application',
            index=models.Index(condition=models.Q(('closed_at__isnull', False)), fields=['closed_at', 'id'], name='queue_by_closing'),
        ),
        migrations.AddIndex(
            model_name='application',
            index=models.Index(condition=models.Q(('answer_due_on__isnull', False)), fields=['answer_due_on', 'id'], name='answers_by_due_day'),
        ),
        migrations.AddIndex(
            model_name='applicationwords',
            index=django.contrib.postgres.indexes.GinIndex(fields=['words'], name='application_words'),
        ),
        # Last: what was inserted in this transaction keeps its table from being altered.
        migrations.RunPython(keep, migrations.RunPython.noop, elidable=True),
    ]
