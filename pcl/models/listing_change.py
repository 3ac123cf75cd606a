"""What happened to listings: typed, in one order, append-only, each row carrying the hash of the one before."""

import pgtrigger
from django.conf import settings
from django.db import models

from pcl.models.listing import Listing


class ChangeKind(models.TextChoices):
    LISTED = "listed", "Listed"
    END_DATED = "end_dated", "End date set"
    EXTENDED = "extended", "End date moved later"
    REINSTATED = "reinstated", "Reinstated"
    RESCINDED = "rescinded", "Announced end taken back"
    RECODED = "recoded", "Moved to another code"
    RENAMED = "renamed", "Renamed"
    CORRECTED = "corrected", "Corrected"


class ListingChange(models.Model):
    seq = models.BigIntegerField(primary_key=True, help_text="1, 2, 3 … without a gap, in order of commit.")
    at = models.DateTimeField(help_text="When the register began to say so.")
    kind = models.CharField(max_length=20, choices=ChangeKind)
    listing = models.ForeignKey(Listing, on_delete=models.PROTECT, related_name="changes")
    version = models.PositiveIntegerField(help_text="The listing's version that this change made.")
    before = models.JSONField(null=True, help_text="What the register said of the listing; null when it is new.")
    after = models.JSONField(help_text="What the register says since.")
    reason = models.TextField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", help_text="Never public."
    )
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ["seq"]
        constraints = [
            models.UniqueConstraint(fields=["listing", "version"], name="one_change_per_version_of_a_listing"),
            models.UniqueConstraint(fields=["previous_hash"], name="the_chain_of_changes_does_not_fork"),
            models.CheckConstraint(condition=models.Q(kind__in=ChangeKind.values), name="change_kind_is_known"),
            models.CheckConstraint(
                condition=models.Q(kind="listed", before=None) | (~models.Q(kind="listed") & ~models.Q(before=None)),
                name="only_a_new_listing_has_nothing_before",
            ),
            models.CheckConstraint(condition=~models.Q(reason=""), name="change_has_a_reason"),
        ]
        indexes = [models.Index(fields=["-at"], name="change_by_instant")]
        triggers = [pgtrigger.Protect(name="a_change_stands", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.seq}: {self.get_kind_display()}"
