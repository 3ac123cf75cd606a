"""An invitation to work for the contractor: a link by e-mail that serves once, until it expires."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from accounts.models.role_assignment import Role


class ContractorInvitation(models.Model):
    """The link's secret is nowhere: only its digest."""

    email = models.EmailField("e-mail address")
    name = models.CharField("full name", max_length=150)
    roles = ArrayField(models.CharField(max_length=20, choices=Role))
    reason = models.TextField()
    digest = models.CharField(max_length=64, unique=True, help_text="SHA-256, in hexadecimal.")
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-invited_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(accepted_at=None) | models.Q(withdrawn_at=None), name="invitation_ends_once"
            ),
            models.CheckConstraint(condition=~models.Q(roles=[]), name="invitation_is_for_a_role"),
        ]

    def __str__(self) -> str:
        return f"{self.name} <{self.email}>"

    @property
    def role_names(self) -> list[str]:
        return [Role(role).label for role in self.roles]
