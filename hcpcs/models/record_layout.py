"""The fields of CMS's "HCPCS Contractor Record" (320 bytes). Positions in comments are 1-based and inclusive."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Kind(models.TextChoices):
    CODE = "code", "HCPCS code"
    MODIFIER = "modifier", "Modifier"


def repeated(length: int, times: int) -> Any:
    """A field that occurs up to `times` times, in the order of the file; blanks after the last value are not kept."""
    return ArrayField(models.CharField(max_length=length, blank=True), default=list, blank=True, size=times)


class RecordLayout(models.Model):
    """Every field of the record layout as CMS gave it, without the padding. A blank is "" or, for a date, None."""

    kind = models.CharField(max_length=8, choices=Kind)  # from the record identification code, 11
    # "C": sorted by bytes and found by prefix whatever the database's language. 1-5; a modifier in 4-5.
    code = models.CharField(max_length=5, db_collation="C")
    sequence_number = models.CharField(max_length=5, blank=True)  # 6-10
    long_description = models.TextField()  # 12-91 of this line and its continuation lines
    short_description = models.CharField(max_length=28, blank=True)  # 92-119
    pricing_indicators = repeated(2, 4)  # 120-127
    multiple_pricing_indicator = models.CharField(max_length=1, blank=True)  # 128
    cim_references = repeated(6, 3)  # 129-146
    mcm_references = repeated(8, 3)  # 147-170
    statute = models.CharField(max_length=10, blank=True)  # 171-180
    lab_certifications = repeated(3, 8)  # 181-204
    cross_references = repeated(5, 5)  # 205-229
    coverage = models.CharField(max_length=1, blank=True)  # 230
    asc_group = models.CharField(max_length=2, blank=True)  # 231-232
    asc_effective = models.DateField(null=True, blank=True)  # 233-240
    mog_group = models.CharField(max_length=3, blank=True)  # 241-243
    mog_indicator = models.CharField(max_length=1, blank=True)  # 244
    mog_effective = models.DateField(null=True, blank=True)  # 245-252
    processing_note = models.CharField(max_length=4, blank=True)  # 253-256
    betos = models.CharField(max_length=3, blank=True)  # 257-259
    types_of_service = repeated(1, 5)  # 261-265
    anesthesia_base_units = models.PositiveSmallIntegerField(null=True, blank=True)  # 266-268
    added = models.DateField(null=True, blank=True)  # 269-276
    # The date of the last maintenance, a discontinuation included. It says nothing about validity. 277-284
    action_effective = models.DateField(null=True, blank=True)
    terminated = models.DateField(null=True, blank=True)  # 285-292, the last day of use
    action_code = models.CharField(max_length=1, blank=True)  # 293

    class Meta:
        abstract = True


# The order of the layout, which is also the order of comparison, of bulk loading and of pages.
LAYOUT_FIELDS = tuple(field.name for field in RecordLayout._meta.local_fields)  # noqa: SLF001  # Django's public `_meta`
# What a release says about a code, as opposed to where the line stood in the file.
CONTENT_FIELDS = tuple(name for name in LAYOUT_FIELDS if name not in {"kind", "code", "sequence_number"})
