"""What the register shows of a listing, in one row: the only table that search, API and export read."""

from datetime import date

from django.contrib.postgres.fields import DateRangeField
from django.contrib.postgres.fields.ranges import RangeEndsWith
from django.contrib.postgres.indexes import GinIndex, GistIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.urls import reverse

from pcl.models.listing import Listing, Origin, last_day
from pcl.models.listing_count import keeps_count
from pcl.models.organization import Organization


class RegisterEntry(models.Model):
    """Written by pcl/services/entries.py together with each change, never by anything else."""

    listing = models.OneToOneField(Listing, on_delete=models.PROTECT, primary_key=True, related_name="entry")
    code_meaning = models.ForeignKey("hcpcs.Code", on_delete=models.PROTECT, related_name="+")
    manufacturer_organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    distributor_organization = models.ForeignKey(Organization, on_delete=models.PROTECT, null=True, related_name="+")
    code = models.CharField(max_length=5)
    manufacturer = models.CharField(max_length=300)
    distributor = models.CharField(max_length=300, blank=True)
    product = models.CharField(max_length=300)
    model_number = models.CharField(max_length=120, blank=True)
    model_normalized = models.CharField(max_length=120, blank=True)
    classification = models.CharField(max_length=120, blank=True)
    effective = DateRangeField()
    origin = models.CharField(max_length=20, choices=Origin)
    comment = models.TextField(blank=True)
    published_at = models.DateTimeField(help_text="When the listing first stood on the public list.")
    changed_at = models.DateTimeField(help_text="When the public list last changed on it.")
    search = SearchVectorField(help_text="Every word by which it may be looked for, former names included.")

    class Meta:
        ordering = ["code", "manufacturer", "product", "model_number", "listing_id"]
        indexes = [
            GinIndex(fields=["search"], name="entry_search"),
            GistIndex(fields=["effective"], name="entry_effective"),
            models.Index(fields=["code", "manufacturer", "product", "model_number", "listing"], name="entry_in_order"),
            models.Index(fields=["manufacturer_organization", "code"], name="entry_by_manufacturer"),
            models.Index(fields=["model_normalized"], name="entry_by_model_number", opclasses=["text_pattern_ops"]),
            # For the pictures: the newest of a product group, and what ends next, of a code or group or of all.
            models.Index(fields=["classification", "listing"], name="entry_by_group"),
            models.Index(
                RangeEndsWith("effective"),
                "code",
                "classification",
                condition=models.Q(effective__upper_inf=False),
                name="entry_by_end",
            ),
        ]
        triggers = keeps_count()

    def __str__(self) -> str:
        return f"{self.product} by {self.manufacturer} under {self.code}"

    def get_absolute_url(self) -> str:
        return reverse("public:listing", args=[self.pk])

    @property
    def effective_from(self) -> date:
        return self.effective.lower

    @property
    def effective_to(self) -> date | None:
        """Last date of service, inclusive; None while no end is set."""
        return last_day(self.effective)

    def status_on(self, day: date) -> str:
        """`current`, `ended` or `future` as seen from date of service `day`."""
        if day < self.effective_from:
            return "future"
        if self.effective_to is not None and day > self.effective_to:
            return "ended"
        return "current"
