"""What one organization allows another: to apply in its name, or to apply for its product under a name of its own."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone


class Capacity(models.TextChoices):
    REPRESENTATIVE = "representative", "Designated representative"
    DISTRIBUTOR = "distributor", "Distributor"


class Ending(models.TextChoices):
    """How it ended before its last day."""

    REFUSED = "refused", "Refused"
    TAKEN_BACK = "taken_back", "Taken back"
    REVOKED = "revoked", "Revoked"
    GIVEN_UP = "given_up", "Given up"


class Authorization(models.Model):
    manufacturer = models.ForeignKey(
        "pcl.Organization",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="authorizations_given",
        help_text="For whom. Empty until it is confirmed where the register does not know the organization yet.",
    )
    asked_name = models.CharField(max_length=300, blank=True, help_text="The manufacturer, as typed by who asked.")
    representative = models.ForeignKey(
        "pcl.Organization", on_delete=models.PROTECT, related_name="authorizations_received", help_text="Who may act."
    )
    capacity = models.CharField(max_length=20, choices=Capacity, default=Capacity.REPRESENTATIVE)
    kinds = ArrayField(
        models.CharField(max_length=20), default=list, blank=True, help_text="Of applications; empty: all kinds."
    )
    begins = models.DateField(help_text="First day, inclusive, US Eastern.")
    until = models.DateField(null=True, blank=True, help_text="Last day, inclusive, US Eastern; empty: until revoked.")

    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now, editable=False)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by_contractor = models.BooleanField(
        default=False, help_text="On the attached document, because nobody of the manufacturer is on the register."
    )
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    ending = models.CharField(max_length=20, choices=Ending, blank=True)
    end_told_days_before = models.PositiveSmallIntegerField(
        null=True, blank=True, editable=False, help_text="Of the reminders before its last day, the last that was sent."
    )
    expiry_told = models.BooleanField(default=False, help_text="Whether both were told that its last day has passed.")

    file = models.FileField(max_length=200, blank=True)
    file_name = models.CharField(max_length=255, blank=True, help_text="On the side of who attached it; only shown.")
    content_type = models.CharField(max_length=100, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(capacity__in=Capacity.values), name="authorization_capacity_is_known"),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("begins")), name="authorization_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(manufacturer=None) | ~Q(manufacturer=F("representative")),
                name="nobody_authorizes_oneself",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at=None) | Q(manufacturer__isnull=False, confirmed_by__isnull=False),
                name="authorization_confirmed_for_somebody_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ending="") | (Q(ended_at__isnull=False) & ~Q(ending="")),
                name="authorization_ended_in_some_way",
            ),
            models.UniqueConstraint(
                fields=["manufacturer", "representative", "capacity"],
                condition=Q(confirmed_at=None, ended_at=None),
                name="authorization_asked_once_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.representative} for {self.principal_name}"

    @property
    def principal_name(self) -> str:
        return self.manufacturer.name if self.manufacturer else self.asked_name
