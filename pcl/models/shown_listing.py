"""What the register shows of a listing, in one row: the same columns for what it shows now and for what it showed."""

from datetime import date

from django.contrib.postgres.fields import DateRangeField
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.urls import reverse

from pcl.models.listing import Origin, last_day
from pcl.models.organization import Organization


class ShownListing(models.Model):
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
    effective = DateRangeField(help_text="Dates of service of the listing itself.")
    in_force = DateRangeField(
        help_text="Dates of service on which both the listing and its code hold: what can be billed. "
        "Empty where CMS ended the code before the listing began."
    )
    origin = models.CharField(max_length=20, choices=Origin)
    comment = models.TextField(blank=True)
    published_at = models.DateTimeField(help_text="When the listing first stood on the public list.")
    changed_at = models.DateTimeField(help_text="Since when the list says so.")
    search = SearchVectorField(help_text="Every word by which it may be looked for, former names included.")

    class Meta:
        abstract = True

    listing_id: int

    def __str__(self) -> str:
        return f"{self.product} by {self.manufacturer} under {self.code}"

    def get_absolute_url(self) -> str:
        return reverse("public:listing", args=[self.listing_id])

    @property
    def effective_from(self) -> date:
        return self.effective.lower

    @property
    def effective_to(self) -> date | None:
        """Last date of service, inclusive; None while no end is set."""
        return last_day(self.effective)

    def status_on(self, day: date) -> str:
        """`current`, `ended` or `future` as seen from date of service `day`: see pcl/queries/listing_status.py."""
        if self.in_force.isempty or (self.in_force.upper is not None and day >= self.in_force.upper):
            return "ended"
        return "future" if day < self.in_force.lower else "current"
