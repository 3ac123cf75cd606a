"""The letter that tells a determination, kept as it was sent; and its corrections, each a new letter."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from verification.models.determination import Determination


class Letter(models.Model):
    determination = models.ForeignKey(Determination, on_delete=models.PROTECT, related_name="letters")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    said = models.JSONField(
        default=dict, editable=False, help_text="All that it says, settled when it was made; empty in the oldest ones."
    )
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")
    written_at = models.DateTimeField(
        null=True, editable=False, help_text="When the PDF was made; none while it waits."
    )
    file = models.FileField(max_length=200, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(written_at=None, file="", sha256="")
                | (models.Q(written_at__isnull=False) & ~models.Q(file="") & ~models.Q(sha256="")),
                name="letter_has_a_file_once_written",
            ),
            # A letter after the first one says which it replaces, so that there is one that holds.
            models.UniqueConstraint(
                fields=["determination"], condition=Q(replaces=None), name="one_first_letter_per_determination"
            ),
        ]
        triggers = [pgtrigger.Protect(name="a_letter_is_kept", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"Letter on {self.determination}"

    @property
    def dated(self) -> str:
        """Its date, in words."""
        return self.said.get("letter_date", "")

    @property
    def is_replaced(self) -> bool:
        return hasattr(self, "replaced_by")


class LetterCorrection(models.Model):
    """What one person proposes to correct in a letter and another one approves: then there is a new letter."""

    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="corrections")
    changes = models.JSONField(help_text="By part of the letter, what it shall say.")
    what = models.TextField(max_length=2_000, help_text="What was wrong and what is right. Goes into the new letter.")
    on_the_register = models.BooleanField(default=False, help_text="Whether the listings are corrected with it.")
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=timezone.now, editable=False)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    refusal = models.TextField(max_length=2_000, blank=True, help_text="Why it was not approved. Internal.")
    new_letter = models.OneToOneField(Letter, on_delete=models.PROTECT, null=True, related_name="correction")

    class Meta:
        ordering = ["letter", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["letter"], condition=Q(decided_at=None), name="one_open_correction_of_a_letter"
            ),
            models.CheckConstraint(
                condition=Q(new_letter=None) | (Q(decided_by__isnull=False) & ~Q(decided_by=F("proposed_by"))),
                name="nobody_approves_an_own_correction",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None, decided_at=None, new_letter=None, refusal="")
                | (Q(decided_by__isnull=False, decided_at__isnull=False, new_letter__isnull=False, refusal=""))
                | (Q(decided_by__isnull=False, decided_at__isnull=False, new_letter=None) & ~Q(refusal="")),
                name="correction_is_open_or_made_or_refused",
            ),
        ]

    def __str__(self) -> str:
        return f"Correction of {self.letter}"
