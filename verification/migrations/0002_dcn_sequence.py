from django.db import migrations


class Migration(migrations.Migration):
    """Numbers for document control numbers. A sequence: two people who submit at once never wait for each other."""

    dependencies = [("verification", "0001_initial")]
    operations = [
        migrations.RunSQL("CREATE SEQUENCE verification_dcn", "DROP SEQUENCE verification_dcn"),
    ]
