"""Who may act for an organization: since when, and on whose word."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class Representation(models.Model):
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="representations")
    organization = models.ForeignKey("pcl.Organization", on_delete=models.PROTECT, related_name="representations")
    is_administrator = models.BooleanField(
        default=False, help_text="Invites and confirms the others, and gives authorizations."
    )
    asked_name = models.CharField(
        max_length=300, blank=True, help_text="As the person typed it, where that is not the organization's own name."
    )
    asked_at = models.DateTimeField(default=timezone.now, editable=False)
    confirmed_at = models.DateTimeField(null=True, blank=True, help_text="Since when the person may act.")
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="The contractor's person, or the organization's administrator, who confirmed or invited; "
        "empty for the first person of a new organization.",
    )
    refused_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organization"], condition=models.Q(ended_at=None), name="represented_once_at_a_time"
            ),
            models.CheckConstraint(
                condition=models.Q(confirmed_by=None) | ~models.Q(confirmed_at=None),
                name="representation_confirmed_by_somebody_at_some_time",
            ),
            models.CheckConstraint(
                condition=models.Q(is_administrator=False) | models.Q(confirmed_at__isnull=False),
                name="an_administrator_is_confirmed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} for {self.organization}"
