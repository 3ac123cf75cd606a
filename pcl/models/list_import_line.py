"""What a list's rows say and what becomes of each: the report of an import, and what is imported."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q, Value

from pcl.models.list_import import ListImport
from pcl.models.listing import Listing
from pcl.models.organization import Organization
from pcl.models.product import Product, ProductModel


class ListOutcome(models.TextChoices):
    NEW = "new", "Would be listed"
    HISTORIC = "historic", "Would be listed, ended already"
    UNDECIDED = "undecided", "Waits for your decision"
    ERROR = "error", "Cannot be read or used"
    OVERLAP = "overlap", "Overlaps a listing"
    TWICE = "twice", "Twice in the file"
    THERE = "there", "Already on the list"


WRITTEN = (ListOutcome.NEW, ListOutcome.HISTORIC)
# Rows that agree with the register, or would: of these a product that is there gets the other names.
NAMING = (*WRITTEN, ListOutcome.THERE, ListOutcome.TWICE)
LEFT_OUT = (ListOutcome.ERROR, ListOutcome.OVERLAP)
_LOOSE: dict[str, Any] = {"on_delete": models.DO_NOTHING, "db_constraint": False, "db_index": False}


class ListImportLine(models.Model):
    """One listing that a row would make, or one thing that is wrong with the row."""

    list_import = models.ForeignKey(ListImport, on_delete=models.CASCADE, related_name="lines", db_index=False)
    # From 1, in the order of the file.
    number = models.PositiveIntegerField()
    row = models.PositiveIntegerField(help_text="As a spreadsheet counts, the header's included.")
    is_read = models.BooleanField(help_text="Whether the row could be read; if not, `message` says why for good.")
    outcome = models.CharField(max_length=9, choices=ListOutcome)
    column = models.CharField(max_length=60, blank=True, help_text="Which of the file's columns the message is about.")
    message = models.TextField(blank=True, help_text="What is the matter, and what to do.")
    hint = models.TextField(blank=True, help_text="Odd, but no reason to leave it out.")
    changed_since_preview = models.BooleanField(default=False, help_text="It fitted when the preview was made.")

    code = models.CharField(max_length=60, blank=True)
    manufacturer = models.CharField(max_length=300, blank=True)
    distributor = models.CharField(max_length=300, blank=True)
    product = models.CharField(max_length=300, blank=True)
    model_number = models.CharField(max_length=300, blank=True)
    model_normalized = models.CharField(max_length=120, blank=True)
    classification = models.CharField(max_length=120, blank=True)
    comment = models.TextField(blank=True)
    other_names = ArrayField(models.CharField(max_length=300), default=list, blank=True)
    new_names = ArrayField(
        models.CharField(max_length=300),
        db_default=Value([], output_field=ArrayField(models.CharField(max_length=300))),
        blank=True,
        help_text="Those of its other names that a product of the register gets by this line.",
    )
    first_day = models.DateField(null=True)
    last_day = models.DateField(null=True, help_text="Inclusive; none while no end is set.")

    # What the register has of it; with the import, what it made. Reckoned anew before anything is written, so that a
    # preview binds nobody: products and codes may go.
    code_meaning = models.ForeignKey("hcpcs.Code", null=True, related_name="+", **_LOOSE)
    product_key = models.TextField(blank=True, help_text="The same for all lines of one product, also of a new one.")
    product_row = models.ForeignKey(Product, null=True, related_name="+", **_LOOSE)
    model_row = models.ForeignKey(ProductModel, null=True, related_name="+", **_LOOSE)
    listing = models.ForeignKey(Listing, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        ordering = ["list_import", "number"]
        constraints = [
            models.UniqueConstraint(fields=["list_import", "number"], name="list_import_line_once"),
            models.CheckConstraint(condition=Q(outcome__in=ListOutcome.values), name="list_import_outcome_is_known"),
            models.CheckConstraint(
                condition=Q(last_day=None) | Q(last_day__gte=F("first_day")),
                name="list_import_line_ends_after_its_begin",
            ),
        ]
        indexes = [models.Index(fields=["list_import", "outcome", "number"], name="list_import_line_by_outcome")]

    def __str__(self) -> str:
        return f"row {self.row}: {self.outcome}"


class NameChoice(models.TextChoices):
    SAME = "same", "The same organization"
    ANOTHER = "another", "Another organization"


class ListImportName(models.Model):
    """A manufacturer or distributor as the file spells it, and which organization is meant."""

    list_import = models.ForeignKey(ListImport, on_delete=models.CASCADE, related_name="names", db_index=False)
    name = models.CharField(max_length=300)
    name_key = models.CharField(max_length=300)
    row_count = models.PositiveIntegerField(default=0, help_text="Lines that name it.")
    organization = models.ForeignKey(
        Organization, on_delete=models.SET_NULL, null=True, related_name="+", help_text="None for a new one."
    )
    look_alike = models.ForeignKey(
        Organization, on_delete=models.SET_NULL, null=True, related_name="+", help_text="One it may be taken for."
    )
    choice = models.CharField(max_length=7, choices=NameChoice, blank=True)
    is_undecided = models.BooleanField(default=False)

    class Meta:
        ordering = ["list_import", "name"]
        constraints = [
            models.UniqueConstraint(fields=["list_import", "name"], name="list_import_name_once"),
            models.CheckConstraint(
                condition=Q(choice="") | Q(choice__in=NameChoice.values), name="list_import_choice_is_known"
            ),
        ]
        indexes = [
            models.Index(fields=["list_import", "name"], condition=Q(is_undecided=True), name="list_name_undecided")
        ]

    def __str__(self) -> str:
        return self.name
