"""A key with which a program asks the API for more than a stranger may."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class ApiKey(models.Model):
    """The key itself is nowhere: only its digest, and its beginning, by which its owner knows it again."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="api_keys")
    name = models.CharField(max_length=80, help_text="What it is for, in its owner's words.")
    beginning = models.CharField(max_length=12)
    digest = models.CharField(max_length=64, unique=True, help_text="SHA-256, in hexadecimal.")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    last_used_on = models.DateField(null=True, blank=True, help_text="The Eastern day; nothing finer is kept.")
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "name"],
                condition=models.Q(revoked_at=None),
                name="api_key_name_used_once_at_a_time",
                violation_error_message="You have a key of that name already. Give this one another name.",
            ),
            models.CheckConstraint(condition=~models.Q(name=""), name="api_key_has_a_name"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.beginning}…)"
