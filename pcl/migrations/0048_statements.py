
import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('pcl', '0047_crosswalks'),
    ]

    operations = [
        migrations.CreateModel(
            name='Statement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(help_text='As pcl.statement_number writes it.', max_length=20, unique=True)),
                ('date_of_service', models.DateField()),
                ('as_published', models.DateTimeField(help_text='Whose list was asked about; none for the list as it stood when the statement was issued.', null=True)),
                ('issued_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('is_in_force', models.BooleanField(help_text='Whether it is in force on the date of service, by the list as it stood when this was issued.')),
                ('said', models.JSONField(help_text='What it says, in the words in which it says it: pcl.queries.statement_content.')),
                ('fingerprint', models.CharField(help_text='Of question and answer: asked again, the same answer is the same statement.', max_length=64, unique=True)),
                ('change', models.ForeignKey(help_text='The last change of the listing by then.', on_delete=django.db.models.deletion.PROTECT, related_name='+', to='pcl.listingchange')),
                ('listing', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='statements', to='pcl.listing')),
            ],
            options={
                'ordering': ['-issued_at', '-id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('number__regex', '^S-[0-9]{4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]$')), name='statement_number_is_written_so'), models.CheckConstraint(condition=models.Q(('as_published', None), ('as_published__lte', models.F('issued_at')), _connector='OR'), name='statement_is_not_about_a_list_to_come'), models.CheckConstraint(condition=models.Q(('fingerprint__regex', '^[0-9a-f]{64}$')), name='statement_fingerprint_is_a_sha256')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='statement',
            trigger=pgtrigger.compiler.Trigger(name='a_statement_stands', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='678975ebe908cbbe491a3179ee0c9e5acdb41eaf', operation='UPDATE OR DELETE', pgid='pgtrigger_a_statement_stands_7e595', table='pcl_statement', when='BEFORE')),
        ),
    ]
