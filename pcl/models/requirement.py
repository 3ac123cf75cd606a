"""That products must be verified before a code may be billed for them: since when, and who says so."""

from datetime import date

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, DateTimeRangeField, RangeOperators
from django.db import models
from django.utils import timezone

from pcl.models.listing import last_day, same_row
from pcl.models.publication import Publication


class SaidRequirement(models.Model):
    """What the register says of a requirement: the same columns for what it says now and for what it said."""

    code = models.ForeignKey("hcpcs.Code", on_delete=models.PROTECT, related_name="%(class)ss")
    product_group = models.SlugField(max_length=60)
    in_force = DateRangeField(
        help_text="Dates of service to which it applies: begin inclusive, end exclusive; no begin where none is known."
    )
    publication = models.ForeignKey(
        Publication, on_delete=models.PROTECT, null=True, blank=True, related_name="%(class)ss"
    )
    policy_article = models.CharField(max_length=200, blank=True)
    lcd = models.CharField("LCD", max_length=200, blank=True)
    exception_text = models.TextField(blank=True, help_text="Products that need not be listed.")
    fallback_code = models.CharField(max_length=60, blank=True, help_text="What to bill for a product not listed.")
    source = models.CharField(max_length=300, help_text="The document or list that was read.")
    snapshot_date = models.DateField(null=True, blank=True, help_text="The day on which the source said so.")
    changed_at = models.DateTimeField(default=timezone.now, help_text="Since when the register says so.")

    class Meta:
        abstract = True

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


# Statement triggers, as pcl/models/entry_version.py has them for listings. A state that is written at the instant of
# the one before, or by a clock that was set back, begins a tick after it: of each instant there is one answer.
_COLUMNS = ", ".join(str(field.column) for field in SaidRequirement._meta.local_fields)  # noqa: SLF001
_TICK = "interval '1 microsecond'"
_KEEP = f"""
    WITH ended AS (
        UPDATE pcl_requirementversion AS version
        SET said = tstzrange(lower(said), greatest(shown.changed_at, lower(said) + {_TICK}))
        FROM shown WHERE version.requirement_id = shown.id AND upper_inf(version.said)
        RETURNING version.requirement_id, upper(version.said) AS at
    )
    INSERT INTO pcl_requirementversion (requirement_id, {_COLUMNS}, said)
    SELECT shown.id, {_COLUMNS}, tstzrange(coalesce(ended.at, shown.changed_at), NULL)
    FROM shown LEFT JOIN ended ON ended.requirement_id = shown.id;
    RETURN NULL;
"""  # noqa: S608  # columns of the model
_END = f"""
    UPDATE pcl_requirementversion AS version
    SET said = tstzrange(lower(said), greatest(now(), lower(said) + {_TICK}))
    FROM gone WHERE version.requirement_id = gone.id AND upper_inf(version.said);
    RETURN NULL;
"""  # noqa: S608


def _after(name: str, operation: pgtrigger.Operation, func: str, **tables: str) -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name=name,
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=operation,
        referencing=pgtrigger.Referencing(**tables),
        func=func,
    )


class Requirement(SaidRequirement):
    """The database keeps each state of a row in RequirementVersion by itself."""

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
        triggers = [
            _after("what_is_required_first_is_kept", pgtrigger.Insert, _KEEP, new="shown"),
            _after("what_is_required_since_is_kept", pgtrigger.Update, _KEEP, new="shown"),
            _after("what_is_required_no_more_is_kept", pgtrigger.Delete, _END, old="gone"),
        ]


class RequirementVersion(SaidRequirement):
    """One state of a requirement, today's included. Written by the triggers of Requirement alone."""

    # What was said stays, whatever becomes of the requirement.
    requirement = models.ForeignKey(
        Requirement, on_delete=models.DO_NOTHING, related_name="versions", db_constraint=False
    )
    said = DateTimeRangeField(help_text="From when (inclusive) until when (exclusive) the register said so.")

    class Meta:
        ordering = ["requirement", "said"]
        constraints = [
            ExclusionConstraint(
                name="the_register_says_one_thing_of_a_requirement_at_a_time",
                expressions=[(same_row("requirement"), RangeOperators.EQUAL), ("said", RangeOperators.OVERLAPS)],
            ),
            models.CheckConstraint(
                condition=models.Q(said__isempty=False, said__lower_inf=False), name="requirement_was_said_some_time"
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="a_requirement_version_is_never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="of_what_was_required_only_the_end_is_written",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func="""
                    IF NOT upper_inf(OLD.said) OR upper_inf(NEW.said) OR lower(NEW.said) <> lower(OLD.said)
                       OR to_jsonb(NEW) - 'said' <> to_jsonb(OLD) - 'said' THEN
                        RAISE EXCEPTION 'what the register said of requirement % stands', OLD.requirement_id
                            USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]
