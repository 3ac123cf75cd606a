"""A file that CMS published, as it was loaded."""

from datetime import date
from typing import Any

from django.db import models
from django.utils import timezone

QUARTER_MONTHS = {1: "January", 2: "April", 3: "July", 4: "October"}


class FileFormat(models.TextChoices):
    """The text file is the safer source: CMS's own workbook of 2019 lacks 115 dates that the text has."""

    TEXT = "text", "Fixed-width text"
    WORKBOOK = "workbook", "Workbook"
    SEED = "seed", "Seed file of this project"


class Release(models.Model):
    """One release of the HCPCS Level II file. A re-issued file of the same year, quarter and revision replaces it."""

    year = models.PositiveSmallIntegerField()
    # An annual file (through 2019) has no quarter in its name; it is in force from 1 January, as quarter 1 is.
    quarter = models.PositiveSmallIntegerField(null=True, blank=True)
    # The number after `_v` in CMS's file name; 1 where the name has none.
    revision = models.PositiveIntegerField(default=1)
    file_name = models.CharField(max_length=255)
    file_format = models.CharField(max_length=8, choices=FileFormat, default=FileFormat.TEXT)
    sha256 = models.CharField(max_length=64)
    # False: absence from this release means nothing (the seed record, an excerpt).
    is_complete = models.BooleanField(default=True)
    source = models.TextField(blank=True, help_text="Where the file was obtained, in words or as an address.")
    imported_at = models.DateTimeField(default=timezone.now, editable=False)
    code_count = models.PositiveIntegerField(default=0)
    modifier_count = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["year", models.F("quarter").asc(nulls_first=True), "revision"]
        constraints = [
            models.UniqueConstraint(fields=["sha256"], name="release_file_loaded_once"),
            models.UniqueConstraint(
                fields=["year", "quarter", "revision", "is_complete"], nulls_distinct=False, name="release_named_once"
            ),
            models.CheckConstraint(
                condition=models.Q(quarter=None) | models.Q(quarter__range=(1, 4)), name="release_quarter_is_1_to_4"
            ),
            models.CheckConstraint(
                condition=models.Q(file_format__in=FileFormat.values), name="release_file_format_is_known"
            ),
            models.CheckConstraint(condition=models.Q(year__range=(1983, 2200)), name="release_year_is_plausible"),
        ]

    def __str__(self) -> str:
        return f"HCPCS Level II {self.label}"

    @property
    def label(self) -> str:
        """Such as "October 2025, revision 3"."""
        period = f"{QUARTER_MONTHS[self.quarter]} {self.year}" if self.quarter else f"{self.year} annual"
        partial = "" if self.is_complete else ", excerpt"
        return f"{period}, revision {self.revision}{partial}"

    @property
    def in_force_from(self) -> date:
        """The first day of the release's quarter."""
        return date(self.year, 3 * (self.quarter or 1) - 2, 1)

    @property
    def age_key(self) -> tuple[Any, ...]:
        """Sorts older before newer. Of one quarter, a complete file counts as newer than an excerpt."""
        return (self.year, self.quarter or 1, self.is_complete, self.revision, self.sha256)
