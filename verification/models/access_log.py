"""Who let whom act for an organization, and who ended it: append-only."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils import timezone


class AccessAct(models.TextChoices):
    FOUNDED = "founded", "named the organization, new to the register"
    ASKED = "asked", "asked to act for it"
    CONFIRMED = "confirmed", "was confirmed"
    REFUSED = "refused", "was refused"
    INVITED = "invited", "was invited"
    TAKEN_BACK = "taken_back", "is invited no longer"
    ACCEPTED = "accepted", "accepted the invitation"
    MADE_ADMINISTRATOR = "made_administrator", "became an administrator"
    NO_ADMINISTRATOR = "no_administrator", "is an administrator no longer"
    ENDED = "ended", "may not act for it any more"
    LEFT = "left", "left"
    AUTHORIZATION_ASKED = "authorization_asked", "authorization asked for"
    AUTHORIZATION_CONFIRMED = "authorization_confirmed", "authorization confirmed"
    AUTHORIZATION_REFUSED = "authorization_refused", "authorization refused"
    AUTHORIZATION_TAKEN_BACK = "authorization_taken_back", "authorization not asked for any more"
    AUTHORIZATION_REVOKED = "authorization_revoked", "authorization revoked"
    AUTHORIZATION_GIVEN_UP = "authorization_given_up", "authorization ended by the representative"
    AUTHORIZATION_EXPIRED = "authorization_expired", "authorization ran out"


class AccessLog(models.Model):
    organization = models.ForeignKey(
        "pcl.Organization", on_delete=models.PROTECT, null=True, related_name="access_log", help_text="Acted for."
    )
    what = models.CharField(max_length=30, choices=AccessAct)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", help_text="Of whom it is said."
    )
    email = models.EmailField(blank=True, help_text="Of somebody invited.")
    authorization = models.ForeignKey(
        "verification.Authorization", on_delete=models.PROTECT, null=True, related_name="log"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", help_text="None: the system."
    )
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["organization", "-at"], name="access_log_of_organization")]
        constraints = [
            models.CheckConstraint(condition=models.Q(what__in=AccessAct.values), name="access_act_is_known"),
        ]
        triggers = [pgtrigger.Protect(name="a_logged_act_stands", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.person or self.email or self.authorization} {self.get_what_display()}"
