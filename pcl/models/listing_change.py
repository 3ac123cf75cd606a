"""What happened to listings: typed, in one order, append-only, each row carrying the hash of the one before."""

import pgtrigger
from django.conf import settings
from django.db import models

from pcl.models.listing import Listing


class ChangeKind(models.TextChoices):
    LISTED = "listed", "Listed"
    END_DATED = "end_dated", "End date set"
    EXTENDED = "extended", "End date moved later"
    REINSTATED = "reinstated", "Reinstated"
    RESCINDED = "rescinded", "Announced end taken back"
    RECODED = "recoded", "Moved to another code"
    RENAMED = "renamed", "Renamed"
    CORRECTED = "corrected", "Corrected"


class ListingChange(models.Model):
    seq = models.BigIntegerField(primary_key=True, help_text="1, 2, 3 … without a gap, in order of commit.")
    at = models.DateTimeField(help_text="When the register began to say so.")
    kind = models.CharField(max_length=20, choices=ChangeKind)
    listing = models.ForeignKey(Listing, on_delete=models.PROTECT, related_name="changes")
    version = models.PositiveIntegerField(help_text="The listing's version that this change made.")
    before = models.JSONField(null=True, help_text="What the register said of the listing; null when it is new.")
    after = models.JSONField(help_text="What the register says since.")
    reason = models.TextField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", help_text="Never public."
    )
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ["seq"]
        constraints = [
            models.UniqueConstraint(fields=["listing", "version"], name="one_change_per_version_of_a_listing"),
            models.UniqueConstraint(fields=["previous_hash"], name="the_chain_of_changes_does_not_fork"),
            models.CheckConstraint(condition=models.Q(kind__in=ChangeKind.values), name="change_kind_is_known"),
            models.CheckConstraint(
                condition=models.Q(kind="listed", before=None) | (~models.Q(kind="listed") & ~models.Q(before=None)),
                name="only_a_new_listing_has_nothing_before",
            ),
            models.CheckConstraint(condition=~models.Q(reason=""), name="change_has_a_reason"),
        ]
        indexes = [
            models.Index(fields=["-at"], name="change_by_instant"),
            models.Index(fields=["kind", "seq"], name="change_by_kind"),
        ]
        triggers = [
            pgtrigger.Protect(name="a_change_stands", operation=pgtrigger.Update | pgtrigger.Delete),
            # One statement for all rows of a bulk change. The organizations are those of the product as it is now,
            # those merged into them, and those that the row before named: who follows one of two that merge is told.
            pgtrigger.Trigger(
                name="a_change_is_about_something",
                level=pgtrigger.Statement,
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                referencing=pgtrigger.Referencing(new="new_changes"),
                func="""
                    WITH made AS (
                        SELECT change.seq, change.before, change.after, product.id AS product,
                            unnest(ARRAY[product.manufacturer_id, product.distributor_id]) AS organization
                        FROM new_changes change
                        JOIN pcl_listing listing ON listing.id = change.listing_id
                        JOIN pcl_productmodel model ON model.id = listing.model_id
                        JOIN pcl_product product ON product.id = model.product_id
                    )
                    INSERT INTO pcl_changesubject (about, change_id)
                    SELECT 'code:' || (after->>'code'), seq FROM new_changes
                    UNION
                    SELECT 'code:' || (before->>'code'), seq FROM new_changes WHERE before->>'code' IS NOT NULL
                    UNION
                    SELECT 'product:' || product, seq FROM made
                    UNION
                    SELECT 'organization:' || organization, seq FROM made WHERE organization IS NOT NULL
                    UNION
                    SELECT 'organization:' || merged.id, made.seq
                    FROM made JOIN pcl_organization merged ON merged.merged_into_id = made.organization
                    UNION
                    SELECT 'organization:' || former.id, change.seq
                    FROM new_changes change
                    CROSS JOIN LATERAL unnest(
                        ARRAY[change.before->>'manufacturer', change.before->>'distributor']
                    ) AS said(name)
                    JOIN pcl_organization former ON former.name = said.name
                    WHERE change.before->>'manufacturer' <> change.after->>'manufacturer'
                       OR change.before->>'distributor' IS DISTINCT FROM change.after->>'distributor'
                    ORDER BY 1, 2;
                    RETURN NULL;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seq}: {self.get_kind_display()}"
