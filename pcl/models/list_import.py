"""An existing list that somebody asked to have imported: looked at before anything is written, then listed."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone


class ListImportState(models.TextChoices):
    READING = "reading", "Being read"
    READY = "ready", "Waits for confirmation"
    CONFIRMED = "confirmed", "Being imported"
    IMPORTED = "imported", "Imported"
    FAILED = "failed", "Not imported"
    DISCARDED = "discarded", "Discarded"


# A job is at work, or will be.
LIST_AT_WORK = frozenset({ListImportState.READING, ListImportState.CONFIRMED})
_CONFIRMED = Q(state__in=[ListImportState.CONFIRMED, ListImportState.IMPORTED])
_OVER = Q(state__in=[ListImportState.IMPORTED, ListImportState.FAILED, ListImportState.DISCARDED])


class ListImport(models.Model):
    """One wish to import a list, from the file to the report. Only the services write it."""

    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now, editable=False)
    file = models.FileField(upload_to="lists/", max_length=255, blank=True, help_text="Kept for LIST_FILE_DAYS.")
    file_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64, blank=True)
    source = models.CharField(max_length=300, help_text="Which list it is; public, beside each listing's reason.")
    reason = models.TextField(help_text="Public: it stands with each change.")
    first_day = models.DateField(null=True, blank=True, help_text="Of rows that state none.")

    state = models.CharField(max_length=9, choices=ListImportState, default=ListImportState.READING)
    # Why it failed, for the person who asked.
    failure = models.TextField(blank=True)
    # What the columns were taken for, once the file has been read.
    columns = models.JSONField(null=True, blank=True)
    # Lines of the report by outcome, and rows of the file.
    counts = models.JSONField(default=dict, blank=True)

    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    listing_count = models.PositiveIntegerField(default=0, help_text="Listings that it made.")
    name_count = models.PositiveIntegerField(
        default=0, help_text="Former names that products of the register got by it."
    )
    first_seq = models.BigIntegerField(null=True, blank=True, help_text="Its first change in the public history.")
    last_seq = models.BigIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ListImportState.values), name="list_import_state_is_known"),
            models.CheckConstraint(
                condition=Q(confirmed_by=None, confirmed_at=None)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
                name="list_import_confirmed_by_somebody",
            ),
            models.CheckConstraint(
                condition=~_CONFIRMED | Q(confirmed_at__isnull=False), name="list_imported_only_if_confirmed"
            ),
            models.CheckConstraint(
                condition=(_OVER & Q(finished_at__isnull=False)) | (~_OVER & Q(finished_at=None)),
                name="list_import_finished_when_over",
            ),
            models.CheckConstraint(
                condition=~Q(state=ListImportState.FAILED) | ~Q(failure=""), name="list_import_failure_is_explained"
            ),
            models.CheckConstraint(condition=~Q(reason="") & ~Q(source=""), name="list_import_says_why_and_whence"),
            models.CheckConstraint(
                condition=Q(state=ListImportState.IMPORTED, listing_count__gt=0, first_seq__isnull=False)
                | Q(state=ListImportState.IMPORTED, listing_count=0, first_seq=None, last_seq=None, name_count__gt=0)
                | (
                    ~Q(state=ListImportState.IMPORTED) & Q(listing_count=0, first_seq=None, last_seq=None, name_count=0)
                ),
                name="list_import_made_something_when_imported",
            ),
        ]

    def __str__(self) -> str:
        return self.source

    def get_absolute_url(self) -> str:
        return reverse("registrar:list_import", args=[self.pk])

    @property
    def is_at_work(self) -> bool:
        return self.state in LIST_AT_WORK


class ListImportProgress(models.Model):
    """How far a job is. Apart from the import, whose row the job holds until it has written everything."""

    list_import = models.OneToOneField(ListImport, on_delete=models.CASCADE, primary_key=True, related_name="progress")
    stage = models.CharField(max_length=60, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.stage}: {self.done} of {self.total}"

    @property
    def percent(self) -> int | None:
        return min(100, 100 * self.done // self.total) if self.total else None
