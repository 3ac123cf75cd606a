"""Where an applicant says that a requirement of the requested codes is shown: the document, the page, or why not."""

from django.db import models
from django.db.models import Q

from verification.models.application import Application
from verification.models.document import Document


class Stands(models.TextChoices):
    SHOWN = "shown", "It is shown in a document"
    NOT_MET = "not_met", "The product does not meet it"
    NOT_APPLICABLE = "n/a", "It does not apply to the product"


class CodeEvidence(models.Model):
    """One for each element that the requested codes ask for, however many of the codes ask it; saved as typed."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="code_evidence")
    element = models.SlugField(max_length=80, help_text="Key of the row in the product group's checklist.")
    stands = models.CharField(max_length=10, choices=Stands, blank=True)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, related_name="+")
    page = models.PositiveIntegerField(null=True, help_text="Page of the document, the first one being 1.")
    note = models.TextField(max_length=2_000, blank=True, help_text="What to look for; or why it is not met.")

    class Meta:
        ordering = ["application", "id"]
        constraints = [
            models.UniqueConstraint(fields=["application", "element"], name="one_evidence_per_element"),
            models.CheckConstraint(condition=Q(stands__in=["", *Stands.values]), name="evidence_stands_is_known"),
            models.CheckConstraint(condition=Q(page=None) | Q(page__gte=1), name="evidence_page_counts_from_one"),
            models.CheckConstraint(
                condition=Q(stands="shown") | Q(document=None, page=None), name="only_what_is_shown_has_a_page"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.element}: {self.get_stands_display()}"

    @property
    def is_of_a_removed_document(self) -> bool:
        return self.document is not None and self.document.removed_at is not None

    @property
    def in_words(self) -> str:
        """What was said of it, as a person reads it: the document and page, or why not. Empty where nothing was."""
        if self.stands == Stands.SHOWN:
            page = f", page {self.page}" if self.page else ""
            where = self.get_stands_display()
            if self.document:
                where = (
                    "A document that was removed" if self.is_of_a_removed_document else f"{self.document.name}{page}"
                )
            return "\n".join(part for part in (where, self.note) if part)
        return "\n".join(part for part in (self.get_stands_display() if self.stands else "", self.note) if part)
