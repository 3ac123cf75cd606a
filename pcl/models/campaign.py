"""An end date announced for all listings of a code or a product group; extended or taken back later."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from pcl.models.listing import Listing
from pcl.models.many_listings_act import ManyListingsAct, constraints_of_an_act
from pcl.models.publication import Publication


class CampaignState(models.TextChoices):
    PREPARED = "prepared", "Being prepared"
    ANNOUNCED = "announced", "Announced"
    DISCARDED = "discarded", "Discarded"


class Campaign(models.Model):
    """Only pcl/services/campaigns.py writes it."""

    title = models.CharField(max_length=200)
    codes = models.ManyToManyField("hcpcs.Code", related_name="+", blank=True)
    classification = models.CharField(
        max_length=120, blank=True, help_text="Only listings of this product group; with codes, of both."
    )
    last_day = models.DateField(help_text="Last date of service, inclusive, of the listings that it ends.")
    state = models.CharField(max_length=10, choices=CampaignState, default=CampaignState.PREPARED)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=CampaignState.values), name="campaign_state_is_known"),
            models.CheckConstraint(condition=~Q(title=""), name="campaign_has_a_title"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("registrar:campaign", args=[self.pk])


class CampaignListing(models.Model):
    """A listing of which somebody decided: left out before the announcement, or ended by it."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="listings")
    listing = models.ForeignKey(Listing, on_delete=models.PROTECT, related_name="+")
    is_left_out = models.BooleanField(default=False, help_text="It keeps on; the announcement does not touch it.")

    class Meta:
        ordering = ["campaign", "listing"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "listing"], name="campaign_decides_once_of_a_listing")
        ]

    def __str__(self) -> str:
        return f"{self.listing_id} in {self.campaign_id}"


class ActKind(models.TextChoices):
    ANNOUNCE = "announce", "Announce the end"
    EXTEND = "extend", "Move the end to a later day"
    RESCIND = "rescind", "Take the end back"


class CampaignAct(ManyListingsAct):
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="acts")
    kind = models.CharField(max_length=10, choices=ActKind)
    last_day = models.DateField(null=True, help_text="The new last day, inclusive; none where the end is taken back.")
    listing_ids = ArrayField(models.BigIntegerField(), null=True, help_text="Only these; null for all it concerns.")
    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["campaign", "id"]
        constraints = [
            *constraints_of_an_act("campaign_act", ActKind.values),
            models.CheckConstraint(
                condition=Q(kind="rescind", last_day=None) | (~Q(kind="rescind") & Q(last_day__isnull=False)),
                name="campaign_act_has_a_day_unless_it_takes_one_back",
            ),
            models.UniqueConstraint(
                fields=["campaign"], condition=Q(state="waiting"), name="one_act_of_a_campaign_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.campaign_id}"
