"""Who wants to be told by mail of changes to a code, an organization or a product. No account is needed."""

import uuid

from django.db import models
from django.utils import timezone


class Frequency(models.TextChoices):
    AT_ONCE = "at_once", "At once"
    DAILY = "daily", "Once a day"


class Subscription(models.Model):
    """Deleted when its owner ends it. Until it is confirmed nothing is told, and after seven days it is forgotten."""

    # Stands in links, signed: not to be guessed or counted.
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(help_text="In small letters. Never public.")
    about = models.CharField(max_length=40, help_text="As ChangeSubject has it, such as code:K1007.")
    frequency = models.CharField(max_length=10, choices=Frequency, default=Frequency.AT_ONCE)
    asked_at = models.DateTimeField(default=timezone.now, help_text="When a link to confirm it was last sent.")
    confirmed_at = models.DateTimeField(null=True)
    told_seq = models.BigIntegerField(
        default=0, help_text="Changes up to this one were told, or were made before it was confirmed."
    )

    told_at = models.DateTimeField(null=True, help_text="When a mail with changes was last sent.")

    class Meta:
        ordering = ["email", "about"]
        constraints = [
            models.UniqueConstraint(fields=["email", "about"], name="one_subscription_of_an_address_to_a_subject"),
            models.CheckConstraint(
                condition=models.Q(frequency__in=Frequency.values), name="subscription_frequency_is_known"
            ),
        ]
        indexes = [
            models.Index(
                fields=["asked_at"], name="subscription_unconfirmed", condition=models.Q(confirmed_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_frequency_display()}: {self.about}"
