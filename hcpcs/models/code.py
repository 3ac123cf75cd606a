"""One meaning of a code or modifier. What a listing is bound to."""

from datetime import date

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.db.models.expressions import RawSQL

from hcpcs.models.record_layout import Kind, RecordLayout
from hcpcs.models.release import Release

# The words as they are written, so that the beginning of one finds it; the query brings the English stems along, since
# a stem is the beginning of its words, too. An array of words costs half of what `to_tsvector` does, and knows no file
# names: to that, "and/or" would be one. A blank stays as it is: to find it and put a blank in its place takes longer
# than everything else here.
_TEXT = "code || ' ' || long_description || ' ' || short_description"
SEARCH_VECTOR = (
    "array_to_tsvector(array_remove(string_to_array("
    f"lower(regexp_replace({_TEXT}, '[^[:alnum:] ]+', ' ', 'g')), ' '), ''))"
)


class Code(RecordLayout):
    """One meaning of a code string, with the values of the newest release that has it.

    Derived from the loaded releases (`derive_catalogue`) and never written otherwise. CMS uses a code string again with
    a new meaning now and then; each meaning is a row of its own. The id of a meaning never changes.
    """

    # Without an index each: every import moves `last_release` of nearly all rows, and so touches no index. For the same
    # reason the table's pages are filled by half only (fillfactor, in 0001_initial).
    first_release = models.ForeignKey(
        Release, on_delete=models.PROTECT, related_name="codes_first_seen", db_index=False
    )
    last_release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="codes_last_seen", db_index=False)
    search = models.GeneratedField(
        expression=RawSQL(SEARCH_VECTOR, []),  # noqa: S611  # a constant
        output_field=SearchVectorField(),
        db_persist=True,
    )

    class Meta:
        ordering = ["code", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "kind", "added"],
                nulls_distinct=False,
                # At the end of a statement: two meanings may trade dates in one.
                deferrable=models.Deferrable.IMMEDIATE,
                name="code_meaning_once",
            ),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="code_kind_is_known"),
            models.CheckConstraint(
                condition=Q(added=None) | Q(terminated=None) | Q(terminated__gte=F("added")),
                name="code_not_terminated_before_added",
            ),
        ]
        # In order of code and id by the constraint's index: its rows come by code, and few codes have two.
        indexes = [GinIndex(fields=["search"], name="code_search")]

    def __str__(self) -> str:
        return f"{self.code} {self.short_description}".strip()

    def valid_on(self, day: date) -> bool:
        """Whether the code may be used on date of service `day`; added and termination date both included.

        Record layout 269-276 and 285-292. The action date and the action code say nothing about validity. CMS gives
        every code an added date; one without counts as always having been there.
        """
        return (self.added is None or self.added <= day) and (self.terminated is None or day <= self.terminated)

    def ended_on(self, day: date) -> bool:
        """Whether the last day of use lies before `day`."""
        return self.terminated is not None and self.terminated < day

    def begins_after(self, day: date) -> bool:
        """Whether the code is published but not yet usable on `day`."""
        return self.added is not None and day < self.added
