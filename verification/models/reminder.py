"""A reminder that was sent, so that none is sent twice, whatever dies in between."""

from django.db import models
from django.utils import timezone

from verification.models.application import Application


class Reminder(models.Model):
    """Written in the transaction that puts the mail into the outbox."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="reminders")
    about = models.SlugField(max_length=40)
    last_day = models.DateField(help_text="The day of which it reminds, inclusive.")
    days_before = models.PositiveSmallIntegerField(help_text="So many days before that day it was due to be sent.")
    sent_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["application", "last_day", "-days_before"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "about", "last_day", "days_before"], name="reminded_once_of_a_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.about}: {self.last_day}, {self.days_before} days before"
