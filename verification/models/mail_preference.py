"""Which mails about applications a person wants."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models


class MailPreference(models.Model):
    """Without a row: mails of the applications that the person began, of every kind."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="mail_preference")
    every_application = models.BooleanField(
        default=False, help_text="Also of applications that a colleague began for an organization of the person."
    )
    unwanted = ArrayField(
        models.SlugField(max_length=40), default=list, help_text="Kinds of notices that the person does without."
    )

    def __str__(self) -> str:
        return f"{self.user}: {'every application' if self.every_application else 'own applications'}"
