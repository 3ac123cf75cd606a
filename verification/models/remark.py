"""Something said about an application, and who may read it."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from verification.models.application import Application


class Visibility(models.TextChoices):
    INTERNAL = "internal", "Internal: the contractor's people only"
    APPLICANT = "applicant", "The applicant, too"
    PUBLIC = "public", "Everybody"


class Remark(models.Model):
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="remarks")
    visibility = models.CharField(max_length=10, choices=Visibility, default=Visibility.INTERNAL)
    text = models.TextField(max_length=20_000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["application", "at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(visibility__in=Visibility.values), name="remark_visibility_is_known"
            ),
            models.CheckConstraint(condition=~models.Q(text=""), name="remark_says_something"),
        ]

    def __str__(self) -> str:
        return self.text[:60]
