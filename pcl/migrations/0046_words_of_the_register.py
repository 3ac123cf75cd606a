"""The register's vocabulary: for questions that find nothing, and for pages of broad ones."""

import django.contrib.postgres.fields
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

# As the triggers below keep it, of everything that the list has said so far.
FILL = """
    INSERT INTO pcl_word (word, of_model_number, codes)
    SELECT lexeme, of_model_number, array_agg(DISTINCT code ORDER BY code) FROM (
        SELECT DISTINCT lexeme, false AS of_model_number, code
        FROM pcl_entryversion, unnest(tsvector_to_array(ts_filter(search, '{a,b,c}'))) AS lexeme
        UNION ALL
        SELECT DISTINCT left(lexeme, 4), true, code
        FROM pcl_entryversion, unnest(tsvector_to_array(ts_filter(search, '{d}'))) AS lexeme
    ) AS said GROUP BY lexeme, of_model_number ORDER BY lexeme
"""


class Migration(migrations.Migration):

    dependencies = [
        ('pcl', '0045_check_batches'),
    ]

    operations = [
        migrations.CreateModel(
            name='Word',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('word', models.CharField(db_collation='C', max_length=60)),
                ('of_model_number', models.BooleanField(help_text='Then it is only the beginning of one.')),
                ('codes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=5), help_text='Under which it was found.', size=None)),
            ],
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='registerentry',
            trigger=pgtrigger.compiler.Trigger(name='words_shown_first_are_kept', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    INSERT INTO pcl_word AS known (word, of_model_number, codes)\n    SELECT lexeme, of_model_number, array_agg(DISTINCT code ORDER BY code) FROM (\n        SELECT DISTINCT lexeme, false AS of_model_number, code\n        FROM shown, unnest(tsvector_to_array(ts_filter(search, '{a,b,c}'))) AS lexeme\n        UNION ALL\n        SELECT DISTINCT left(lexeme, 4), true, code\n        FROM shown, unnest(tsvector_to_array(ts_filter(search, '{d}'))) AS lexeme\n    ) AS said GROUP BY lexeme, of_model_number\n    ON CONFLICT (word, of_model_number) DO UPDATE\n    SET codes = ARRAY(SELECT DISTINCT unnest(known.codes || EXCLUDED.codes) ORDER BY 1)\n    WHERE NOT known.codes @> EXCLUDED.codes;\nRETURN NULL;", hash='d0bf1003a7aea8cf0a9164fd86109f2dc7f78862', level='STATEMENT', operation='INSERT', pgid='pgtrigger_words_shown_first_are_kept_4153b', referencing='REFERENCING NEW TABLE AS shown ', table='pcl_registerentry', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='registerentry',
            trigger=pgtrigger.compiler.Trigger(name='words_shown_since_are_kept', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    INSERT INTO pcl_word AS known (word, of_model_number, codes)\n    SELECT lexeme, of_model_number, array_agg(DISTINCT code ORDER BY code) FROM (\n        SELECT DISTINCT lexeme, false AS of_model_number, code\n        FROM shown, unnest(tsvector_to_array(ts_filter(search, '{a,b,c}'))) AS lexeme\n        UNION ALL\n        SELECT DISTINCT left(lexeme, 4), true, code\n        FROM shown, unnest(tsvector_to_array(ts_filter(search, '{d}'))) AS lexeme\n    ) AS said GROUP BY lexeme, of_model_number\n    ON CONFLICT (word, of_model_number) DO UPDATE\n    SET codes = ARRAY(SELECT DISTINCT unnest(known.codes || EXCLUDED.codes) ORDER BY 1)\n    WHERE NOT known.codes @> EXCLUDED.codes;\nRETURN NULL;", hash='bc48d6cc9c95cc85e15261ae09c4a08dedf17ac4', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_words_shown_since_are_kept_77569', referencing='REFERENCING NEW TABLE AS shown ', table='pcl_registerentry', when='AFTER')),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name='word',
            constraint=models.UniqueConstraint(fields=('word', 'of_model_number'), name='word_kept_once'),
        ),
    ]
