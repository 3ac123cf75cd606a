from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("verification", "0091_xkinds_yearly_reminder"),
    ]

    operations = [
        migrations.AddField(
            model_name="authorization",
            name="end_told_days_before",
            field=models.PositiveSmallIntegerField(
                blank=True,
                editable=False,
                help_text="Of the reminders before its last day, the last that was sent.",
                null=True,
            ),
        ),
    ]
