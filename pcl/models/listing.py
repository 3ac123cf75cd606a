"""A product model under a HCPCS code, for a range of dates of service."""

from datetime import date, timedelta
from typing import Any

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.urls import reverse

from pcl.models.product import ProductModel


class Origin(models.TextChoices):
    DETERMINATION = "determination", "Determination of a coding verification review"
    CMS = "cms", "Assigned by CMS"
    IMPORTED = "imported", "Imported from an earlier list"


def same_row(field: str) -> Func:
    """A range of one id: lets core PostgreSQL compare ids for equality in an exclusion constraint."""
    return Func(F(field), F(field), Value("[]"), function="int8range")


class Listing(models.Model):
    model = models.ForeignKey(ProductModel, on_delete=models.PROTECT, related_name="listings")
    code = models.ForeignKey("hcpcs.Code", on_delete=models.PROTECT, related_name="listings")
    effective = DateRangeField(
        help_text="Dates of service for which the listing holds: begin inclusive, end exclusive, no end while open."
    )
    origin = models.CharField(max_length=20, choices=Origin)
    comment = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1, help_text="How many changes made it what it is.")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(origin__in=Origin.values), name="listing_origin_is_known"),
            models.CheckConstraint(
                condition=Q(effective__isempty=False, effective__lower_inf=False), name="listing_has_a_begin_date"
            ),
            ExclusionConstraint(
                name="one_listing_of_a_model_under_a_code_per_day",
                expressions=[
                    (same_row("model"), RangeOperators.EQUAL),
                    (same_row("code"), RangeOperators.EQUAL),
                    ("effective", RangeOperators.OVERLAPS),
                ],
                violation_error_message="This model is already listed under this code for some of these dates.",
            ),
        ]
        indexes = [
            # From what is shown to the models, for tens of thousands at once, without looking at a row.
            models.Index(fields=["id"], include=["model"], name="listing_and_its_model"),
        ]
        triggers = [
            pgtrigger.Protect(name="a_listing_is_never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="a_listing_changes_one_version_at_a_time",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                    IF TG_OP = 'INSERT' AND NEW.version <> 1
                       OR TG_OP = 'UPDATE' AND NEW.version <> OLD.version + 1 THEN
                        RAISE EXCEPTION 'listing %: version % does not follow', NEW.id, NEW.version
                            USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
            # At commit the change log must say exactly what the row says: no listing without its recorded change.
            pgtrigger.Trigger(
                name="a_listing_is_what_its_change_says",
                when=pgtrigger.After,
                timing=pgtrigger.Deferred,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                    IF NOT EXISTS (
                        SELECT FROM pcl_listingchange change
                        WHERE change.listing_id = NEW.id
                          AND change.version = NEW.version
                          AND (change.after->>'effective_from')::date = lower(NEW.effective)
                          AND (change.after->>'effective_to')::date IS NOT DISTINCT FROM upper(NEW.effective) - 1
                          AND change.after->>'origin' = NEW.origin
                          AND change.after->>'comment' = NEW.comment
                          AND change.after->>'code' = (SELECT code FROM hcpcs_code WHERE id = NEW.code_id)
                    ) THEN
                        RAISE EXCEPTION 'listing % version % has no recorded change that says the same',
                            NEW.id, NEW.version USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    RETURN NULL;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.model} under {self.code}"

    def get_absolute_url(self) -> str:
        return reverse("public:listing", args=[self.pk])

    @property
    def effective_from(self) -> date:
        """First date of service, inclusive."""
        return self.effective.lower

    @property
    def effective_to(self) -> date | None:
        """Last date of service, inclusive; None while no end is set."""
        return last_day(self.effective)


def last_day(effective: Any) -> date | None:
    """The last day of a date range, inclusive; None when it has no end."""
    return None if effective.upper is None else effective.upper - timedelta(days=1)
