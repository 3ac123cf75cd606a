"""A release that somebody asked to have loaded: looked at before anything is written, then loaded, and its report."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from hcpcs.models.record_layout import Kind
from hcpcs.models.release import Release


class ImportState(models.TextChoices):
    READING = "reading", "Being read"
    READY = "ready", "Waits for confirmation"
    CONFIRMED = "confirmed", "Being loaded"
    LOADED = "loaded", "Loaded"
    FAILED = "failed", "Not loaded"
    DISCARDED = "discarded", "Discarded"


# Longer than any step of a job is silent.
SILENT_AFTER = timedelta(seconds=20)
# A job is at work, or will be.
AT_WORK = frozenset({ImportState.READING, ImportState.CONFIRMED})
_CONFIRMED = Q(state__in=[ImportState.CONFIRMED, ImportState.LOADED])
_OVER = Q(state__in=[ImportState.LOADED, ImportState.FAILED, ImportState.DISCARDED])


class ReleaseImport(models.Model):
    """One wish to load a release, from the file or address to the report. Only the services write it."""

    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now, editable=False)
    # Where it comes from: an address, or else a file that was uploaded.
    address = models.TextField(blank=True)
    # The bytes as they came (an archive stays one), until `forget_old_files`.
    file = models.FileField(upload_to="releases/", max_length=255, blank=True)
    file_name = models.CharField(max_length=255, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    # Where the person knows better than CMS's file name.
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    quarter = models.PositiveSmallIntegerField(null=True, blank=True)
    revision = models.PositiveIntegerField(null=True, blank=True)
    is_complete = models.BooleanField(default=True)

    state = models.CharField(max_length=9, choices=ImportState, default=ImportState.READING)
    # How far a job is: bytes of a download, lines of a file.
    stage = models.CharField(max_length=60, blank=True)
    done = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField(default=0)
    # The last sign of life of the job.
    noted_at = models.DateTimeField(null=True, blank=True)
    # Another release was loaded before this one could be, so its preview was made anew.
    renewed_at = models.DateTimeField(null=True, blank=True)
    # Why it failed, for the person who asked.
    failure = models.TextField(blank=True)

    # What the file is and would do (once loaded: did). The lines are `ReleaseImportLine`.
    release_label = models.CharField(max_length=80, blank=True)
    member = models.CharField(max_length=255, blank=True)
    note = models.TextField(blank=True)
    counts = models.JSONField(default=dict, blank=True)
    # Of the loaded releases that the report was reckoned against.
    seen_catalogue = models.CharField(max_length=64, blank=True)

    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    release = models.ForeignKey(Release, on_delete=models.SET_NULL, null=True, blank=True, related_name="imports")

    class Meta:
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ImportState.values), name="release_import_state_is_known"),
            models.CheckConstraint(
                condition=Q(confirmed_by=None, confirmed_at=None)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
                name="release_import_confirmed_by_somebody",
            ),
            models.CheckConstraint(
                condition=~_CONFIRMED | Q(confirmed_at__isnull=False), name="release_import_loaded_only_if_confirmed"
            ),
            models.CheckConstraint(
                condition=(_OVER & Q(finished_at__isnull=False)) | (~_OVER & Q(finished_at=None)),
                name="release_import_finished_when_over",
            ),
            models.CheckConstraint(
                condition=~Q(state=ImportState.FAILED) | ~Q(failure=""), name="release_import_failure_is_explained"
            ),
            models.CheckConstraint(
                condition=~Q(address="") | ~Q(file_name=""), name="release_import_comes_from_somewhere"
            ),
        ]

    def __str__(self) -> str:
        return self.release_label or self.file_name or self.address

    @property
    def is_at_work(self) -> bool:
        return self.state in AT_WORK

    @property
    def is_silent(self) -> bool:
        """Whether a job that had begun has given no sign of life for SILENT_AFTER."""
        return self.is_at_work and self.noted_at is not None and timezone.now() - self.noted_at > SILENT_AFTER

    @property
    def file_kept_until(self) -> Any:
        """The instant after which the file may be deleted."""
        return self.asked_at + timedelta(days=settings.RELEASE_FILE_DAYS)


class Section(models.TextChoices):
    ADDED = "added", "Added"
    REUSED = "reused", "Used again with a new meaning"
    ENDED = "ended", "Ended"
    CHANGED = "changed", "Changed"
    REMOVED = "removed", "Removed"
    ABSENT = "absent", "Missing in the file"
    SKIPPED = "skipped", "Skipped lines"
    WARNING = "warning", "Warnings"


class ReleaseImportLine(models.Model):
    """One line of the report."""

    release_import = models.ForeignKey(ReleaseImport, on_delete=models.CASCADE, related_name="lines", db_index=False)
    section = models.CharField(max_length=8, choices=Section)
    # From 1, in the order of the report.
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=8, choices=Kind, blank=True)
    code = models.CharField(max_length=5, blank=True)
    # The changed field's name in hcpcs/models/record_layout.py.
    field = models.CharField(max_length=40, blank=True)
    before = models.TextField(blank=True)
    # Of an added code, its description; of an ended one, its last day; of a warning or a skipped line, what it says.
    after = models.TextField(blank=True)

    class Meta:
        ordering = ["release_import", "section", "number"]
        constraints = [
            models.UniqueConstraint(fields=["release_import", "section", "number"], name="release_import_line_once"),
            models.CheckConstraint(condition=Q(section__in=Section.values), name="release_import_section_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.section} {self.number}: {self.code} {self.field}".rstrip()
