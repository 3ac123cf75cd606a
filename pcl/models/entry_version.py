"""What the register said, and from when until when it said so: the second clock of a listing."""

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from pcl.models.listing import Listing, same_row
from pcl.models.shown_listing import ShownListing

_COLUMNS = ", ".join(["listing_id", *(str(field.column) for field in ShownListing._meta.local_fields)])  # noqa: SLF001
# Set-based, so that a hundred thousand rows written at once are kept at once.
KEEP_VERSIONS = f"""
    UPDATE pcl_entryversion AS version SET said = tstzrange(lower(version.said), shown.changed_at)
    FROM shown WHERE version.listing_id = shown.listing_id AND upper_inf(version.said);
    INSERT INTO pcl_entryversion ({_COLUMNS}, said)
    SELECT {_COLUMNS}, tstzrange(changed_at, NULL) FROM shown;
    RETURN NULL;
"""  # noqa: S608  # columns of the model


class EntryVersion(ShownListing):
    """One state of a RegisterEntry, today's included. Written by the trigger of RegisterEntry alone."""

    listing = models.ForeignKey(Listing, on_delete=models.PROTECT, related_name="versions", db_index=False)
    said = DateTimeRangeField(help_text="From when (inclusive) until when (exclusive) the public list said so.")

    class Meta:
        ordering = ["listing", "said"]
        constraints = [
            ExclusionConstraint(
                name="the_list_says_one_thing_of_a_listing_at_a_time",
                expressions=[(same_row("listing"), RangeOperators.EQUAL), ("said", RangeOperators.OVERLAPS)],
            ),
            models.CheckConstraint(
                condition=models.Q(said__isempty=False, said__lower_inf=False), name="version_was_said_some_time"
            ),
        ]
        indexes = [
            models.Index(fields=["listing"], name="version_by_listing"),
            models.Index(fields=["-changed_at"], name="version_by_instant"),
            GinIndex(fields=["search"], name="version_search"),
            models.Index(
                fields=["code", "manufacturer", "product", "model_number", "listing"], name="version_in_order"
            ),
            models.Index(
                fields=["manufacturer", "product", "code", "model_number", "listing"], name="version_by_maker_name"
            ),
            models.Index(
                fields=["product", "manufacturer", "code", "model_number", "listing"], name="version_by_product"
            ),
            models.Index(fields=["manufacturer_organization", "code"], name="version_by_manufacturer"),
            models.Index(
                fields=["distributor_organization", "code"],
                name="version_by_distributor",
                condition=models.Q(distributor_organization__isnull=False),
            ),
            models.Index(fields=["model_normalized"], name="version_by_model_number", opclasses=["text_pattern_ops"]),
        ]
        triggers = [
            pgtrigger.Protect(name="a_version_is_never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="of_a_version_only_the_end_is_written_once",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func="""
                    IF NOT upper_inf(OLD.said) OR upper_inf(NEW.said)
                       OR lower(NEW.said) <> lower(OLD.said)
                       OR to_jsonb(NEW) - 'said' <> to_jsonb(OLD) - 'said' THEN
                        RAISE EXCEPTION 'what the list said of listing % stands', OLD.listing_id
                            USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]
