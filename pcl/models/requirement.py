"""That products must be verified before a code may be billed for them: since when, and who says so."""

from datetime import date

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models

from pcl.models.listing import last_day, same_row
from pcl.models.publication import Publication


class Requirement(models.Model):
    code = models.ForeignKey("hcpcs.Code", on_delete=models.PROTECT, related_name="requirements")
    product_group = models.SlugField(max_length=60)
    in_force = DateRangeField(
        help_text="Dates of service to which it applies: begin inclusive, end exclusive; no begin where none is known."
    )
    publication = models.ForeignKey(
        Publication, on_delete=models.PROTECT, null=True, blank=True, related_name="requirements"
    )
    policy_article = models.CharField(max_length=200, blank=True)
    lcd = models.CharField("LCD", max_length=200, blank=True)
    exception_text = models.TextField(blank=True, help_text="Products that need not be listed.")
    fallback_code = models.CharField(max_length=60, blank=True, help_text="What to bill for a product not listed.")
    source = models.CharField(max_length=300, help_text="The document or list that was read.")
    snapshot_date = models.DateField(null=True, blank=True, help_text="The day on which the source said so.")
    version = models.PositiveIntegerField(default=1, help_text="1 as entered, one more with each revision.")

    class Meta:
        ordering = ["code__code", "in_force"]
        constraints = [
            models.CheckConstraint(condition=models.Q(in_force__isempty=False), name="requirement_has_days"),
            ExclusionConstraint(
                name="one_requirement_of_a_code_per_day",
                expressions=[(same_row("code"), RangeOperators.EQUAL), ("in_force", RangeOperators.OVERLAPS)],
                violation_error_message="Another requirement for this code is in force on some of these dates.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} requires verification"

    @property
    def in_force_from(self) -> date | None:
        """First date of service, inclusive; None where the source names none."""
        return self.in_force.lower

    @property
    def in_force_to(self) -> date | None:
        """Last date of service, inclusive; None while no end is set."""
        return last_day(self.in_force)
