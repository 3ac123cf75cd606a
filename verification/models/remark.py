"""Something said about an application, and who may read it: remarks among the contractor's people, and the thread of
messages between them and the applicant."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils import timezone

from verification.models.application import Application


class Visibility(models.TextChoices):
    INTERNAL = "internal", "Internal: the contractor's people only"
    APPLICANT = "applicant", "The applicant, too"
    PUBLIC = "public", "Everybody"


class Remark(models.Model):
    """What the applicant may read is a message: from the contractor, or with `from_applicant` from the other side."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="remarks")
    visibility = models.CharField(max_length=10, choices=Visibility, default=Visibility.INTERNAL)
    from_applicant = models.BooleanField(default=False, help_text="Said at the applicant's door.")
    text = models.TextField(max_length=20_000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["application", "at", "id"]
        indexes = [models.Index(fields=["at", "id"], name="remark_by_instant")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(visibility__in=Visibility.values), name="remark_visibility_is_known"
            ),
            models.CheckConstraint(condition=~models.Q(text=""), name="remark_says_something"),
            models.CheckConstraint(
                condition=models.Q(from_applicant=False) | models.Q(visibility="applicant"),
                name="what_an_applicant_writes_is_a_message",
            ),
        ]
        triggers = [pgtrigger.Protect(name="what_was_remarked_stands", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.text[:60]

    @property
    def is_internal(self) -> bool:
        return self.visibility == Visibility.INTERNAL


class Reading(models.Model):
    """How far a person has read the thread of an application: for the mark on what is new, and nothing else."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="readings")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    up_to = models.PositiveBigIntegerField(help_text="Id of the last message that was on the person's page.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application", "user"], name="one_reading_of_a_person_and_application")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} read {self.application_id} up to {self.up_to}"
