"""The letter that tells a determination, kept as it was sent."""

from django.db import models
from django.utils import timezone

from verification.models.determination import Determination


class Letter(models.Model):
    determination = models.ForeignKey(Determination, on_delete=models.PROTECT, related_name="letters")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    written_at = models.DateTimeField(
        null=True, editable=False, help_text="When the PDF was made; none while it waits."
    )
    file = models.FileField(max_length=200, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(written_at=None, file="", sha256="")
                | (models.Q(written_at__isnull=False) & ~models.Q(file="") & ~models.Q(sha256="")),
                name="letter_has_a_file_once_written",
            )
        ]

    def __str__(self) -> str:
        return f"Letter on {self.determination}"
