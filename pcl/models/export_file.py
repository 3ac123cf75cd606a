"""The bulk files that can be downloaded: sets of them, each of one instant, and what went wrong in making one."""

from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse


class ExportNoun(models.TextChoices):
    LISTINGS = "listings", "Listings"
    CODES = "codes", "Codes and modifiers"
    REQUIREMENTS = "requirements", "Requirements"
    ORGANIZATIONS = "organizations", "Organizations"
    CHANGES = "changes", "Changes"


class ExportFormat(models.TextChoices):
    CSV = "csv", "CSV"
    XLSX = "xlsx", "Excel"
    NDJSON = "ndjson", "NDJSON"
    PARQUET = "parquet", "Parquet"


class ExportSet(models.Model):
    """One file of each noun and format, all of one instant. There is a row when all of them are complete."""

    generated_at = models.DateTimeField(unique=True, help_text="The instant that all of its files show.")
    change_seq = models.BigIntegerField(help_text="The newest change that is in it; 0 while there was none.")
    fingerprint = models.CharField(max_length=64, help_text="Of everything that its files tell: another, other files.")
    took = models.DurationField(help_text="How long it took to make.")

    class Meta:
        ordering = ["-generated_at"]
        constraints = [
            models.CheckConstraint(condition=Q(change_seq__gte=0), name="export_set_has_a_change_number"),
            models.CheckConstraint(condition=Q(took__gte=timedelta(0)), name="export_set_took_time"),
        ]

    def __str__(self) -> str:
        return f"files of {self.generated_at}"


class ExportFile(models.Model):
    """Its name says when it was made, and its bytes never change under that name."""

    export_set = models.ForeignKey(ExportSet, on_delete=models.CASCADE, related_name="files")
    noun = models.CharField(max_length=20, choices=ExportNoun)
    format = models.CharField(max_length=10, choices=ExportFormat)
    name = models.CharField(max_length=60, unique=True)
    rows = models.BigIntegerField()
    bytes = models.BigIntegerField()
    sha256 = models.CharField(max_length=64, help_text="In lower-case hexadecimal.")
    schema_version = models.CharField(max_length=10)

    class Meta:
        ordering = ["export_set", "id"]
        constraints = [
            models.UniqueConstraint(fields=["export_set", "noun", "format"], name="export_file_made_once_in_a_set"),
            models.CheckConstraint(condition=Q(noun__in=ExportNoun.values), name="export_noun_is_known"),
            models.CheckConstraint(condition=Q(format__in=ExportFormat.values), name="export_format_is_known"),
            models.CheckConstraint(condition=Q(rows__gte=0, bytes__gte=0), name="export_file_has_a_size"),
            models.CheckConstraint(condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="export_file_has_a_digest"),
            # Nothing that could leave the folder.
            models.CheckConstraint(
                condition=Q(name__regex=r"^[a-z]+-\d{4}-\d\d-\d\dT\d{6}Z\.[a-z]+$"),
                name="export_file_is_named_for_its_instant",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("public:export_file", args=[self.name])

    @property
    def path(self) -> Path:
        return Path(settings.EXPORT_FOLDER) / self.name


class ExportFailure(models.Model):
    """That a set could not be made. The last good one stays; the registrar is told until there is a newer one."""

    at = models.DateTimeField()
    reason = models.TextField()

    class Meta:
        ordering = ["-at"]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="export_failure_is_explained")]

    def __str__(self) -> str:
        return self.reason
