from django.db import migrations


class Migration(migrations.Migration):
    """Nothing: its operations stand in 0001. Goes as soon as verification.0001_initial depends on 0001 instead."""

    dependencies = [("hcpcs", "0001_initial")]
    operations = []
