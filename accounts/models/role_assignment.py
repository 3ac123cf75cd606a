"""What a person may do for the contractor, since when and on whose word."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class Role(models.TextChoices):
    """The contractor's people. An applicant has no role here: who may act for an organization is a Representation."""

    REVIEWER = "reviewer", "Reviewer"
    APPROVER = "approver", "Approver"
    REGISTRAR = "registrar", "Registrar"
    ADMINISTRATOR = "administrator", "Administrator"
    AUDITOR = "auditor", "Auditor"


class RoleAssignment(models.Model):
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="role_assignments")
    role = models.CharField(max_length=20, choices=Role)
    granted_at = models.DateTimeField(default=timezone.now, editable=False)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="roles_granted"
    )
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["user", "role"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role"], condition=models.Q(revoked_at=None), name="role_held_once_at_a_time"
            ),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="role_is_known"),
            models.CheckConstraint(
                condition=models.Q(revoked_at=None) | models.Q(revoked_at__gte=models.F("granted_at")),
                name="role_revoked_after_it_was_granted",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}: {self.user}"
