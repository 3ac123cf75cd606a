"""A name as the check compares it: reckoned by PostgreSQL, so that no program can leave it behind the name."""

from django.db import models
from django.db.models.expressions import RawSQL

# Without case, accents, punctuation and blanks, as pcl.text.fold has it: letters are taken apart from their accents
# (NFKD), and whatever is neither letter nor digit goes; marks that some collations count as letters go by name.
FOLDED = (
    "regexp_replace(lower(normalize(translate({name}, '™®℠©', ''), NFKD)), '([^[:alnum:]]|[\u0300-\u036f])+', '', 'g')"
)
# The same of what is looked for and is folded already where it is ASCII, whose letters are a byte each (a pattern takes
# twenty times as long to tell). One of which nothing is left is nobody's name.
FOLDED_KEY = (
    "CASE WHEN octet_length({name}) = char_length({name}) THEN {name}"
    f" ELSE coalesce(nullif({FOLDED}, ''), '?') END"
)


def folded(column: str) -> models.GeneratedField:
    """A column that always holds what is left of the text in `column`."""
    return models.GeneratedField(
        expression=RawSQL(FOLDED.format(name=column), []),  # noqa: S611  # constants of this program
        output_field=models.TextField(),
        db_persist=True,
    )
