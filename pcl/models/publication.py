"""What the contractor and the DME MACs publish on coding: versioned documents with a history."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.urls import reverse


class PublicationStatus(models.TextChoices):
    CURRENT = "current", "Current"
    REVISED = "revised", "Revised"
    RETIRED = "retired", "Retired"


class Publication(models.Model):
    slug = models.SlugField(max_length=150, unique=True)
    title = models.CharField(max_length=300)
    publishers = ArrayField(models.CharField(max_length=120), help_text="Who speaks, jointly.")
    posted = models.DateField(help_text="Day of first publication.")
    last_updated = models.DateField()
    status = models.CharField(max_length=10, choices=PublicationStatus, default=PublicationStatus.CURRENT)
    body = models.TextField(help_text="Markdown.")
    citations = ArrayField(models.CharField(max_length=300), default=list, blank=True)
    codes = models.ManyToManyField("hcpcs.Code", related_name="publications", blank=True)
    version = models.PositiveIntegerField(default=1, help_text="1 as first posted, one more with each revision.")

    class Meta:
        ordering = ["-posted", "title"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=PublicationStatus.values), name="publication_status_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(last_updated__gte=models.F("posted")), name="publication_updated_after_posting"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("public:publication", args=[self.slug])


class PublicationHistory(models.Model):
    publication = models.ForeignKey(Publication, on_delete=models.CASCADE, related_name="history")
    changed_on = models.DateField("date of change")
    description = models.CharField(max_length=500)
    version = models.PositiveIntegerField(
        null=True,
        help_text="The version that the change made; null where it was made before this register had the text.",
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", help_text="Never public."
    )

    class Meta:
        ordering = ["publication", "changed_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["publication", "changed_on", "description"], name="publication_history_said_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.changed_on}: {self.description}"


class PublicationVersion(models.Model):
    """What a publication said before it was revised. What it says now is the publication itself."""

    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="earlier_versions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=300)
    publishers = ArrayField(models.CharField(max_length=120))
    last_updated = models.DateField()
    status = models.CharField(max_length=10, choices=PublicationStatus)
    body = models.TextField()
    citations = ArrayField(models.CharField(max_length=300))
    codes = ArrayField(
        models.CharField(max_length=5), help_text="As text: a later meaning of a code changes nothing here."
    )
    replaced_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["publication", "number"]
        constraints = [
            models.UniqueConstraint(fields=["publication", "number"], name="publication_version_is_kept_once")
        ]
        triggers = [pgtrigger.Protect(name="an_earlier_text_stands", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.title}, version {self.number}"
