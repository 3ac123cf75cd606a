"""What every act on many listings at once keeps, from the asking to the end."""

from collections.abc import Sequence

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone


class ActState(models.TextChoices):
    WAITING = "waiting", "Being done"
    DONE = "done", "Done"
    FAILED = "failed", "Not done"


class ManyListingsAct(models.Model):
    """One thing that the worker does to many listings, in one transaction: see pcl/services/many_listings_act.py."""

    reason = models.TextField(help_text="Public: it stands with each change.")
    seen = models.CharField(max_length=64, help_text="What the preview showed, in short: see queries/campaigns.py.")
    state = models.CharField(max_length=10, choices=ActState, default=ActState.WAITING)
    failure = models.TextField(blank=True, help_text="Why it was not done, for the registrar.")
    listing_count = models.PositiveIntegerField(default=0)
    first_seq = models.BigIntegerField(null=True)
    last_seq = models.BigIntegerField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now, editable=False)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True


def constraints_of_an_act(kind: str, kinds: Sequence[str]) -> list[models.BaseConstraint]:
    """What holds of every act: `kind` begins the constraints' names, `kinds` are those that there are."""
    return [
        models.CheckConstraint(condition=Q(kind__in=kinds), name=f"{kind}_kind_is_known"),
        models.CheckConstraint(condition=Q(state__in=ActState.values), name=f"{kind}_state_is_known"),
        models.CheckConstraint(condition=~Q(reason=""), name=f"{kind}_has_a_reason"),
        models.CheckConstraint(
            condition=Q(state="waiting", finished_at=None) | (~Q(state="waiting") & Q(finished_at__isnull=False)),
            name=f"{kind}_is_finished_when_it_is",
        ),
        models.CheckConstraint(condition=~Q(state="failed") | ~Q(failure=""), name=f"{kind}_failure_is_explained"),
    ]
