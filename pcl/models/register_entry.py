"""What the register shows of a listing now: the only table that search, API and export read."""

import pgtrigger
from django.contrib.postgres.fields.ranges import RangeEndsWith
from django.contrib.postgres.indexes import GinIndex, GistIndex
from django.db import models
from django.db.models.functions import Upper

from pcl.models.beginnings import Beginnings
from pcl.models.entry_version import KEEP_VERSIONS
from pcl.models.folded import folded
from pcl.models.listing import Listing
from pcl.models.listing_count import keeps_count
from pcl.models.shown_listing import ShownListing
from pcl.models.word import KEEP_WORDS

_KEEP_WORDS = KEEP_WORDS.format(shown="shown") + "RETURN NULL;"


def _after(name: str, operation: pgtrigger.Operation, func: str) -> pgtrigger.Trigger:
    """A trigger for each statement, however many rows it wrote; `func` finds them in `shown`."""
    return pgtrigger.Trigger(
        name=name,
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=operation,
        referencing=pgtrigger.Referencing(new="shown"),
        func=func,
    )


class RegisterEntry(ShownListing):
    """Written by pcl/services/entries.py together with each change, never by anything else.

    The database keeps each state of a row in EntryVersion by itself.
    """

    listing = models.OneToOneField(Listing, on_delete=models.PROTECT, primary_key=True, related_name="entry")
    # For the check, which compares a hundred thousand of them at once.
    product_folded = folded("product")

    class Meta:
        ordering = ["code", "manufacturer", "product", "model_number", "listing_id"]
        indexes = [
            GinIndex(fields=["search"], name="entry_search"),
            GinIndex(Beginnings("search"), name="entry_beginnings"),
            GistIndex(fields=["in_force"], name="entry_in_force"),
            models.Index(fields=["code", "manufacturer", "product", "model_number", "listing"], name="entry_in_order"),
            models.Index(
                fields=["manufacturer", "product", "code", "model_number", "listing"], name="entry_by_maker_name"
            ),
            models.Index(
                fields=["product", "manufacturer", "code", "model_number", "listing"], name="entry_by_product"
            ),
            models.Index(fields=["manufacturer_organization", "code"], name="entry_by_manufacturer"),
            models.Index(
                fields=["distributor_organization", "code"],
                name="entry_by_distributor",
                condition=models.Q(distributor_organization__isnull=False),
            ),
            models.Index(fields=["model_normalized"], name="entry_by_model_number", opclasses=["text_pattern_ops"]),
            # What programs ask for that have been here before: tens of thousands at a time.
            models.Index(fields=["changed_at"], include=["listing"], name="entry_by_change"),
            # For the pictures: the newest of a product group, and what ends next, of a code or group or of all.
            models.Index(fields=["classification", "listing"], name="entry_by_group"),
            # As the list is searched by group, in any case and by default in this order: the codes of a group lie
            # together. By it PostgreSQL also learns how many each group has.
            models.Index(
                Upper("classification"),
                *("code", "manufacturer", "product", "model_number", "listing"),
                name="entry_by_any_case_of_group",
            ),
            # The newest of a code, and that a code has none.
            models.Index(fields=["code", "listing"], name="entry_by_code"),
            models.Index(
                RangeEndsWith("effective"),
                "code",
                "classification",
                condition=models.Q(effective__upper_inf=False),
                name="entry_by_end",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="an_entry_is_never_deleted", operation=pgtrigger.Delete),
            _after("what_is_shown_first_is_kept", pgtrigger.Insert, KEEP_VERSIONS),
            _after("what_is_shown_since_is_kept", pgtrigger.Update, KEEP_VERSIONS),
            *keeps_count(),
            _after("words_shown_first_are_kept", pgtrigger.Insert, _KEEP_WORDS),
            _after("words_shown_since_are_kept", pgtrigger.Update, _KEEP_WORDS),
        ]
