import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.conf import settings
from django.db import migrations, models

# What the trigger does for each new change, for those that were made before there was a trigger.
SUBJECTS_OF_EARLIER_CHANGES = """
    WITH made AS (
        SELECT change.seq, product.id AS product,
            unnest(ARRAY[product.manufacturer_id, product.distributor_id]) AS organization
        FROM pcl_listingchange change
        JOIN pcl_listing listing ON listing.id = change.listing_id
        JOIN pcl_productmodel model ON model.id = listing.model_id
        JOIN pcl_product product ON product.id = model.product_id
    )
    INSERT INTO pcl_changesubject (about, change_id)
    SELECT 'code:' || (after->>'code'), seq FROM pcl_listingchange
    UNION
    SELECT 'code:' || (before->>'code'), seq FROM pcl_listingchange WHERE before->>'code' IS NOT NULL
    UNION
    SELECT 'product:' || product, seq FROM made
    UNION
    SELECT 'organization:' || organization, seq FROM made WHERE organization IS NOT NULL
    UNION
    SELECT 'organization:' || merged.id, made.seq
    FROM made JOIN pcl_organization merged ON merged.merged_into_id = made.organization
    UNION
    SELECT 'organization:' || former.id, change.seq
    FROM pcl_listingchange change
    CROSS JOIN LATERAL unnest(ARRAY[change.before->>'manufacturer', change.before->>'distributor']) AS said(name)
    JOIN pcl_organization former ON former.name = said.name
    WHERE change.before->>'manufacturer' <> change.after->>'manufacturer'
       OR change.before->>'distributor' IS DISTINCT FROM change.after->>'distributor'
    ORDER BY 1, 2
"""


class Migration(migrations.Migration):

    dependencies = [
        ('pcl', '0042_publications_and_requirements'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ChangeSubject',
            fields=[
                ('pk', models.CompositePrimaryKey('about', 'change_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('about', models.CharField(help_text='code:K1007, organization:12 or product:34.', max_length=40)),
                ('change', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='subjects', to='pcl.listingchange')),
            ],
        ),
        migrations.RunSQL(SUBJECTS_OF_EARLIER_CHANGES, migrations.RunSQL.noop),
        migrations.CreateModel(
            name='Subscription',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('email', models.EmailField(help_text='In small letters. Never public.', max_length=254)),
                ('about', models.CharField(help_text='As ChangeSubject has it, such as code:K1007.', max_length=40)),
                ('frequency', models.CharField(choices=[('at_once', 'At once'), ('daily', 'Once a day')], default='at_once', max_length=10)),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now, help_text='When a link to confirm it was last sent.')),
                ('confirmed_at', models.DateTimeField(null=True)),
                ('told_seq', models.BigIntegerField(default=0, help_text='Changes up to this one were told, or were made before it was confirmed.')),
            ],
            options={
                'ordering': ['email', 'about'],
            },
        ),
        migrations.AddIndex(
            model_name='listingchange',
            index=models.Index(fields=['kind', 'seq'], name='change_by_kind'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='listingchange',
            trigger=pgtrigger.compiler.Trigger(name='a_change_is_about_something', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                    WITH made AS (\n                        SELECT change.seq, change.before, change.after, product.id AS product,\n                            unnest(ARRAY[product.manufacturer_id, product.distributor_id]) AS organization\n                        FROM new_changes change\n                        JOIN pcl_listing listing ON listing.id = change.listing_id\n                        JOIN pcl_productmodel model ON model.id = listing.model_id\n                        JOIN pcl_product product ON product.id = model.product_id\n                    )\n                    INSERT INTO pcl_changesubject (about, change_id)\n                    SELECT 'code:' || (after->>'code'), seq FROM new_changes\n                    UNION\n                    SELECT 'code:' || (before->>'code'), seq FROM new_changes WHERE before->>'code' IS NOT NULL\n                    UNION\n                    SELECT 'product:' || product, seq FROM made\n                    UNION\n                    SELECT 'organization:' || organization, seq FROM made WHERE organization IS NOT NULL\n                    UNION\n                    SELECT 'organization:' || merged.id, made.seq\n                    FROM made JOIN pcl_organization merged ON merged.merged_into_id = made.organization\n                    UNION\n                    SELECT 'organization:' || former.id, change.seq\n                    FROM new_changes change\n                    CROSS JOIN LATERAL unnest(\n                        ARRAY[change.before->>'manufacturer', change.before->>'distributor']\n                    ) AS said(name)\n                    JOIN pcl_organization former ON former.name = said.name\n                    WHERE change.before->>'manufacturer' <> change.after->>'manufacturer'\n                       OR change.before->>'distributor' IS DISTINCT FROM change.after->>'distributor'\n                    ORDER BY 1, 2;\n                    RETURN NULL;\n                ", hash='7b8a89b9cff5cd34b653d60da02b96f4b35b84f1', level='STATEMENT', operation='INSERT', pgid='pgtrigger_a_change_is_about_something_3aeb5', referencing='REFERENCING NEW TABLE AS new_changes ', table='pcl_listingchange', when='AFTER')),
        ),
        migrations.AddIndex(
            model_name='subscription',
            index=models.Index(condition=models.Q(('confirmed_at__isnull', True)), fields=['asked_at'], name='subscription_unconfirmed'),
        ),
        migrations.AddConstraint(
            model_name='subscription',
            constraint=models.UniqueConstraint(fields=('email', 'about'), name='one_subscription_of_an_address_to_a_subject'),
        ),
        migrations.AddConstraint(
            model_name='subscription',
            constraint=models.CheckConstraint(condition=models.Q(('frequency__in', ['at_once', 'daily'])), name='subscription_frequency_is_known'),
        ),
    ]
