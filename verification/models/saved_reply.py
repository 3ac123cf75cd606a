"""Sentences that reviewers use again and again: reference data, kept in the console."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class Purpose(models.TextChoices):
    MESSAGE = "message", "Messages to the applicant"
    REQUEST = "request_information", "Requests for information"
    REJECTION = "reject", "Rejections"


class SavedReply(models.Model):
    """A retired one is offered nowhere and stays readable. A text already sent holds what it said then."""

    purpose = models.CharField("used in", max_length=30, choices=Purpose)
    title = models.CharField(max_length=120, help_text="Only reviewers read it: what it is for, in a few words.")
    text = models.TextField(max_length=5_000)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField(default=timezone.now, editable=False)
    retired_at = models.DateTimeField(null=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = ["purpose", "title", "id"]
        verbose_name_plural = "saved replies"
        constraints = [
            models.CheckConstraint(condition=models.Q(purpose__in=Purpose.values), name="saved_reply_purpose_is_known"),
            models.CheckConstraint(condition=~models.Q(text=""), name="saved_reply_says_something"),
            models.UniqueConstraint(
                fields=["purpose", "title"], condition=models.Q(retired_at=None), name="saved_reply_title_is_used_once"
            ),
        ]

    def __str__(self) -> str:
        return self.title
