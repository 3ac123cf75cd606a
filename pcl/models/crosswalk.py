"""From a code that ends to those that follow it: what a person chose for each listing, until it is applied."""

from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from pcl.models.listing import Listing


class CrosswalkState(models.TextChoices):
    CHOOSING = "choosing", "Choices are being made"
    APPLYING = "applying", "Being applied"
    APPLIED = "applied", "Applied"
    DISCARDED = "discarded", "Discarded"


OPEN = (CrosswalkState.CHOOSING, CrosswalkState.APPLYING)
_CONFIRMED = Q(state__in=[CrosswalkState.APPLYING, CrosswalkState.APPLIED])
_OVER = Q(state__in=[CrosswalkState.APPLIED, CrosswalkState.DISCARDED])


class Crosswalk(models.Model):
    """CMS ends a code, or splits it. Only pcl/services/crosswalks.py writes it."""

    from_code = models.ForeignKey("hcpcs.Code", on_delete=models.PROTECT, related_name="+")
    begins = models.DateField(
        help_text="First date of service under the new codes; the old listings end the day before."
    )
    reason = models.TextField(help_text="Public: of every change that it makes.")
    state = models.CharField(max_length=9, choices=CrosswalkState, default=CrosswalkState.CHOOSING)
    choices_version = models.PositiveIntegerField(default=1, help_text="How often choices have been saved.")
    stage = models.CharField(max_length=60, blank=True, help_text="What the job is doing.")
    done = models.PositiveSmallIntegerField(default=0, help_text="Stages that the job has behind it.")
    failure = models.TextField(blank=True, help_text="Why it was not applied when it was confirmed last.")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    first_seq = models.BigIntegerField(null=True, help_text="Number of the first change that it made, if any.")
    last_seq = models.BigIntegerField(null=True, help_text="Number of the last one.")

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=CrosswalkState.values), name="crosswalk_state_is_known"),
            models.CheckConstraint(condition=~Q(reason=""), name="crosswalk_has_a_reason"),
            models.CheckConstraint(
                condition=Q(confirmed_by=None, confirmed_at=None)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
                name="crosswalk_confirmed_by_somebody",
            ),
            models.CheckConstraint(
                condition=~_CONFIRMED | Q(confirmed_at__isnull=False), name="crosswalk_applied_only_if_confirmed"
            ),
            models.CheckConstraint(
                condition=(_OVER & Q(finished_at__isnull=False)) | (~_OVER & Q(finished_at=None)),
                name="crosswalk_finished_when_over",
            ),
            models.UniqueConstraint(
                fields=["from_code"],
                condition=Q(state__in=[state.value for state in OPEN]),
                name="one_open_crosswalk_of_a_code",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_code.code} from {self.begins:%B %-d, %Y}"

    @property
    def last_day(self) -> date:
        """The last date of service under the old code, inclusive."""
        return self.begins - timedelta(days=1)


class CrosswalkTarget(models.Model):
    """A code that listings may move to: one of its meanings."""

    crosswalk = models.ForeignKey(Crosswalk, on_delete=models.CASCADE, related_name="targets", db_index=False)
    code = models.ForeignKey("hcpcs.Code", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["crosswalk", "code__code"]
        constraints = [models.UniqueConstraint(fields=["crosswalk", "code"], name="crosswalk_target_once")]

    def __str__(self) -> str:
        return self.code.code


class CrosswalkChoice(models.Model):
    """What a person chose for a listing: the codes that it moves to, or none, which means that it just ends."""

    crosswalk = models.ForeignKey(Crosswalk, on_delete=models.CASCADE, related_name="choices", db_index=False)
    listing = models.ForeignKey(Listing, on_delete=models.PROTECT, related_name="+")
    seen_version = models.PositiveIntegerField(help_text="The listing's version that the person saw.")
    targets = models.ManyToManyField(CrosswalkTarget, related_name="choices", through="CrosswalkChoiceTarget")
    chosen_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    chosen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["crosswalk", "listing"]
        constraints = [
            models.UniqueConstraint(fields=["crosswalk", "listing"], name="crosswalk_one_choice_of_a_listing")
        ]

    def __str__(self) -> str:
        return f"Choice for listing {self.listing_id}"


class CrosswalkChoiceTarget(models.Model):
    choice = models.ForeignKey(CrosswalkChoice, on_delete=models.CASCADE, related_name="+", db_index=False)
    target = models.ForeignKey(CrosswalkTarget, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["choice", "target"], name="crosswalk_choice_of_a_target_once")]

    def __str__(self) -> str:
        return f"{self.choice_id}: {self.target_id}"
