"""A product as its maker names it, and the models in which it is made."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models.functions import Upper

from pcl.models.dated_name import DatedName
from pcl.models.folded import folded
from pcl.models.organization import Organization


class Product(models.Model):
    name = models.CharField(max_length=300)
    folded = folded("name")
    manufacturer = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="products_made")
    distributor = models.ForeignKey(
        Organization, on_delete=models.PROTECT, null=True, blank=True, related_name="products_distributed"
    )
    classification = models.CharField(max_length=120, blank=True, help_text="The product group in words.")
    fda_submission_numbers = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    fda_listing_numbers = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name", "id"]
        indexes = [
            models.Index(fields=["manufacturer", "name"], name="product_by_maker_and_name"),
            models.Index(fields=["folded"], name="product_by_folded_name"),
            # The beginning of a name, in capitals or not, as Django asks for it.
            models.Index(OpClass(Upper("name"), "text_pattern_ops"), name="product_by_begin_of_name"),
        ]
        constraints = [models.CheckConstraint(condition=~models.Q(name=""), name="product_has_a_name")]

    def __str__(self) -> str:
        return self.name


class ProductName(DatedName):
    """A name other than today's: a former one, or another spelling under which the product is known."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="names")
    folded = folded("name")

    class Meta:
        ordering = ["product", "used"]
        indexes = [
            models.Index(fields=["folded"], name="product_name_by_folded_name"),
            models.Index(OpClass(Upper("name"), "text_pattern_ops"), name="product_name_by_begin"),
        ]
        constraints = [models.UniqueConstraint(fields=["product", "name", "used"], name="product_name_said_once")]


class ProductModel(models.Model):
    """One model of a product. A product of which no model number is stated has one model, with an empty number."""

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="models")
    model_number = models.CharField(max_length=120, blank=True, help_text="As given; empty when none is stated.")
    normalized = models.CharField(
        max_length=120, blank=True, editable=False, help_text="Letters and digits only, capitals: what search compares."
    )
    udi_di = models.CharField("UDI-DI", max_length=60, blank=True, help_text="Device identifier of the label, if any.")

    class Meta:
        ordering = ["product", "model_number"]
        constraints = [
            models.UniqueConstraint(fields=["product", "model_number"], name="product_model_number_said_once"),
        ]
        indexes = [models.Index(fields=["normalized"], name="product_model_by_number", opclasses=["text_pattern_ops"])]

    def __str__(self) -> str:
        return self.model_number or "no model number stated"
