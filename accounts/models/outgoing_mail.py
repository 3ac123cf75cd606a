"""The outbox: every mail that the register sends, kept."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils import timezone


class OutgoingMail(models.Model):
    to = ArrayField(models.EmailField())
    from_email = models.CharField(max_length=200)
    subject = models.CharField(max_length=300)
    text = models.TextField()
    html = models.TextField(blank=True)
    headers = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    delivered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="outgoing_mail_newest"),
            models.Index(
                fields=["created_at"], name="outgoing_mail_undelivered", condition=models.Q(delivered_at__isnull=True)
            ),
            GinIndex(fields=["to"], name="outgoing_mail_recipients"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} to {', '.join(self.to)}"
