"""A file that an applicant attached."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from verification.models.application import Application
from verification.workflow.states import Status

# Columns that nothing changes once the document is attached.
STAYS = (
    *("application_id", "kind", "name", "content_type", "size", "sha256", "file"),
    *("uploaded_by_id", "uploaded_at"),
)


class ScanState(models.TextChoices):
    NOT_SCANNED = "not_scanned", "Not scanned"
    WAITING = "waiting", "Waiting for the virus scan"
    CLEAN = "clean", "Scanned, clean"
    INFECTED = "infected", "Infected"


class Document(models.Model):
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="documents")
    kind = models.SlugField(max_length=60, help_text="What it is evidence of: a document kind of the product group.")
    name = models.CharField(max_length=255, help_text="The file's name on the applicant's side; only shown.")
    content_type = models.CharField(max_length=100, help_text="As its content says, not its name.")
    size = models.PositiveBigIntegerField(help_text="Bytes.")
    sha256 = models.CharField(max_length=64)
    file = models.FileField(max_length=200)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(default=timezone.now, editable=False)
    removed_at = models.DateTimeField(null=True, editable=False)
    pages = models.PositiveIntegerField(null=True, editable=False, help_text="Counted when a page is first named.")

    scan_state = models.CharField(max_length=20, choices=ScanState, default=ScanState.NOT_SCANNED, editable=False)
    scanned_at = models.DateTimeField(null=True, editable=False, help_text="When the scanner last gave its word.")
    scan_found = models.CharField(max_length=200, blank=True, editable=False, help_text="What it is infected with.")
    scanned_by = models.CharField(max_length=100, blank=True, editable=False, help_text="The scanner's version.")
    scan_problem = models.CharField(max_length=300, blank=True, editable=False, help_text="Why it still waits.")

    class Meta:
        ordering = ["application", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(size__gt=0), name="document_is_not_empty"),
            models.UniqueConstraint(
                fields=["application", "kind", "sha256"],
                condition=Q(removed_at=None),
                name="document_attached_once_per_kind",
            ),
            models.CheckConstraint(condition=Q(scan_state__in=ScanState.values), name="document_scan_state_is_known"),
            models.CheckConstraint(
                condition=Q(scan_state__in=[ScanState.CLEAN, ScanState.INFECTED], scanned_at__isnull=False)
                | Q(scan_state__in=[ScanState.NOT_SCANNED, ScanState.WAITING], scanned_at=None),
                name="document_is_scanned_when_the_scanner_gave_its_word",
            ),
            models.CheckConstraint(
                condition=Q(scan_state=ScanState.INFECTED) & ~Q(scan_found="")
                | ~Q(scan_state=ScanState.INFECTED) & Q(scan_found=""),
                name="document_is_infected_with_something",
            ),
        ]
        indexes = [
            # What the scanner has still to see, and what it found: few rows among many.
            models.Index(
                fields=["scan_state", "id"], condition=~Q(scan_state=ScanState.CLEAN), name="document_not_scanned_clean"
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="a_document_stays_what_it_was",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf(*STAYS) | pgtrigger.Delete,
                func=f"""
                    IF TG_OP = 'DELETE' OR ({", ".join(f"NEW.{each}" for each in STAYS)})
                       IS DISTINCT FROM ({", ".join(f"OLD.{each}" for each in STAYS)}) THEN
                        RAISE EXCEPTION 'document %: what was attached is not changed', OLD.id
                            USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
            # Beside the services: nothing is taken away from what was submitted, nothing is slipped back in.
            pgtrigger.Trigger(
                name="what_was_submitted_stays_attached",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("removed_at"),
                func=f"""
                    IF NEW.removed_at IS DISTINCT FROM OLD.removed_at AND NOT EXISTS (
                        SELECT FROM verification_application application
                        WHERE application.id = NEW.application_id
                          AND (application.status = '{Status.DRAFT}'
                               OR application.status = '{Status.INFORMATION_REQUESTED}'
                               AND OLD.removed_at IS NULL AND NEW.uploaded_at > (
                                   SELECT max(at) FROM verification_transitionlog WHERE application_id = application.id
                               ))
                    ) THEN
                        RAISE EXCEPTION 'document %: what was submitted stays attached', NEW.id
                            USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    RETURN NEW;
                """,  # noqa: S608  # names of states, from our own table
            ),
        ]

    def __str__(self) -> str:
        return self.name
