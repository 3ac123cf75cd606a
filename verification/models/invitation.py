"""An invitation to act for an organization, sent to one e-mail address."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone


class Invitation(models.Model):
    """The link itself is nowhere: only its digest."""

    organization = models.ForeignKey("pcl.Organization", on_delete=models.PROTECT, related_name="invitations")
    email = models.EmailField("e-mail address")
    as_administrator = models.BooleanField(default=False)
    digest = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the link's secret, in hexadecimal.")
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField(help_text="From this instant on the link opens nothing.")
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    accepted_at = models.DateTimeField(null=True, blank=True)
    taken_back_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-invited_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                "organization",
                Lower("email"),
                condition=Q(accepted_at=None, taken_back_at=None),
                name="invited_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None) | Q(taken_back_at=None), name="invitation_ends_in_one_way"
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True, accepted_by=None)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False),
                name="invitation_accepted_by_somebody",
            ),
        ]
        indexes = [models.Index(Lower("email"), name="invitation_by_email")]

    def __str__(self) -> str:
        return f"{self.email} to {self.organization}"
