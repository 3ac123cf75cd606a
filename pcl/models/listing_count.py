"""How many listings begin and end in each month, by code and product group: what the pictures are drawn from.

Counting a million rows takes a second, adding up some ten thousand counts takes some milliseconds. The counts are kept
by the database itself, by a trigger for each statement on the register's entries: whoever writes entries, one or a
hundred thousand at once, they agree within the same transaction. `RECOUNT` makes them anew, for doubts.
"""

import pgtrigger
from django.db import models

TABLE = "pcl_listingcount"


class ListingCount(models.Model):
    """Only the database writes it. Days are the listing's own: whether its code is valid is asked when it is read."""

    code_meaning = models.ForeignKey("hcpcs.Code", on_delete=models.CASCADE, related_name="+", db_constraint=False)
    classification = models.CharField(max_length=120, blank=True)
    month = models.DateField(help_text="Its first day.")
    began = models.IntegerField(default=0, help_text="Listings whose first day is in the month.")
    gone = models.IntegerField(default=0, help_text="Listings whose first day without them is in the month.")
    last_days = models.IntegerField(default=0, help_text="Listings whose last day is in the month.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code_meaning", "classification", "month"], name="listings_counted_once"),
        ]
        indexes = [models.Index(fields=["classification", "month"], name="listing_count_by_group")]

    def __str__(self) -> str:
        return f"{self.code_meaning} {self.classification} {self.month:%Y-%m}"


def _of_entries(table: str, sign: str) -> str:
    """Three counts of each entry in `table`, added or, with the sign "-", taken away."""
    key = "SELECT code_meaning_id, classification"
    day = "date_trunc('month', ({})::timestamp)::date"
    first, gone, last = (day.format(each) for each in ("lower(effective)", "upper(effective)", "upper(effective) - 1"))
    return f"""
        {key}, {first} AS month, {sign}1 AS began, 0 AS gone, 0 AS last_days FROM {table}
        UNION ALL {key}, {gone}, 0, {sign}1, 0 FROM {table} WHERE NOT upper_inf(effective)
        UNION ALL {key}, {last}, 0, 0, {sign}1 FROM {table} WHERE NOT upper_inf(effective)
    """


def counting(*sources: tuple[str, str]) -> str:
    """SQL that adds to the counts what `sources`, pairs of a table and a sign, hold."""
    counted = " UNION ALL ".join(_of_entries(table, sign) for table, sign in sources)
    # In one order, so that two writers wait for one another instead of locking each other out.
    return f"""
        INSERT INTO {TABLE} AS kept (code_meaning_id, classification, month, began, gone, last_days)
        SELECT code_meaning_id, classification, month, sum(began), sum(gone), sum(last_days)
        FROM ({counted}) AS each
        GROUP BY code_meaning_id, classification, month
        HAVING sum(began) <> 0 OR sum(gone) <> 0 OR sum(last_days) <> 0
        ORDER BY code_meaning_id, classification, month
        ON CONFLICT (code_meaning_id, classification, month) DO UPDATE
        SET began = kept.began + excluded.began,
            gone = kept.gone + excluded.gone,
            last_days = kept.last_days + excluded.last_days;
    """  # noqa: S608  # names of tables, written here


RECOUNT = f"DELETE FROM {TABLE}; {counting(('pcl_registerentry', ''))}"  # noqa: S608


def keeps_count() -> list[pgtrigger.Trigger]:
    """The triggers of the table whose rows are counted, and never deleted."""

    def trigger(operation: pgtrigger.Operation, **tables: str) -> pgtrigger.Trigger:
        sources = [(table, "-" if age == "old" else "") for age, table in tables.items()]
        return pgtrigger.Trigger(
            name=f"counts_each_{str(operation).lower()}",
            level=pgtrigger.Statement,
            when=pgtrigger.After,
            operation=operation,
            referencing=pgtrigger.Referencing(**tables),
            func=f"{counting(*sources)} RETURN NULL;",
        )

    return [
        trigger(pgtrigger.Insert, new="new_entries"),
        trigger(pgtrigger.Update, old="old_entries", new="new_entries"),
    ]
