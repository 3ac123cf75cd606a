"""Who has an application open: shown to a second person, and forgotten soon."""

from django.conf import settings
from django.db import models

from verification.models.application import Application


class Presence(models.Model):
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="presences")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    page = models.CharField(max_length=60, help_text="What of it is open, in words.")
    is_typing = models.BooleanField(default=False, help_text="Something is typed there that is not saved.")
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application", "user"], name="present_once_at_an_application"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} at {self.application_id}"
