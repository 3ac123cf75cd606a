"""That an organization was reminded in a year to notify changes: once, whatever dies in between."""

from django.db import models
from django.utils import timezone


class ChangeReminder(models.Model):
    """Written in the transaction that puts the mails into the outbox."""

    organization = models.ForeignKey("pcl.Organization", on_delete=models.PROTECT, related_name="change_reminders")
    year = models.PositiveSmallIntegerField(help_text="Of the day on which it was due.")
    sent_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["organization", "year"]
        constraints = [models.UniqueConstraint(fields=["organization", "year"], name="reminded_of_changes_once_a_year")]

    def __str__(self) -> str:
        return f"{self.organization}: {self.year}"
