"""The register's own vocabulary: what a search may have meant, and under which codes it need not look."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

# A model number is one among a million: only its beginning is kept. What begins otherwise is not that number.
LENGTH_OF_BEGINNING = 4
# Rows of `{shown}` have `search` and `code`. Writers stand at the chain of changes one by one, so none meets another.
KEEP_WORDS = f"""
    INSERT INTO pcl_word AS known (word, of_model_number, codes)
    SELECT lexeme, of_model_number, array_agg(DISTINCT code ORDER BY code) FROM (
        SELECT DISTINCT lexeme, false AS of_model_number, code
        FROM {{shown}}, unnest(tsvector_to_array(ts_filter(search, '{{{{a,b,c}}}}'))) AS lexeme
        UNION ALL
        SELECT DISTINCT left(lexeme, {LENGTH_OF_BEGINNING}), true, code
        FROM {{shown}}, unnest(tsvector_to_array(ts_filter(search, '{{{{d}}}}'))) AS lexeme
    ) AS said GROUP BY lexeme, of_model_number
    ON CONFLICT (word, of_model_number) DO UPDATE
    SET codes = ARRAY(SELECT DISTINCT unnest(known.codes || EXCLUDED.codes) ORDER BY 1)
    WHERE NOT known.codes @> EXCLUDED.codes;
"""  # noqa: S608  # a constant


class Word(models.Model):
    """A word under which a listing was ever shown, as pcl.text.fold writes it. Kept by triggers of RegisterEntry.

    Words and codes are never taken away, so a process that knows some words has only to read those with higher
    numbers, and a code that is missing here has no such listing, now or as the list ever stood.
    """

    word = models.CharField(max_length=60, db_collation="C")
    of_model_number = models.BooleanField(help_text="Then it is only the beginning of one.")
    codes = ArrayField(models.CharField(max_length=5), help_text="Under which it was found.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["word", "of_model_number"], name="word_kept_once")]

    def __str__(self) -> str:
        return self.word
