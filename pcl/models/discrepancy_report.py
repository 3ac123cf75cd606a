"""What somebody says is wrong with the list, or missing on it, and what the registrars made of it. Never public."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from pcl.models.listing import Listing
from pcl.models.listing_change import ListingChange


class DiscrepancyKind(models.TextChoices):
    WRONG_NAME = "wrong_name", "The product's name or model number is wrong"
    OTHER_NAME = "other_name", "The model is marketed under another name"
    NOT_TO_BE_LISTED = "not_to_be_listed", "It should not be listed under this code"
    WRONG_DATES = "wrong_dates", "The dates are wrong"
    MISSING = "missing", "A product is missing from the list"
    OTHER = "other", "Something else"


class DiscrepancyOutcome(models.TextChoices):
    CORRECTED = "corrected", "The list was corrected"
    NOT_A_DISCREPANCY = "not_a_discrepancy", "The list is right as it stands"
    DUPLICATE = "duplicate", "Reported before"
    PASSED_ON = "passed_on", "Passed on to whom it concerns"


# Kinds that say another name: which one has to be told.
NAMING = (DiscrepancyKind.WRONG_NAME, DiscrepancyKind.OTHER_NAME)


class DiscrepancyReport(models.Model):
    """Open as long as it has no outcome. Written by pcl/services/discrepancies.py only."""

    reference = models.CharField(max_length=12, unique=True, help_text="Told to the reporter; cannot be guessed.")
    submission = models.UUIDField(unique=True, help_text="Of the form, so that sending it twice makes one report.")
    received_at = models.DateTimeField(default=timezone.now, editable=False)
    kind = models.CharField(max_length=20, choices=DiscrepancyKind)
    listing = models.ForeignKey(Listing, on_delete=models.PROTECT, null=True, related_name="discrepancy_reports")
    code = models.CharField(max_length=5, blank=True, help_text="The listing's when the report came, or as typed.")
    about = models.CharField(max_length=300, blank=True, help_text="What is missing, where no listing is named.")
    named = models.CharField(max_length=300, blank=True, help_text="The other name or number, where the kind has one.")
    text = models.TextField()
    evidence_url = models.CharField(max_length=500, blank=True)
    email = models.EmailField(blank=True, help_text="For the answer, where one is wanted.")

    outcome = models.CharField(max_length=20, choices=DiscrepancyOutcome, blank=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    duplicate_of = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="duplicates")
    passed_on_to = models.CharField(max_length=200, blank=True)
    changes = models.ManyToManyField(ListingChange, related_name="discrepancy_reports", blank=True)
    version = models.PositiveIntegerField(default=1, help_text="Rises with each step: what a registrar saw.")

    class Meta:
        ordering = ["received_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=DiscrepancyKind.values), name="discrepancy_kind_is_known"),
            models.CheckConstraint(
                condition=Q(outcome="", closed_at=None, closed_by=None)
                | Q(outcome__in=DiscrepancyOutcome.values, closed_at__isnull=False, closed_by__isnull=False),
                name="discrepancy_closed_with_outcome_instant_and_person",
            ),
            models.CheckConstraint(
                condition=Q(outcome="duplicate", duplicate_of__isnull=False)
                | (~Q(outcome="duplicate") & Q(duplicate_of=None)),
                name="discrepancy_duplicate_names_the_other",
            ),
            models.CheckConstraint(
                condition=Q(duplicate_of=None) | ~Q(duplicate_of=models.F("id")),
                name="discrepancy_is_no_duplicate_of_itself",
            ),
            models.CheckConstraint(
                condition=(Q(outcome="passed_on") & ~Q(passed_on_to=""))
                | (~Q(outcome="passed_on") & Q(passed_on_to="")),
                name="discrepancy_passed_on_says_to_whom",
            ),
            models.CheckConstraint(
                condition=Q(kind="missing", listing=None) | Q(kind="other") | Q(listing__isnull=False),
                name="discrepancy_names_a_listing_unless_missing",
            ),
            models.CheckConstraint(
                condition=~Q(kind="missing") | Q(listing=None), name="discrepancy_missing_names_no_listing"
            ),
            models.CheckConstraint(
                condition=(Q(listing=None) & ~Q(about="")) | Q(listing__isnull=False, about=""),
                name="discrepancy_says_what_it_is_about",
            ),
            models.CheckConstraint(
                condition=(Q(kind__in=NAMING) & ~Q(named="")) | (~Q(kind__in=NAMING) & Q(named="")),
                name="discrepancy_of_a_name_says_the_name",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="discrepancy_says_something"),
        ]
        indexes = [
            models.Index(fields=["received_at", "id"], condition=Q(outcome=""), name="discrepancy_open"),
            models.Index(fields=["closed_at", "id"], name="discrepancy_closed"),
        ]
        triggers = [pgtrigger.Protect(name="a_report_is_never_deleted", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("registrar:discrepancy", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return not self.outcome


class DiscrepancyStepKind(models.TextChoices):
    RECEIVED = "received", "Received"
    NOTED = "noted", "Note"
    CLOSED = "closed", "Closed"
    REOPENED = "reopened", "Reopened"


class DiscrepancyStep(models.Model):
    """One thing that happened to a report: who, when, and what was written. Stands for ever."""

    report = models.ForeignKey(DiscrepancyReport, on_delete=models.PROTECT, related_name="steps")
    at = models.DateTimeField(default=timezone.now, editable=False)
    kind = models.CharField(max_length=10, choices=DiscrepancyStepKind)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    note = models.TextField(blank=True, help_text="Internal.")
    outcome = models.CharField(max_length=20, choices=DiscrepancyOutcome, blank=True)
    detail = models.CharField(max_length=300, blank=True, help_text="Which changes, which other report, to whom.")
    answer = models.TextField(blank=True, help_text="What was mailed to the reporter.")

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="received", by=None) | (~Q(kind="received") & Q(by__isnull=False)),
                name="discrepancy_step_says_who",
            ),
            models.CheckConstraint(
                condition=Q(kind="closed", outcome__in=DiscrepancyOutcome.values) | (~Q(kind="closed") & Q(outcome="")),
                name="discrepancy_step_has_an_outcome_when_closed",
            ),
            models.CheckConstraint(condition=Q(kind="received") | ~Q(note=""), name="discrepancy_step_says_why"),
        ]
        triggers = [pgtrigger.Protect(name="a_step_stands", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.report}: {self.get_kind_display()}"
