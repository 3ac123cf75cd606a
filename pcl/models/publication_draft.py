"""What a registrar writes before it is published: the form as it was typed, in no way public."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from pcl.models.publication import Publication


class PublicationDraft(models.Model):
    """Of a new publication, or of a revision of one that is there. Only pcl/services/publication_drafts.py writes it.

    A table of its own, so that nothing that reads publications can show one by mistake.
    """

    publication = models.ForeignKey(
        Publication, on_delete=models.PROTECT, null=True, related_name="drafts", help_text="The one it would revise."
    )
    said = models.JSONField(help_text="Each field of the form as it was typed; nothing in it has been checked.")
    version = models.PositiveIntegerField(default=1, help_text="How often it was saved.")
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", help_text="Who saved it last."
    )
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-saved_at", "-id"]

    def __str__(self) -> str:
        return str(self.said.get("title") or "Without a title")

    def get_absolute_url(self) -> str:
        return reverse("registrar:publication_draft", args=[self.pk])
