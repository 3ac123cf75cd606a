"""An application for coding verification review: what the manufacturer says of one product."""

from datetime import date
from typing import TYPE_CHECKING

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Coalesce
from django.urls import reverse

from verification.product_groups import ProductGroup, group
from verification.workflow.states import FINAL, OPEN_FOR_REVIEW, PUBLIC_LABELS, STOPS_THE_CLOCK, WITH_A_REVIEWER, Status

if TYPE_CHECKING:
    from verification.models.determination import Determination
    from verification.models.transition_log import TransitionLog


# Behind every day on which something can be due.
NO_DUE_DAY = date(9999, 12, 31)


class ApplicationKind(models.TextChoices):
    INITIAL = "initial", "Initial application"
    RECONSIDERATION = "reconsideration", "Reconsideration"
    MODEL_ADDITION = "model_addition", "Model number addition"
    NAME_CHANGE = "name_change", "Manufacturer name change"
    LISTING_UPDATE = "listing_update", "Listing update"


class FdaStatus(models.TextChoices):
    CLEARED = "cleared", "Cleared by a 510(k), De Novo or premarket approval"
    EXEMPT = "exempt", "Registered and listed; exempt from premarket submission"


class Application(models.Model):
    organization = models.ForeignKey("pcl.Organization", on_delete=models.PROTECT, related_name="applications")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    saved_at = models.DateTimeField(auto_now=True)
    kind = models.CharField(max_length=20, choices=ApplicationKind, default=ApplicationKind.INITIAL)

    # Only verification/workflow/perform.py writes the next four; the log below proves them, in the database too.
    status = models.CharField(max_length=30, choices=Status, default=Status.DRAFT, editable=False)
    transitions = models.PositiveIntegerField(default=0, editable=False)
    closed_at = models.DateTimeField(null=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False, help_text="Counts every change of it.")

    dcn = models.CharField("document control number", max_length=20, null=True, unique=True, editable=False)
    submitted_at = models.DateTimeField(null=True, editable=False)
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="reviews"
    )
    answer_due_on = models.DateField(null=True, editable=False, help_text="Last day for an answer, inclusive.")
    # The clock of the review (verification/workflow/clock.py): one of the two while the application is open.
    due_on = models.DateField(
        null=True, editable=False, help_text="Last day on which a determination is in time; empty while it stops."
    )
    days_left = models.SmallIntegerField(
        null=True, editable=False, help_text="Of its clock, while that stops; below 0 where it was overdue then."
    )
    # What lists are sorted by: no empty values, which a keyset page could not begin behind.
    is_closed = models.GeneratedField(
        expression=Q(closed_at__isnull=False),  # type: ignore[arg-type]  # conditions are allowed here
        output_field=models.BooleanField(),
        db_persist=True,
    )
    due_rank = models.GeneratedField(
        expression=Coalesce("due_on", Value(NO_DUE_DAY)), output_field=models.DateField(), db_persist=True
    )
    discarded_at = models.DateTimeField(
        null=True, editable=False, help_text="When the applicant put the draft aside; empty again once it is put back."
    )

    reason = models.CharField("reason for the application", max_length=40, blank=True)
    previous_dcn = models.CharField("earlier document control number", max_length=40, blank=True)

    manufacturer_name = models.CharField(max_length=300, blank=True)
    manufacturer_address = models.TextField("address", max_length=600, blank=True)
    fda_establishment_number = models.CharField("FDA establishment number", max_length=20, blank=True)
    contact_name = models.CharField(max_length=150, blank=True)
    contact_email = models.EmailField("contact e-mail address", blank=True)
    contact_phone = models.CharField("contact telephone", max_length=40, blank=True)
    distributor_name = models.CharField(max_length=300, blank=True)

    product_name = models.CharField(max_length=300, blank=True)
    description = models.TextField("narrative description", max_length=20_000, blank=True)
    first_marketed = models.DateField("date first marketed", null=True, blank=True)
    fda_status = models.CharField("FDA status", max_length=20, choices=FdaStatus, blank=True)
    fda_submission_number = models.CharField("FDA submission number", max_length=20, blank=True)

    product_group = models.SlugField(max_length=60)
    product_group_version = models.PositiveIntegerField(help_text="Of the questions that are being answered.")
    answers = models.JSONField(default=dict, blank=True)

    attested = models.BooleanField(default=False)
    signed_name = models.CharField("name of the signer", max_length=150, blank=True)
    signed_title = models.CharField("title of the signer", max_length=150, blank=True)
    signed_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["-saved_at", "-id"]
        indexes = [
            models.Index(fields=["status", "submitted_at", "id"], name="application_queue"),
            models.Index(fields=["organization", "-saved_at"], name="application_by_organization"),
            models.Index(fields=["reviewer", "status"], name="application_by_reviewer"),
            # The queue: in the order in which work is due, narrowed by group or kind, in the other orders.
            models.Index(fields=["is_closed", "due_rank", "id"], name="queue_by_due_day"),
            models.Index(fields=["product_group", "is_closed", "due_rank", "id"], name="queue_by_group"),
            models.Index(fields=["kind", "is_closed", "due_rank", "id"], name="queue_by_kind"),
            models.Index(fields=["is_closed", "submitted_at", "id"], name="queue_by_submission"),
            models.Index(fields=["closed_at", "id"], name="queue_by_closing", condition=Q(closed_at__isnull=False)),
            models.Index(
                fields=["answer_due_on", "id"], name="answers_by_due_day", condition=Q(answer_due_on__isnull=False)
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=Status.values), name="application_status_is_known"),
            models.CheckConstraint(
                condition=Q(status=Status.DRAFT, dcn=None, submitted_at=None)
                | (~Q(status=Status.DRAFT) & ~Q(dcn=None) & ~Q(submitted_at=None)),
                name="application_has_a_dcn_once_submitted",
            ),
            models.CheckConstraint(
                condition=Q(status__in=FINAL, closed_at__isnull=False) | (~Q(status__in=FINAL) & Q(closed_at=None)),
                name="application_is_closed_in_a_final_state",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=WITH_A_REVIEWER) | Q(reviewer__isnull=False),
                name="application_in_review_has_a_reviewer",
            ),
            models.CheckConstraint(
                condition=Q(status=Status.INFORMATION_REQUESTED, answer_due_on__isnull=False)
                | (~Q(status=Status.INFORMATION_REQUESTED) & Q(answer_due_on=None)),
                name="application_has_a_due_day_while_information_is_requested",
            ),
            models.CheckConstraint(
                condition=Q(status=Status.DRAFT, due_on=None, days_left=None)
                | Q(status__in=STOPS_THE_CLOCK, due_on=None, days_left__isnull=False)
                | Q(status__in=OPEN_FOR_REVIEW - STOPS_THE_CLOCK, due_on__isnull=False, days_left=None)
                | Q(status__in=FINAL),
                name="application_has_a_clock_while_it_is_open",
            ),
            models.CheckConstraint(
                condition=Q(status=Status.DRAFT) | Q(attested=True, signed_at__isnull=False),
                name="application_is_attested_once_submitted",
            ),
            models.CheckConstraint(
                condition=Q(status=Status.DRAFT) | Q(discarded_at=None), name="only_a_draft_is_discarded"
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="a_status_changes_one_step_at_a_time",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("status", "transitions"),
                func="""
                    IF (NEW.status, NEW.transitions) IS DISTINCT FROM (OLD.status, OLD.transitions)
                       AND NEW.transitions <> OLD.transitions + 1 THEN
                        RAISE EXCEPTION 'application %: only the workflow changes its status', NEW.id
                            USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
            # At commit the log's newest row must lead to the status: none changes without the log.
            pgtrigger.Trigger(
                name="a_status_is_what_its_log_says",
                when=pgtrigger.After,
                timing=pgtrigger.Deferred,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("status", "transitions"),
                func="""
                    IF NOT EXISTS (
                        SELECT FROM verification_transitionlog log
                        WHERE log.application_id = NEW.id AND log.number = NEW.transitions AND log.target = NEW.status
                    ) THEN
                        RAISE EXCEPTION 'application %: status % is not in its log', NEW.id, NEW.status
                            USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    RETURN NULL;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product_name or 'Unnamed product'} ({self.dcn or 'draft'})"

    def get_absolute_url(self) -> str:
        return reverse("apply:application", args=[self.pk])

    @property
    def public_status(self) -> str:
        return PUBLIC_LABELS[self.status]

    @property
    def is_draft(self) -> bool:
        return self.status == Status.DRAFT

    @property
    def is_open_draft(self) -> bool:
        """Whether it can be written: a draft that was not discarded."""
        return self.is_draft and self.discarded_at is None

    @property
    def group(self) -> ProductGroup:
        """The product group in the version with which the application was begun."""
        return group(self.product_group, self.product_group_version)

    def last_log(self) -> "TransitionLog":
        log = self.log.select_related("by").order_by("-number").first()
        assert log is not None, "every application starts with a row in its log"  # noqa: S101
        return log

    def open_items(self) -> list[str]:
        """The items last asked of the applicant, in order."""
        asked = self.log.filter(transition="request_information").order_by("-number").first()
        return asked.given["items"] if asked else []

    def draft_determination(self) -> "Determination | None":
        return getattr(self, "determination", None)


class ApplicationModel(models.Model):
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="models")
    model_number = models.CharField(max_length=120)
    normalized = models.CharField(max_length=120, editable=False)

    class Meta:
        ordering = ["application", "id"]
        constraints = [
            models.UniqueConstraint(fields=["application", "normalized"], name="application_model_said_once"),
        ]

    def __str__(self) -> str:
        return self.model_number


class RequestedCode(models.Model):
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="requested_codes")
    code = models.ForeignKey("hcpcs.Code", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["application", "code__code"]
        constraints = [models.UniqueConstraint(fields=["application", "code"], name="code_requested_once")]

    def __str__(self) -> str:
        return self.code.code
