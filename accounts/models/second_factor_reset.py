"""That an administrator took a lost second factor off somebody's account: append-only."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils import timezone


class SecondFactorReset(models.Model):
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="second_factor_resets", help_text="Whose."
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="None: somebody with access to the server, by the command.",
    )
    at = models.DateTimeField(default=timezone.now, editable=False)
    reason = models.CharField(max_length=300)

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [models.CheckConstraint(condition=~models.Q(reason=""), name="second_factor_reset_has_a_reason")]
        triggers = [pgtrigger.Protect(name="a_reset_stands", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.user}, {self.at:%Y-%m-%d}"
