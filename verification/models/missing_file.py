"""A file that the register keeps a row of, and that was not in the store when somebody wanted it."""

from django.db import models
from django.utils import timezone


class MissingFile(models.Model):
    """Noted for those who look after the register, until the file is there again."""

    name = models.CharField(max_length=200, unique=True, help_text="As the store knows it.")
    what = models.CharField(max_length=100, help_text="Whose file it is: a document, a letter, an authorization.")
    noticed_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.what}: {self.name}"
