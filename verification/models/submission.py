"""What an applicant said, as it was when it was sent: kept word for word, so that nothing can be swapped afterwards."""

from typing import Any

import pgtrigger
from django.db import models

from verification.models.application import Application


class Submission(models.Model):
    """Number 1 is the application as it was submitted; each answer to a request for information adds another."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="submissions")
    number = models.PositiveIntegerField(help_text="1, 2, 3 … within the application.")
    at = models.DateTimeField()
    content = models.JSONField(
        help_text="Everything said, with the labels of the product group's version: see verification/queries/said.py."
    )
    documents = models.JSONField(help_text="Name, kind, sha256 and size in bytes of each file, as attached then.")
    sha256 = models.CharField(max_length=64, help_text="Of content and documents: verification/queries/submissions.py.")

    class Meta:
        ordering = ["application", "number"]
        constraints = [
            models.UniqueConstraint(fields=["application", "number"], name="one_submission_of_a_number"),
            models.CheckConstraint(condition=models.Q(number__gt=0), name="submissions_count_from_one"),
        ]
        triggers = [pgtrigger.Protect(name="what_was_said_stands", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.application_id}, submission {self.number}"

    @property
    def sections(self) -> list[dict[str, Any]]:
        """Each with `key`, `title` and `fields`; a field has `key`, `label`, `value` (as stored) and `text`."""
        found: list[dict[str, Any]] = self.content["sections"]
        return found

    @property
    def answers(self) -> list[dict[str, Any]]:
        """Every request answered so far: `asked_at`, `answered_at` and `items`, each with `item` and `answer`."""
        found: list[dict[str, Any]] = self.content["answers"]
        return found
