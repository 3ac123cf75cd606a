import django.utils.timezone
from django.db import migrations, models

import pcl.models.check_batch


class Migration(migrations.Migration):
    dependencies = [("pcl", "0056_entries_by_change")]

    operations = [
        migrations.CreateModel(
            name="CheckFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "token",
                    models.CharField(
                        default=pcl.models.check_batch.new_token, editable=False, max_length=43, unique=True
                    ),
                ),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("as_published", models.DateTimeField(help_text="As of its batch.", null=True)),
                ("told", models.JSONField(help_text="Its columns and first rows, and what was made of them.")),
                (
                    "content",
                    models.BinaryField(help_text="All its rows; see pcl/queries/check_file/kept_file.py."),
                ),
            ],
            options={
                "ordering": ["-made_at"],
                "indexes": [models.Index(fields=["made_at"], name="check_file_by_age")],
            },
        ),
    ]
