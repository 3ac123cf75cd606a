"""For requirements that were kept before their versions were: what the register said since when, from their changes."""

from django.db import migrations

# One that was entered before changes were recorded has been there, as far as anybody knows, as long as the list has.
FILL = """
ALTER TABLE pcl_requirement DISABLE TRIGGER USER;
UPDATE pcl_requirement AS requirement SET changed_at = coalesce(
    (SELECT max(at) FROM pcl_requirementchange AS change WHERE change.requirement_id = requirement.id),
    (SELECT min(at) FROM pcl_listingchange),
    changed_at
);
ALTER TABLE pcl_requirement ENABLE TRIGGER USER;

INSERT INTO pcl_requirementversion (
    requirement_id, code_id, product_group, in_force, publication_id, policy_article, lcd, exception_text,
    fallback_code, source, snapshot_date, changed_at, said
)
SELECT requirement_id,
    CASE WHEN code.code = told.what->>'code' THEN code.id ELSE coalesce(
        (SELECT id FROM hcpcs_code WHERE code = told.what->>'code' ORDER BY added DESC NULLS LAST LIMIT 1), code.id
    ) END,
    what->>'product_group', daterange((what->>'in_force_from')::date, (what->>'in_force_to')::date, '[]'),
    (SELECT id FROM pcl_publication WHERE slug = what->>'publication'),
    what->>'policy_article', what->>'lcd', what->>'exception_text', what->>'fallback_code', what->>'source',
    (what->>'snapshot_date')::date, told.at, tstzrange(told.at, told.until)
FROM (
    SELECT requirement_id, after AS what, at,
        lead(at) OVER (PARTITION BY requirement_id ORDER BY version) AS until
    FROM pcl_requirementchange
    UNION ALL
    SELECT requirement_id, before, least((SELECT min(at) FROM pcl_listingchange), at - interval '1 second'), at
    FROM (
        SELECT DISTINCT ON (requirement_id) * FROM pcl_requirementchange ORDER BY requirement_id, version
    ) AS earliest
    WHERE before IS NOT NULL
) AS told
JOIN pcl_requirement AS requirement ON requirement.id = told.requirement_id
JOIN hcpcs_code AS code ON code.id = requirement.code_id
WHERE told.until IS NULL OR told.at < told.until;

INSERT INTO pcl_requirementversion (
    requirement_id, code_id, product_group, in_force, publication_id, policy_article, lcd, exception_text,
    fallback_code, source, snapshot_date, changed_at, said
)
SELECT id, code_id, product_group, in_force, publication_id, policy_article, lcd, exception_text,
    fallback_code, source, snapshot_date, changed_at, tstzrange(changed_at, NULL)
FROM pcl_requirement AS requirement
WHERE NOT EXISTS (SELECT FROM pcl_requirementchange AS change WHERE change.requirement_id = requirement.id);
"""


class Migration(migrations.Migration):
    dependencies = [("pcl", "0062_what_was_required")]
    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
