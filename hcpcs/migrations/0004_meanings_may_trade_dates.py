from django.db import migrations

# Two meanings of a string may trade their added dates in one statement, so the constraint must wait for its end. The
# model says so (deferrable), but Django leaves that out where a constraint also says how it takes NULL (nulls_distinct).
UNIQUE = 'ALTER TABLE hcpcs_code ADD CONSTRAINT code_meaning_once UNIQUE NULLS NOT DISTINCT ("code", "kind", "added")'
DROP = "ALTER TABLE hcpcs_code DROP CONSTRAINT code_meaning_once"


class Migration(migrations.Migration):

    dependencies = [
        ('hcpcs', '0003_release_imports'),
    ]

    operations = [
        migrations.RunSQL(
            [DROP, f"{UNIQUE} DEFERRABLE INITIALLY IMMEDIATE"],
            [DROP, UNIQUE],
        ),
    ]
