"""For a register that was kept before its versions were: what it said since when, from its changes."""

from django.db import migrations

FILL = """
ALTER TABLE pcl_registerentry DISABLE TRIGGER USER;
UPDATE pcl_registerentry AS entry SET in_force = entry.effective * daterange(code.added, code.terminated, '[]')
FROM hcpcs_code AS code WHERE code.id = entry.code_meaning_id;
ALTER TABLE pcl_registerentry ENABLE TRIGGER USER;

INSERT INTO pcl_entryversion (
    listing_id, code_meaning_id, manufacturer_organization_id, distributor_organization_id, code, manufacturer,
    distributor, product, model_number, model_normalized, classification, effective, in_force, origin, comment,
    published_at, changed_at, search, said
)
SELECT listing_id, code_meaning_id, manufacturer_organization_id, distributor_organization_id, after->>'code',
    after->>'manufacturer', coalesce(after->>'distributor', ''), after->>'product',
    coalesce(after->>'model_number', ''), model_normalized, after->>'classification', dates, dates * validity,
    after->>'origin', after->>'comment', published_at, at, search, tstzrange(at, until)
FROM (
    SELECT entry.*, change.after, change.at,
        lead(change.at) OVER (PARTITION BY change.listing_id ORDER BY change.seq) AS until,
        daterange((after->>'effective_from')::date, (after->>'effective_to')::date, '[]') AS dates,
        daterange(code.added, code.terminated, '[]') AS validity
    FROM pcl_listingchange AS change
    JOIN pcl_registerentry AS entry USING (listing_id)
    JOIN hcpcs_code AS code ON code.id = entry.code_meaning_id
) AS told
WHERE until IS NULL OR at < until;
"""


class Migration(migrations.Migration):
    dependencies = [("pcl", "0002_what_the_list_said")]
    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
