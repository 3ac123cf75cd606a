"""A file of lines as it was given, without what looks like data of patients, for as long as its columns may change."""

from django.db import models
from django.utils import timezone

from pcl.models.check_batch import new_token


class CheckFile(models.Model):
    """Kept until its lines are started, are deleted, or are CHECK_KEPT_HOURS old. Its batch has the same token."""

    token = models.CharField(max_length=43, unique=True, default=new_token, editable=False)
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    as_published = models.DateTimeField(null=True, help_text="As of its batch.")
    told = models.JSONField(help_text="Its columns and first rows, and what was made of them.")
    content = models.BinaryField(help_text="All its rows; see pcl/queries/check_file/kept_file.py.")

    class Meta:
        ordering = ["-made_at"]
        indexes = [models.Index(fields=["made_at"], name="check_file_by_age")]

    def __str__(self) -> str:
        return f"file of {self.made_at:%Y-%m-%d}"
