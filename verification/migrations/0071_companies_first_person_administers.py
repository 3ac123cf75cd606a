from django.db import migrations

FIRST_OF_EACH = """
    UPDATE verification_representation SET is_administrator = true
    WHERE id IN (
        SELECT DISTINCT ON (organization_id) id FROM verification_representation
        WHERE confirmed_at IS NOT NULL AND ended_at IS NULL
        ORDER BY organization_id, confirmed_at, id
    )
"""


class Migration(migrations.Migration):
    """Whoever acts for an organization longest administers it: before, nobody did."""

    dependencies = [("verification", "0070_companies")]

    operations = [migrations.RunSQL(FIRST_OF_EACH, migrations.RunSQL.noop)]
