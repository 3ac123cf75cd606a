"""A DMEPOS fee schedule of CMS, as it was loaded."""

from datetime import date, timedelta

from django.db import models
from django.utils import timezone

from hcpcs.models.release import QUARTER_MONTHS

LAST_MONTHS = {1: "March", 2: "June", 3: "September", 4: "December"}


class FeeSchedule(models.Model):
    """The fees of one quarter of dates of service. A file of the same year, quarter and revision replaces it."""

    year = models.PositiveSmallIntegerField()
    quarter = models.PositiveSmallIntegerField()
    # CMS corrects a quarter now and then. A higher revision stands beside the earlier ones and is the one that counts.
    revision = models.PositiveSmallIntegerField(default=1)
    file_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    source = models.TextField(blank=True, help_text="Where the file was obtained, in words or as an address.")
    imported_at = models.DateTimeField(default=timezone.now, editable=False)
    row_count = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["year", "quarter", "revision"]
        constraints = [
            models.UniqueConstraint(fields=["sha256"], name="fee_file_loaded_once"),
            models.UniqueConstraint(fields=["year", "quarter", "revision"], name="fee_schedule_named_once"),
            models.CheckConstraint(condition=models.Q(quarter__range=(1, 4)), name="fee_schedule_quarter_is_1_to_4"),
            models.CheckConstraint(condition=models.Q(year__range=(1983, 2200)), name="fee_schedule_year_is_plausible"),
            models.CheckConstraint(condition=models.Q(revision__gte=1), name="fee_schedule_revision_from_1"),
        ]

    def __str__(self) -> str:
        return f"DMEPOS fee schedule {self.label}"

    @property
    def label(self) -> str:
        """Such as "April to June 2025", or "April to June 2025, revision 2"."""
        revision = f", revision {self.revision}" if self.revision > 1 else ""
        return f"{quarter_label(self.year, self.quarter)}{revision}"

    @property
    def effective_from(self) -> date:
        """The first date of service that it is for."""
        return first_day(self.year, self.quarter)

    @property
    def effective_to(self) -> date:
        """The last date of service that it is for."""
        following = (self.year + 1, 1) if self.quarter == 4 else (self.year, self.quarter + 1)
        return first_day(*following) - timedelta(days=1)


def first_day(year: int, quarter: int) -> date:
    return date(year, 3 * quarter - 2, 1)


def quarter_of(day: date) -> tuple[int, int]:
    """Year and quarter of a date of service."""
    return day.year, (day.month + 2) // 3


def quarter_label(year: int, quarter: int) -> str:
    return f"{QUARTER_MONTHS[quarter]} to {LAST_MONTHS[quarter]} {year}"
