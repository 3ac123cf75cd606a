"""What the register said of a requirement before and after each change: append-only."""

import pgtrigger
from django.conf import settings
from django.db import models

from pcl.models.requirement import Requirement


class RequirementChange(models.Model):
    """That it changed, what it said and when (RequirementVersion) is public. Why, and who that was, is not."""

    requirement = models.ForeignKey(Requirement, on_delete=models.PROTECT, related_name="changes")
    version = models.PositiveIntegerField(help_text="The requirement's version that this change made.")
    at = models.DateTimeField(auto_now_add=True)
    before = models.JSONField(null=True, help_text="What the register said; null when the requirement is new.")
    after = models.JSONField(help_text="What the register says since.")
    reason = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["requirement", "version"]
        constraints = [
            models.UniqueConstraint(fields=["requirement", "version"], name="one_change_per_version_of_a_requirement"),
            models.CheckConstraint(condition=~models.Q(reason=""), name="requirement_change_has_a_reason"),
        ]
        triggers = [
            pgtrigger.Protect(name="a_requirement_change_stands", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.requirement}, version {self.version}"
