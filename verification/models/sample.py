"""A sample of a product: expected, received, kept somewhere, used again or gone."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from verification.models.application import Application


class Condition(models.TextChoices):
    GOOD = "good", "Good"
    OPENED = "opened", "Package opened"
    DAMAGED = "damaged", "Damaged"
    INCOMPLETE = "incomplete", "Incomplete"


class Gone(models.TextChoices):
    DISCARDED = "discarded", "Discarded"
    RETURNED = "returned", "Returned to the sender"
    NOT_NEEDED = "not_needed", "Not needed any more"


class Sample(models.Model):
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="samples")
    used_again_for = models.ForeignKey(
        Application,
        on_delete=models.PROTECT,
        null=True,
        related_name="samples_used_again",
        help_text="The later application that cites the one for which it was sent, and uses it now.",
    )
    what = models.CharField("what is expected", max_length=300, help_text="The applicant reads this.")
    expected_at = models.DateTimeField(default=timezone.now, editable=False)
    received_on = models.DateField(null=True)
    count = models.PositiveIntegerField("how many pieces", null=True)
    condition = models.CharField(max_length=20, choices=Condition, blank=True)
    label_is_right = models.BooleanField(
        "labeled as the application says", null=True, help_text="Manufacturer, model number and product name."
    )
    place = models.CharField("where it is", max_length=200, blank=True, help_text="Internal: never the applicant's.")
    keep_until = models.DateField(null=True, help_text="Last day on which it is kept, inclusive; none while in use.")
    gone_on = models.DateField(null=True)
    gone = models.CharField("what became of it", max_length=20, choices=Gone, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = ["application", "id"]
        indexes = [
            models.Index(fields=["keep_until", "id"], condition=Q(gone_on=None), name="sample_by_last_day"),
            models.Index(fields=["expected_at", "id"], condition=Q(gone_on=None), name="sample_still_here"),
            models.Index(fields=["place", "id"], condition=Q(gone_on=None) & ~Q(place=""), name="sample_by_place"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(received_on=None, count=None, condition="", label_is_right=None, place="", keep_until=None)
                | Q(
                    received_on__isnull=False, count__gt=0, condition__in=Condition.values, label_is_right__isnull=False
                ),
                name="sample_is_described_once_received",
            ),
            models.CheckConstraint(
                condition=Q(gone_on=None, gone="")
                | Q(gone_on__isnull=False, gone="not_needed", received_on=None)
                | Q(gone_on__isnull=False, gone__in=["discarded", "returned"], received_on__isnull=False),
                name="sample_is_gone_in_a_known_way",
            ),
            # What the applicant was told holds.
            models.CheckConstraint(
                condition=~Q(gone="discarded") | Q(keep_until__isnull=False, gone_on__gt=F("keep_until")),
                name="sample_is_never_discarded_early",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.what} ({self.application_id})"

    @property
    def state(self) -> str:
        """`expected`, `received` or `gone`."""
        if self.gone_on:
            return "gone"
        return "received" if self.received_on else "expected"


class SampleEvent(models.Model):
    """What happened to a sample, append-only."""

    sample = models.ForeignKey(Sample, on_delete=models.PROTECT, related_name="events")
    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, related_name="sample_events", help_text="Which then used it."
    )
    what = models.CharField(max_length=300)
    detail = models.CharField(max_length=600, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", help_text="None: the system."
    )
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["at", "id"]
        triggers = [
            pgtrigger.Protect(name="what_happened_to_a_sample_stands", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return self.what
