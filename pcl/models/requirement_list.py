"""A list of codes that require verification, as a registrar brought it: read, looked at, then entered."""

from django.conf import settings
from django.db import models


class RequirementList(models.Model):
    file_name = models.CharField(max_length=200)
    source = models.CharField(max_length=300, help_text="The document or list that was read.")
    snapshot_date = models.DateField(help_text="The day on which it said so.")
    text = models.TextField(help_text="The file, decoded: what the preview and the import read.")
    brought_at = models.DateTimeField(auto_now_add=True)
    brought_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(null=True)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    entered_count = models.PositiveIntegerField(null=True, help_text="How many requirements it added or dated earlier.")

    class Meta:
        ordering = ["-brought_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.file_name} of {self.snapshot_date}"
