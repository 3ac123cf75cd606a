"""A name, and the days on which it was the name."""

from datetime import date, timedelta

from django.contrib.postgres.fields import DateRangeField
from django.db import models


class DatedName(models.Model):
    name = models.CharField(max_length=300)
    used = DateRangeField(help_text="Days on which this was the name; no begin where it is not known, no end today.")
    source = models.CharField(max_length=300, blank=True, help_text="The document that says so.")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def last_day(self) -> date | None:
        """The last day on which this was the name, inclusive; None where it is not known, and while it still is."""
        return None if self.used.upper is None else self.used.upper - timedelta(days=1)
