"""A change of names that so many listings show that the worker makes it."""

from django.db import models
from django.db.models import Q
from django.urls import reverse

from pcl.models.many_listings_act import ManyListingsAct, constraints_of_an_act
from pcl.models.organization import Organization
from pcl.models.product import Product


class RenamingKind(models.TextChoices):
    ORGANIZATION = "organization", "Rename the organization"
    MERGER = "merger", "Merge the organization into another"
    PRODUCT = "product", "Rename the product"
    CORRECTION = "correction", "Correct the product’s name or classification"


_OF_ORGANIZATION = Q(kind__in=["organization", "merger"])


class Renaming(ManyListingsAct):
    """What is to be done; one that is not saved describes it, too. Only pcl/services/renamings.py writes it."""

    kind = models.CharField(max_length=12, choices=RenamingKind)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, null=True, related_name="renamings")
    into = models.ForeignKey(Organization, on_delete=models.PROTECT, null=True, related_name="+")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, null=True, related_name="renamings")
    called = models.CharField(max_length=300, help_text="The name before.")
    name = models.CharField(max_length=300, blank=True, help_text="The name since; empty for a merger.")
    classification = models.CharField(max_length=120, blank=True, help_text="Of a correction.")
    since = models.DateField(null=True, help_text="First day of the new name; none for a correction.")
    source = models.CharField(max_length=300, blank=True, help_text="The document that says so.")

    class Meta:
        ordering = ["-asked_at", "-id"]
        constraints = [
            *constraints_of_an_act("renaming", RenamingKind.values),
            models.CheckConstraint(
                condition=(_OF_ORGANIZATION & Q(organization__isnull=False, product=None))
                | (~_OF_ORGANIZATION & Q(organization=None, product__isnull=False)),
                name="renaming_is_of_an_organization_or_a_product",
            ),
            models.CheckConstraint(
                condition=(Q(kind="merger", into__isnull=False, name=""))
                | (~Q(kind="merger") & Q(into=None) & ~Q(name="")),
                name="renaming_says_the_new_name_or_the_other_one",
            ),
            models.CheckConstraint(
                condition=Q(kind="correction", since=None) | (~Q(kind="correction") & Q(since__isnull=False)),
                name="renaming_has_a_day_unless_it_corrects",
            ),
            models.UniqueConstraint(
                fields=["organization"], condition=Q(state="waiting"), name="one_renaming_of_an_organization_at_a_time"
            ),
            models.UniqueConstraint(
                fields=["product"], condition=Q(state="waiting"), name="one_renaming_of_a_product_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.called}"

    def get_absolute_url(self) -> str:
        return reverse("registrar:renaming", args=[self.pk])
