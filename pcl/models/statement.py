"""A statement of listing: what the register said of a listing on a date of service, given to somebody to keep."""

import pgtrigger
from django.db import models
from django.urls import reverse
from django.utils import timezone

from pcl.models.listing import Listing
from pcl.models.listing_change import ListingChange


class Statement(models.Model):
    """Everything that its document says stands in `said`, so that it can be made again, and compared, at any time."""

    number = models.CharField(max_length=20, unique=True, help_text="As pcl.statement_number writes it.")
    listing = models.ForeignKey(Listing, on_delete=models.PROTECT, related_name="statements")
    date_of_service = models.DateField()
    as_published = models.DateTimeField(
        null=True, help_text="Whose list was asked about; none for the list as it stood when the statement was issued."
    )
    issued_at = models.DateTimeField(default=timezone.now, editable=False)
    is_in_force = models.BooleanField(
        help_text="Whether it is in force on the date of service, by the list as it stood when this was issued."
    )
    change = models.ForeignKey(
        ListingChange, on_delete=models.PROTECT, related_name="+", help_text="The last change of the listing by then."
    )
    said = models.JSONField(help_text="What it says, in the words in which it says it: pcl.queries.statement_content.")
    fingerprint = models.CharField(
        max_length=64,
        unique=True,
        help_text="Of question and answer: asked again, the same answer is the same statement.",
    )

    class Meta:
        ordering = ["-issued_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    number__regex=r"^S-[0-9]{4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]$"
                ),
                name="statement_number_is_written_so",
            ),
            models.CheckConstraint(
                condition=models.Q(as_published=None) | models.Q(as_published__lte=models.F("issued_at")),
                name="statement_is_not_about_a_list_to_come",
            ),
            models.CheckConstraint(
                condition=models.Q(fingerprint__regex=r"^[0-9a-f]{64}$"), name="statement_fingerprint_is_a_sha256"
            ),
        ]
        triggers = [pgtrigger.Protect(name="a_statement_stands", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("public:statement", args=[self.number])
