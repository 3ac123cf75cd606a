"""A file that an applicant attached."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from verification.models.application import Application


class Document(models.Model):
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="documents")
    kind = models.SlugField(max_length=60, help_text="What it is evidence of: a document kind of the product group.")
    name = models.CharField(max_length=255, help_text="The file's name on the applicant's side; only shown.")
    content_type = models.CharField(max_length=100, help_text="As its content says, not its name.")
    size = models.PositiveBigIntegerField(help_text="Bytes.")
    sha256 = models.CharField(max_length=64)
    file = models.FileField(max_length=200)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(default=timezone.now, editable=False)
    removed_at = models.DateTimeField(null=True, editable=False)
    pages = models.PositiveIntegerField(null=True, editable=False, help_text="Counted when a page is first named.")

    class Meta:
        ordering = ["application", "id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(size__gt=0), name="document_is_not_empty"),
            models.UniqueConstraint(
                fields=["application", "kind", "sha256"],
                condition=models.Q(removed_at=None),
                name="document_attached_once_per_kind",
            ),
        ]

    def __str__(self) -> str:
        return self.name
