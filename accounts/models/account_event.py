"""What happened to accounts, append-only: roles, invitations, sign-ins, reviews of access, and what was exported."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils import timezone


class EventKind(models.TextChoices):
    ROLE_GRANTED = "role_granted", "Role granted"
    ROLE_REVOKED = "role_revoked", "Role revoked"
    DEACTIVATED = "deactivated", "Account deactivated"
    REACTIVATED = "reactivated", "Account reactivated"
    INVITED = "invited", "Invited"
    INVITATION_WITHDRAWN = "invitation_withdrawn", "Invitation withdrawn"
    INVITATION_ACCEPTED = "invitation_accepted", "Invitation accepted"
    ACCESS_REVIEWED = "access_reviewed", "Access reviewed"
    EXPORTED = "exported", "Log or list of access exported"
    SIGNED_IN = "signed_in", "Signed in"


class AccountEvent(models.Model):
    at = models.DateTimeField(default=timezone.now, editable=False)
    kind = models.CharField(max_length=30, choices=EventKind)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="None: the system, or somebody at the server's command line.",
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="account_events"
    )
    reason = models.TextField(blank=True)
    about = models.JSONField(default=dict, help_text="What else there is to say of it, by kind.")

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["at", "id"], name="account_event_by_instant"),
            models.Index(fields=["person", "kind", "-at"], name="account_event_by_person"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=EventKind.values), name="account_event_kind_is_known"),
        ]
        triggers = [pgtrigger.Protect(name="an_account_event_stands", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.person or 'nobody'}"
